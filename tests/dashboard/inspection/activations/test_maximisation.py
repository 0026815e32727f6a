"""Pictures made for one number, on networks whose best picture is known."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from dashboard.inspection.activations.maximisation import maximise
from dashboard.records.maximisation import Aim, MaximisedPicture
from dashboard.records.network import LayerCall
from models.classifier import Classifier
from models.zoo.small import ARCHITECTURES
from tests.networks import (
    ChannelsLast,
    ConvNet,
    Frozen,
    Linear,
    Tied,
    built,
    classifier,
    pixels,
    surveyed,
    untouched,
)

SIDE = 16
CLASS = Aim(None, 0, steps=128)


def disc() -> np.ndarray:
    """A bright disc on dark ground, -1 and 1."""
    places = np.linspace(-1, 1, SIDE)
    bright: np.ndarray = np.where(np.hypot(places[:, None], places[None]) < 0.55, 1.0, -1.0)
    return bright


def linear(weight: np.ndarray, channels: int = 1) -> Classifier:
    """Logits that weigh each pixel."""

    def made() -> Linear:
        network = Linear(channels, SIDE)
        network.head.weight.data[0] = torch.tensor(weight).flatten().float()
        return network

    return classifier(built(made), channels=channels, side=SIDE)


def call(of: Classifier, layer: str) -> LayerCall:
    found = surveyed(of, pixels(of.preprocessing.channels, of.preprocessing.size[0])).find(layer)
    assert found is not None
    return found


def grey(found: MaximisedPicture) -> np.ndarray:
    assert found.picture is not None
    mean: np.ndarray = found.picture.astype(float).mean(2)
    return mean


def alike(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


@pytest.mark.parametrize("still", [False, True], ids=["moved", "still"])
def test_the_best_picture_of_a_linear_layer_is_its_weight(still):
    of = linear(disc())
    with untouched(of.module):
        found = maximise(of, dataclasses.replace(CLASS, still=still))
    assert alike(grey(found), disc()) > 0.9
    avoided = maximise(of, dataclasses.replace(CLASS, still=still, avoid=True))
    assert alike(grey(avoided), disc()) < -0.9
    assert avoided.reached < avoided.begun < found.reached
    assert found.probability is not None and found.probability > 0.99


def test_a_random_weight_tells_the_sign_of_each_pixel():
    weight = np.random.default_rng(3).normal(size=(SIDE, SIDE))
    found = maximise(linear(weight), Aim(None, 0, steps=256, still=True))
    clear = np.abs(weight) > 0.5
    assert ((grey(found) > 127.5) == (weight > 0))[clear].mean() > 0.95


def test_colours_have_their_own_pictures():
    weight = np.stack([disc(), -disc(), np.zeros_like(disc())])
    found = maximise(linear(weight, channels=3), dataclasses.replace(CLASS, still=True, steps=256))
    assert found.picture is not None
    red, green, _ = found.picture.astype(float).transpose(2, 0, 1)
    assert alike(red - green, disc()) > 0.9


def test_a_class_and_the_unit_of_its_logit_have_one_picture():
    of = linear(disc())
    by_class = maximise(of, CLASS)
    by_unit = maximise(of, dataclasses.replace(CLASS, call=call(of, "head")))
    np.testing.assert_array_equal(by_class.picture, by_unit.picture)
    assert by_unit.reached == by_class.reached
    assert by_unit.probability is None


def test_a_seed_has_one_picture_whoever_else_draws():
    of = classifier(built(ConvNet))
    aim = Aim(call(of, "conv2"), 2, steps=24, seed=7)
    alone = maximise(of, aim)
    with ThreadPoolExecutor(4) as threads:
        others = list(threads.map(lambda _: maximise(of, aim), range(8)))
    for other in others:
        np.testing.assert_array_equal(alone.picture, other.picture)
        assert (other.reached, other.trace.tolist()) == (alone.reached, alone.trace.tolist())
    assert (grey(maximise(of, dataclasses.replace(aim, seed=8))) != grey(alone)).any()


def test_the_first_steps_of_a_long_way_are_those_of_a_short_one():
    of = classifier(built(ConvNet))
    aim = Aim(call(of, "conv2"), 2, steps=24)
    whole, early = maximise(of, aim), maximise(of, dataclasses.replace(aim, steps=6))
    assert whole.trace[:6].tolist() == early.trace.tolist()
    assert len(whole.trace) == 24


@pytest.mark.slow
@pytest.mark.parametrize("everywhere", [False, True], ids=["one place", "everywhere"])
@pytest.mark.parametrize("layer", ["conv1", "bn1", "act1"])
def test_what_the_activation_function_reads_is_driven_and_measured_on_the_picture_as_shown(layer, everywhere):
    of = classifier(built(ConvNet))
    found = maximise(of, Aim(call(of, layer), 3, everywhere=everywhere, steps=40))
    assert found.picture is not None
    picture = of.preprocessing.transforms()(Image.fromarray(found.picture))
    module: Any = of.module
    with torch.no_grad():
        read = module.bn1(module.conv1(picture[None]))[0, 3]
    assert found.reached == pytest.approx(float(read.max() if everywhere else read[4, 4]), rel=1e-5)
    assert found.reached > found.begun
    assert found.trace[-1] > found.trace[0]


@pytest.mark.parametrize("in_place", [False, True])
def test_a_channel_that_is_off_in_noise_is_still_found(in_place):
    class Shy(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv, self.head = nn.Conv2d(1, 2, 3, padding=1), nn.Linear(2, 3)
            self.conv.bias = nn.Parameter(torch.full((2,), -0.5))

        def forward(self, inputs: Tensor) -> Tensor:
            maps = self.conv(inputs)
            maps = torch.relu_(maps) if in_place else torch.relu(maps)
            logits: Tensor = self.head(maps.mean((2, 3)))
            return logits

    of = classifier(built(Shy))
    found = maximise(of, Aim(call(of, "conv"), 1, everywhere=True, steps=60, still=True))
    assert found.begun < 0 < found.reached


@pytest.mark.parametrize(
    ("network", "layer", "side", "classes"),
    [
        (ChannelsLast, "norm", 8, 3),
        (Tied, "act#2", 8, 3),
        (ARCHITECTURES["vit"].build, "blocks.1", 28, 10),
        (ARCHITECTURES["mlp"].build, "fc1", 28, 10),
    ],
)
def test_every_layout_has_pictures(network, layer, side, classes):
    of = classifier(built(network), side=side, classes=classes)
    with untouched(of.module):
        found = maximise(of, Aim(call(of, layer), 0, steps=16))
    assert found.picture is not None and found.picture.shape == (side, side, 3)
    assert found.trace[-1] > found.trace[0]


def test_it_can_be_cancelled_at_each_step():
    class StopError(Exception):
        pass

    told = []

    def progress(share: float) -> None:
        told.append(share)
        if len(told) == 4:
            raise StopError

    of = linear(disc())
    with untouched(of.module), pytest.raises(StopError):
        maximise(of, CLASS, progress)
    assert told == pytest.approx([0, 1 / 128, 2 / 128, 3 / 128])


def test_without_a_gradient_there_is_no_picture_and_a_reason():
    blind = linear(np.zeros((SIDE, SIDE)))
    found = maximise(blind, CLASS)
    assert found.picture is None and "its gradient is zero" in found.reason

    class Constant(Linear):
        def forward(self, inputs: Tensor) -> Tensor:
            return self.head.bias.expand(len(inputs), -1)

    for network in (Constant, Frozen):
        found = maximise(classifier(built(network)), CLASS)
        assert (found.picture, found.reason) == (None, "no gradient gets from this number to the picture")


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_not_finite_has_no_picture_and_a_reason(value):
    found = maximise(linear(np.full((SIDE, SIDE), value)), CLASS)
    assert found.picture is None and "not finite at step 1" in found.reason
