"""One picture from input to logits: every number by plain hooks, and the channels that vary most."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from dashboard.inspection.activations.forward_pass import SHOWN, SIDE, forward_pass
from dashboard.inspection.activations.stages import stages
from tests.networks import ConvNet, built, classifier, pixels, surveyed, untouched


def test_every_spread_is_that_of_the_output_and_nothing_is_left_behind():
    network = built(ConvNet)
    outputs: dict[str, Tensor] = {}
    for name, layer in network.named_modules():
        layer.register_forward_hook(lambda *call, name=name: outputs.update({name: call[2].clone()}))
    with torch.no_grad():
        network(torch.tensor(pixels())[None])
    of = classifier(built(ConvNet))
    with untouched(of.module):
        found = forward_pass(of, pixels(), surveyed(of, pixels()))
    assert list(found.spreads) == [call.name for call in surveyed(of, pixels()).calls]
    for name, spread in found.spreads.items():
        values = outputs[name].numpy()
        assert spread.mean == pytest.approx(values.mean(), rel=1e-4, abs=1e-6)
        assert spread.std == pytest.approx(values.std(), rel=1e-4)
        assert (spread.minimum, spread.maximum) == (values.min(), values.max())
        assert spread.zeros == pytest.approx((values == 0).mean())
    assert [stage.call for stage in found.stages] == list(stages(surveyed(of, pixels())))
    assert found.nbytes == sum(stage.planes.nbytes + stage.channels.nbytes for stage in found.stages) > 0


class Bright(nn.Module):
    """Twelve channels, each the picture times its number; the last three are the same everywhere."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.head = nn.Conv2d(1, 12, 1), nn.Linear(12, 3)
        self.conv.weight.data = torch.arange(1.0, 13)[:, None, None, None]
        self.conv.weight.data[9:] = 0

    def forward(self, inputs: Tensor) -> Tensor:
        logits: Tensor = self.head(self.conv(inputs).mean((2, 3)))
        return logits


def test_a_stage_shows_the_channels_that_vary_most_and_large_ones_scaled_down():
    inputs = pixels(side=2 * SIDE)
    of = classifier(Bright(), side=2 * SIDE)
    found = {stage.call.name: stage for stage in forward_pass(of, inputs, surveyed(of, inputs)).stages}
    assert found["conv"].channels.tolist() == list(range(SHOWN))
    with torch.no_grad():
        maps = of.module.get_submodule("conv")(torch.tensor(inputs))[:SHOWN].numpy()
        logits = of.module(torch.tensor(inputs)[None])[0].numpy()
    halved = maps.reshape(SHOWN, SIDE, 2, SIDE, 2).mean((2, 4))
    np.testing.assert_allclose(found["conv"].planes, halved, atol=1e-5)
    assert found["head"].planes.shape == (1, 1, 3) and found["head"].channels.tolist() == [0]
    np.testing.assert_allclose(found["head"].planes[0, 0], logits, rtol=1e-5)


def test_a_pass_without_a_version_counter_has_the_same_numbers():
    class Inferring(ConvNet):
        def forward(self, inputs):
            with torch.inference_mode():
                return super().forward(inputs)

    plain, of = classifier(built(ConvNet)), classifier(built(Inferring))
    spreads = forward_pass(of, pixels(), surveyed(of, pixels())).spreads
    expected = forward_pass(plain, pixels(), surveyed(plain, pixels())).spreads
    assert spreads == {name: expected[name] for name in spreads} and spreads
