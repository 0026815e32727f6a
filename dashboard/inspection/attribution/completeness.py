"""What the values of a complete map must add up to, and by how much they miss it."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from dashboard.inspection.attribution.outcome import completeness_gap
from dashboard.inspection.engine.explained_score import ExplainedScore


@dataclass(frozen=True)
class Change:
    """A change of the explained quantity.

    Attributes:
        value: the change.
        logit_range: largest logit of the photo minus the smallest; a floor for ratios.
    """

    value: float
    logit_range: float

    def gap(self, total: float) -> float:
        """How far values that add up to `total` miss the change, relative to it."""
        return completeness_gap(total, self.value, self.logit_range)


def change(explained: ExplainedScore, inputs: Tensor, baseline: Tensor | None) -> Change:
    """From a baseline to the input, in one forward pass.

    Args:
        inputs: (1, C, H, W).
        baseline: (N, C, H, W), several stand for their mean; None stands for an explained quantity of zero.
    """
    ends = inputs if baseline is None else torch.cat([inputs, baseline])
    with torch.no_grad():
        logits = explained.network(ends)  # (1 + N, classes)
    chosen = explained.select(logits).double()
    start = 0.0 if baseline is None else float(chosen[1:].mean())
    return Change(float(chosen[0]) - start, float(logits[0].max() - logits[0].min()))


def change_through(
    explained: ExplainedScore, layer: nn.Module, inputs: Tensor, baseline: Tensor
) -> tuple[float, float]:
    """The part of the change that a layer alone brings about, and the whole change, in two forward passes.

    In the second pass the input meets what the layer made of the baseline. Where everything flows through the
    layer, its part is the whole.

    Args:
        layer: that is read, as `tapped` returns it.
        inputs: (1, C, H, W), as is the baseline.
    """
    outputs: list[Tensor] = []
    with torch.no_grad():
        with layer.register_forward_hook(lambda *call: outputs.append(call[2])):
            ends = explained(torch.cat([inputs, baseline]))
        with layer.register_forward_hook(lambda *_: outputs[0][1:]):
            without = explained(inputs)
    return float(ends[0] - without[0]), float(ends[0] - ends[1])
