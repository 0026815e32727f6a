"""What a map must add up to: the change of a linear network, and the part of it that flows through a layer."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from dashboard.inspection.attribution.completeness import Change, change, change_through
from dashboard.inspection.engine.explained_score import ExplainedScore, tap
from tests.networks import Linear, built, classifier, pixels, surveyed


def test_the_change_is_that_of_the_explained_quantity():
    of, batch = classifier(built(Linear)), torch.tensor(pixels())[None]
    logits = of.module(torch.cat([batch, torch.zeros_like(batch), torch.ones_like(batch)]))
    spread = float(logits[0].max() - logits[0].min())
    found = change(
        ExplainedScore.of(of, 1, 2), batch, torch.cat([torch.zeros_like(batch), torch.ones_like(batch)])
    )
    leads = logits[:, 1] - logits[:, 2]
    assert found.value == pytest.approx(float(leads[0] - leads[1:].mean()), rel=1e-5)
    assert found.logit_range == pytest.approx(spread)
    assert change(ExplainedScore.of(of, 1), batch, None).value == pytest.approx(float(logits[0, 1]))


def test_the_gap_is_relative_to_the_change():
    assert Change(2.0, 10.0).gap(1.5) == pytest.approx(0.25)
    assert Change(0.0, 10.0).gap(0.05) == pytest.approx(0.5)


class Beside(nn.Module):
    """Twice the mean goes through a layer, three times the mean past it."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Conv2d(1, 1, 1, bias=False)
        self.layer.weight.data[:] = 2.0

    def forward(self, inputs: Tensor) -> Tensor:
        through: Tensor = self.layer(inputs).mean((1, 2, 3)) + 3 * inputs.mean((1, 2, 3))
        return torch.stack([through, -through], 1)


def test_the_part_of_a_layer_is_what_changes_through_it_alone():
    of, batch = classifier(Beside(), classes=2), torch.tensor(pixels())[None]
    call = surveyed(of, pixels()).find("layer")
    assert call is not None
    explained = ExplainedScore.of(of, 0)
    part, whole = change_through(explained, tap(explained, call), batch, torch.ones_like(batch))
    moved = float(batch.mean()) - 1
    assert (part, whole) == pytest.approx((2 * moved, 5 * moved), rel=1e-5)
