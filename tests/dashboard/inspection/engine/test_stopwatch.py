"""Pictures to measure with, gradients and equality to rounding."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.utils.checkpoint import checkpoint

from dashboard.inspection.engine import stopwatch
from dashboard.inspection.engine.local_forward import changed_regions
from tests.networks import ConvNet, Frozen, built, pixels


def test_examples_near_a_picture_have_a_square_of_it_covered_at_all_its_edges():
    picture = torch.rand(1, 3, 21, 35)
    found = stopwatch.examples(picture, 8, "near answers")
    places = changed_regions(found, picture)
    assert ((places[..., 1] - places[..., 0]) == (3, 5)).all()
    assert (places[..., 0].min(0) == 0).all() and (places[..., 1].max(0) == (21, 35)).all()
    assert len(np.unique(places.reshape(8, -1), axis=0)) == 8
    assert torch.equal(stopwatch.examples(picture, 3, "answers"), picture.repeat(3, 1, 1, 1))


@pytest.mark.filterwarnings("ignore:None of the inputs have requires_grad")
def test_a_gradient_is_there_where_one_can_be_asked_for():
    class Checkpointed(ConvNet):
        def forward(self, inputs: torch.Tensor) -> torch.Tensor:
            maps: torch.Tensor = checkpoint(self.conv1, inputs, use_reentrant=True)
            logits: torch.Tensor = self.head(self.conv2(maps).mean((2, 3)))
            return logits

    inputs = torch.tensor(pixels())[None]
    networks = (ConvNet, Frozen, Checkpointed)
    assert [stopwatch.has_gradient(built(network), inputs.clone()) for network in networks] == [
        *(True, False, False)
    ]
