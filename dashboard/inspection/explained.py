"""The number that an attribution explains, as a module of its own, and where a layer method may read it."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from dashboard.inspection.isolation import isolated, replace
from dashboard.records import LayerCall
from models.classifier import Classifier


class Explained(nn.Module):
    """One logit of an isolated network, or its lead over another: (N, C, H, W) -> (N,).

    "Why A rather than B" is the attribution of the difference of two logits: it needs no method of its own.
    """

    def __init__(self, network: nn.Module, target: int, versus: int | None = None) -> None:
        super().__init__()
        self.network = network
        self.target = target
        self.versus = versus

    @classmethod
    def of(cls, classifier: Classifier, target: int, versus: int | None = None) -> Explained:
        """The explained quantity on a private copy of a classifier's network."""
        return cls(isolated(classifier.module), target, versus).eval()

    def forward(self, inputs: Tensor) -> Tensor:  # noqa: D102  # said by the class
        logits = self.network(inputs)  # (N, classes)
        explained: Tensor = logits[:, self.target]
        return explained if self.versus is None else explained - logits[:, self.versus]


class Tap(nn.Module):
    """A layer with a place to read one of its calls as (N, C, H, W), whatever its own layout.

    Tokens are folded back to their grid and channels-last is turned, both undone behind `grid`, so that what
    Captum hooks always looks like a convolution's output.
    """

    def __init__(self, layer: nn.Module, call: LayerCall) -> None:
        super().__init__()
        self.layer = layer
        self.grid = nn.Identity()
        self._call = call
        _, _, number = call.name.partition("#")
        self._number = int(number or 1)
        self._count = 0

    def restart(self) -> None:
        """Count calls from the beginning of a forward pass."""
        self._count = 0

    def forward(self, *args: Any, **kwargs: Any) -> Any:  # noqa: D102  # said by the class
        output = self.layer(*args, **kwargs)
        self._count += 1
        return self._read(output) if self._count == self._number else output

    def _read(self, output: Tensor) -> Tensor:
        if self._call.layout == "channels first":
            read: Tensor = self.grid(output)
            return read
        if self._call.layout == "channels last":
            return self.grid(output.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
        prefix = self._call.prefix
        folded = output[:, prefix:].transpose(1, 2).unflatten(2, self._call.grid)  # (N, C, H, W)
        tokens = self.grid(folded).flatten(2).transpose(1, 2)  # (N, H * W, C)
        return torch.cat([output[:, :prefix], tokens], dim=1)


def tapped(explained: Explained, call: LayerCall) -> nn.Module:
    """Put a tap on a layer of the explained network; what comes back is the module to read it at."""
    name = call.name.partition("#")[0]
    tap = Tap(explained.network.get_submodule(name), call)
    replace(explained.network, name, tap)
    explained.register_forward_pre_hook(lambda *_: tap.restart())
    return tap.grid
