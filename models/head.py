"""Hooks on a network that make it read pictures and give logits, whatever its contract says goes in and comes out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from models.contract import Contract
from models.outputs import as_rows, member_of
from models.scores import to_logits


@dataclass(frozen=True, eq=False)
class Head:
    """Hooks on a network that make it read (N, C, H, W) and give logits, (N, classes), all float32.

    They hang on the network itself, so that layers keep their names, and are copied with it.
    """

    contract: Contract
    # What a pass changes, as it was before any.
    kept: Mapping[str, Tensor] = field(default_factory=dict, repr=False)
    # What goes into the final activation; each thread its own, because the network is shared.
    _local: threading.local = field(default_factory=threading.local, repr=False)

    def __deepcopy__(self, memo: dict[int, object]) -> Head:
        private = Head(self.contract, self.kept)
        memo[id(self)] = private
        return private

    def install(self, module: nn.Module) -> nn.Module:
        """The same module, which gives logits from now on. To be called before anybody shares it."""
        if self.contract.rewritten:
            module.register_forward_pre_hook(self.restore)
        if self.contract.writes_input:
            module.register_forward_pre_hook(self.spare_input)
        if self.contract.adapts:
            module.register_forward_pre_hook(
                adaptation(self.contract.takes, channels_last=self.contract.channels_last)
            )
        if self.contract.final:
            module.get_submodule(self.contract.final).register_forward_hook(self.note)
        module.register_forward_hook(self.read)
        return module

    def restore(self, module: nn.Module, args: tuple[Any, ...]) -> None:
        """As a forward pre-hook: put back what passes change, so that each begins as the first one did."""
        with torch.no_grad():
            for name, kept in self.kept.items():
                module.get_buffer(name).copy_(kept)

    def spare_input(self, module: nn.Module, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """As a forward pre-hook: a clone of each tensor for a network that writes into what it is given."""
        return tuple(arg.clone() if isinstance(arg, Tensor) else arg for arg in args)

    def note(self, module: nn.Module, args: tuple[Any, ...], output: Any) -> None:
        """As a forward hook of the final activation: keep its input, which is the logits."""
        self._local.before = args[0]

    def read(self, module: nn.Module, args: tuple[Any, ...], output: Any) -> Tensor:
        """As a forward hook of the network: its output as logits, (N, classes)."""
        count = len(args[0])
        scores = self._rows(member_of(output, self.contract.member), count)
        before = getattr(self._local, "before", None)
        if before is not None and self.contract.final:
            self._local.before = None
            return self._both_sides(self._rows(before, count)).float()
        return self._both_sides(to_logits(scores, self.contract.meaning)).float()

    def _rows(self, scores: Tensor, count: int) -> Tensor:
        """Rows in at least 32 bits: logits of probabilities are worked out in those that they have."""
        rows = as_rows(scores, count, self.contract.outputs)
        return rows if rows.dtype == torch.float64 else rows.float()

    def _both_sides(self, logits: Tensor) -> Tensor:
        """One logit as two, no and yes, whose softmax is its sigmoid; others as they are."""
        return torch.cat([-logits / 2, logits / 2], dim=1) if self.contract.meaning == "yes or no" else logits


def adaptation(dtype: str, *, channels_last: bool) -> Callable[[nn.Module, tuple[Any, ...]], tuple[Any, ...]]:
    """A forward pre-hook that makes pictures, (N, C, H, W) in float32, those that a network reads.

    Args:
        dtype: of the pictures, as torch calls it.
        channels_last: whether it reads (N, H, W, C).
    """

    def adapt(module: nn.Module, args: tuple[Any, ...]) -> tuple[Any, ...]:
        pictures, *others = args
        turned = pictures.movedim(1, -1).contiguous() if channels_last else pictures
        return turned.to(getattr(torch, dtype)), *others

    return adapt


class OneByOne(nn.Module):
    """A network that takes one picture at a time, and is given several one after the other, each a pass of its own."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The answers to pictures, (N, C, H, W), below each other."""
        pictures, *others = args
        if len(pictures) == 1:
            return super().__call__(*args, **kwargs)
        return torch.cat(
            [super(OneByOne, self).__call__(one, *others, **kwargs) for one in pictures.split(1)]
        )


def one_by_one(module: nn.Module) -> nn.Module:
    """The same module, its layers under their names, which takes several pictures one by one from now on."""
    kind = type(module)
    module.__class__ = type(kind.__name__, (OneByOne, kind), {"__module__": kind.__module__})
    return module


def with_logits(module: nn.Module, contract: Contract) -> nn.Module:
    """The same module, which gives logits, (N, classes), from now on; untouched where it does so already."""
    if contract.plain:
        return module
    kept = {name: module.get_buffer(name).clone() for name in contract.rewritten}
    return Head(contract, kept).install(one_by_one(module) if contract.singly else module)
