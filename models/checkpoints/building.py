"""An architecture built without its numbers, and filled with a checkpoint's, strictly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from models.checkpoints import architectures
from models.checkpoints.architectures import Options
from models.checkpoints.limits import RefusalError
from models.checkpoints.onnx.black_box import BlackBox
from models.checkpoints.signature import is_derived
from models.runtime.randomness import fork_rng

if TYPE_CHECKING:
    from models.checkpoints.known import Match


class _Hollow(TorchFunctionMode):
    """Weights, which layers make with torch.empty, take no memory; what a network computes when it is made is there.

    On the meta device altogether, some networks cannot be built, and tables of positions would be lost.
    """

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        kwargs = dict(kwargs or {})
        if func is torch.empty and kwargs.get("device") is None:
            kwargs["device"] = "meta"
        return func(*args, **kwargs)


def build_hollow(name: str, classes: int, options: Options) -> nn.Module:
    """The architecture of that name, its weights on the meta device where it can be built so."""
    with fork_rng(0):
        # Some run a part of themselves when they are made, which needs all of it on one device, or numbers.
        with suppress(Exception), _Hollow():
            return architectures.build(name, classes, options)
        with suppress(Exception), torch.device("meta"):
            return architectures.build(name, classes, options)
        return architectures.build(name, classes, options)


def build_with_weights(match: Match, tensors: Mapping[str, Tensor]) -> nn.Module:
    """The network with these weights, in float32 where its code does not say another dtype.

    Only what follows from the shapes of others (batch norm's counters, tables of positions) may be left out.

    Raises:
        RefusalError: if its layers cannot be looked at.
        RuntimeError: if a weight is missing, left over or of another shape.
    """
    hollow = build_hollow(match.row.name, match.classes, match.row.options)
    if isinstance(hollow, BlackBox):
        return hollow.with_tensors(tensors)
    if isinstance(hollow, torch.jit.ScriptModule):
        raise RefusalError(
            "is built as TorchScript, in whose layers nobody can look; name a function that builds the network itself"
        )
    module = _load_state(hollow, tensors)
    if any(_hollow_parts(module)):
        with fork_rng(0):
            whole = architectures.build(match.row.name, match.classes, match.row.options)
        module = _load_state(whole, tensors)
    return module


def _load_state(module: nn.Module, tensors: Mapping[str, Tensor]) -> nn.Module:
    wanted = module.state_dict()
    dtypes = {name: tensor.dtype for name, tensor in wanted.items()}
    state = {
        name: tensor.to(dtypes.get(name, torch.float32)) if tensor.is_floating_point() else tensor
        for name, tensor in tensors.items()
        if name in wanted or not is_derived(name)
    }
    for name, tensor in wanted.items():
        if is_derived(name):
            state.setdefault(name, tensor)
    module.load_state_dict(state, assign=True)
    return module


def _hollow_parts(module: nn.Module) -> Iterator[str]:
    """Names of what is still without numbers."""
    for name, layer in module.named_modules():
        held = {**vars(layer), **layer._parameters, **layer._buffers}
        yield from (
            f"{name}.{key}" for key, value in held.items() if isinstance(value, Tensor) and value.is_meta
        )
