"""What a picture does in a network, in exact words."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
import torch

from dashboard.inspection.passes.pool import Item, Pool
from dashboard.records.activations import (
    ActivationCurve,
    ActivationFinding,
    ActivationHealth,
    ForwardPass,
    LayerHealth,
    LayerMaps,
    LayerOverData,
    StageOutput,
    ValueSpread,
)
from dashboard.records.network import LayerCall
from dashboard.records.pictures import Prediction
from dashboard.wording import activations

CALL = LayerCall("conv", "Conv2d", (1280, 4, 5))
SPREAD = ValueSpread(0.312, 0.5249, -1, 2, 0.4)


@pytest.mark.parametrize(
    ("calls", "left"),
    [
        (
            (
                LayerCall("a", "A", (8, 4, 5), "channels first", grid=(4, 5)),
                LayerCall("head", "Linear", (2,)),
            ),
            "4 x 5 places",
        ),
        ((LayerCall("a", "A", (1280,)), LayerCall("head", "Linear", (2,))), "1,280 numbers"),
        ((LayerCall("head", "Linear", (2,)),), "one answer"),
    ],
)
def test_the_headline_says_to_how_little_a_picture_is_brought_down(calls, left):
    stages = tuple(StageOutput(call, SPREAD, np.zeros((1, 2, 2)), np.zeros(1)) for call in calls)
    prediction = Prediction(np.array([0.0, 1]), np.array([0.3, 0.7]), ("ox", "fox"))
    assert activations.headline("Net (MNIST)", ForwardPass(stages, {}, 1.0), prediction, (3, 224, 224)) == (
        f"Net brings 224 x 224 pixels down to {left}, and answers from those: fox, 70 %."
    )


def test_spread_and_size():
    assert activations.spread(SPREAD) == "0.312 ± 0.525, 40 % zero"
    assert activations.spread(ValueSpread(1, 0, 1, 1, 0)) == "1 ± 0"
    assert activations.size(CALL) == "1,280 x 4 x 5"
    assert activations.size(LayerCall("loss", "Loss", ())) == ""


def maps(values: np.ndarray, influence: list[float]) -> LayerMaps:
    return LayerMaps(CALL, values, np.array([7]), np.array([influence]), np.zeros(1), exact=True)


def test_a_layer_names_its_strongest_channel_and_the_one_that_speaks_for_the_class():
    found = maps(np.array([[[0.0, 0]], [[1, -3]], [[2, 1]]]), [0.1, 0.2, 0.9])
    assert activations.layer_headline(found, 7, "fox") == (
        "Channel 2 of conv speaks most for fox; 1 of 3 channels is silent on this photo."
    )
    units = maps(np.ones((2, 1, 1)), [0.0, 0.0])
    assert activations.noun(units) == "unit"
    assert activations.layer_headline(units, 7, "fox") == (
        "Units 0 and 1 of conv answer alike most strongly to this photo."
    )
    against = maps(np.ones((2, 1, 1)), [-0.1, -0.2])
    assert activations.layer_headline(against, 7, "fox") == "No unit of conv speaks for fox."
    silent = maps(np.zeros((2, 1, 1)), [0.0, 0.0])
    assert activations.layer_headline(silent, 7, "fox") == (
        "conv is silent: not one of its 2 units answers to this photo."
    )


def test_influence_that_nothing_tells_is_not_told():
    known = maps(np.ones((2, 1, 1)), [0.1, 0.2])
    assert activations.influence_source(known) == "Weight times activation, exactly."
    rough, unknown = dataclasses.replace(known, exact=False), dataclasses.replace(known, followed=False)
    assert activations.influence_source(rough) == "Gradient times activation, to first order."
    assert activations.influence_source(unknown).endswith("so what it adds to them is not known.")


def test_places_that_are_not_the_pictures_or_only_assumed_to_be_are_told():
    assert activations.place_note(LayerCall("a", "A", (3, 4, 4), "channels first", grid=(4, 4))) == ""
    assumed = LayerCall("a", "A", (3, 4, 4), "channels first", grid=(4, 4), assumed=True)
    assert activations.place_note(assumed).startswith("That these are places of the picture follows from")
    other = LayerCall("a", "A", (3, 4, 4), unlike="Its rows are channels.")
    assert (
        activations.place_note(other) == "These places are not places of the picture. Its rows are channels."
    )


def over(most: list[int], off: float | None) -> LayerOverData:
    zeros = np.zeros((1, 1))
    line = np.zeros(2)
    curve = ActivationCurve("ReLU", "z", line, line[None], 0.0, "", None)
    return LayerOverData(
        CALL, 1500, None if off is None else curve, 4, np.array([0.25]), np.ones(1), np.ones(1), zeros, np.zeros(1),
        None if off is None else np.array([off]), None, 0, np.array([most]), zeros, zeros, zeros, zeros, zeros, 1.0,
    )  # fmt: skip


def pool(*labels: str) -> Pool:
    items = tuple(Item(f"test/{place}", f"Picture {place}") for place in range(len(labels)))
    take: Any = lambda indices: torch.zeros(len(indices), 1)  # noqa: E731
    return Pool("test pictures", "test", items, take, labels.__getitem__)


@pytest.mark.parametrize(
    ("most", "labels", "what"),
    [
        (
            [0, 1, 2, -1],
            ("ox", "ox", "fox"),
            "most to class ox, that of 2 of the 3 pictures that excite it most",
        ),
        ([0, 1, -1], ("ox", "ox"), "most to class ox, that of all 2 pictures that excite it most"),
        (
            [0, 1],
            ("ox", "fox"),
            "to no one class: the 2 pictures that excite it most are all of different ones",
        ),
        ([1, 0], ("", ""), "most to Picture 1"),
    ],
)
def test_a_channel_says_when_it_is_on_and_what_excites_it(most, labels, what):
    assert activations.channel_headline("channel", over(most, 0.75), 0, pool(*labels)) == (
        f"Channel 0 of conv answers {what}; it is off for 75 % of what it reads in 1,500 pictures."
    )


def test_a_channel_that_is_never_on_and_one_without_an_activation():
    assert activations.channel_headline("unit", over([0], 1.0), 0, pool("ox")) == (
        "Unit 0 of conv is never on: its ReLU is off for all of 1,500 pictures."
    )
    assert activations.channel_headline("unit", over([0, 1], None), 0, pool("ox", "fox")) == (
        "Unit 0 of conv answers to no one class: the 2 pictures that excite it most are all of different ones; it is "
        "0.25 on average over 1,500 pictures."
    )


def test_attention_is_told_by_its_share_and_by_how_little_holds_half_of_it():
    weights = np.array([[[0.4, 0.0], [0.0, 0.0]], [[0.4, 0.0], [0.2, 0.2]]])
    assert activations.attention_headline("Net (MNIST)", weights, 2, 4, "patch 7") == (
        "In layer 3 of 4, patch 7 of Net takes half of what it reads of the picture from 25 % of it; the picture "
        "has 60 % of its attention."
    )


def test_health_names_what_stands_out():
    health = ActivationHealth((LayerHealth(CALL, 0, 1, 0, 0, "ReLU", 1200),), 2000, 50, 1.0)
    dead = ActivationFinding("Dead units", "3 of 1,200 units are dead: they never fire.", "")
    twins = ActivationFinding("Duplicates", "Two are alike.", "")
    assert activations.health_headline("Net (MNIST)", health, ()) == (
        "Net is in good health: over 2,000 pictures, nothing is wrong with its 1,200 units."
    )
    assert (
        activations.health_headline("Net (MNIST)", health, (dead,))
        == "In Net, 3 of 1,200 units are dead, over 2,000 pictures."
    )
    assert activations.health_headline("Net (MNIST)", health, (dead, twins)) == (
        "2 things stand out in Net over 2,000 pictures: dead units and duplicates."
    )
    nothing = "The signal of Net neither dies out nor explodes; which of its 1,200 units are of no use, 2,000 pictures "
    few = dataclasses.replace(dead, of_units=True)
    assert activations.health_headline("Net", health, (few,), few=True) == f"{nothing}cannot tell."
    assert activations.health_headline("Net", health, (dead, few), few=True).startswith(
        "2 things stand out in Net"
    )
