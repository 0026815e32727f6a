"""Networks of one layer, and the formula of that layer."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from dashboard.charts.architecture.formulas import formula
from dashboard.charts.architecture.formulas.symbols import Formula
from dashboard.inspection.architecture.trace import architecture
from tests.networks import built


class Only(nn.Module):
    """One layer and nothing else."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, inputs: Tensor) -> Tensor:
        outputs: Tensor = self.layer(inputs).flatten(1)
        return outputs


def formula_of(layer: Callable[[], nn.Module], *shape: int) -> Formula:
    found = architecture(built(lambda: Only(layer())), torch.rand(1, *shape))
    call = found.find("layer")
    assert call is not None
    return formula(found, call)
