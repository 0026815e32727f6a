"""What a backward pass says, in exact words."""

from __future__ import annotations

import numpy as np

from dashboard.records.gradients import BackwardPass, LayerGradient
from dashboard.records.network import LayerCall
from dashboard.wording.gradients import cautions, headline


def layers(*norms: float) -> tuple[LayerGradient, ...]:
    return tuple(
        LayerGradient(LayerCall(f"layer{place}", "Linear", (3,)), 1.0, norm)
        for place, norm in enumerate(norms)
    )


def backward(error: tuple[float, ...] = (0.6, -0.8)) -> BackwardPass:
    return BackwardPass(1, 1.6, np.array(error), layers(1.0), 0.05, np.zeros((2, 2)), None)


def test_the_headline_goes_from_the_error_to_the_pixels():
    assert headline(backward(), "20 %", "fox") == (
        "20 % for fox leaves an error of 1; on its way back to the pixels the gradient becomes 0.05."
    )
    assert headline(backward((0.0, 0.0)), "100 %", "fox") == (
        "Nothing to learn: the network is as good as certain of fox, so every gradient is zero."
    )


def test_a_gradient_that_stays_is_no_caution():
    assert cautions(backward(), layers(0.01, 1.0)) == []
    assert cautions(backward(), layers(1.0)) == []


def test_vanishing_and_exploding_gradients_are_told_with_their_factor():
    (vanishing,) = cautions(backward(), layers(1e-4, 0.5, 1.0))
    assert vanishing.startswith("The gradient vanishes: at layer0 it is 0.0001 of what it is at layer2.")
    (exploding,) = cautions(backward(), layers(2000.0, 1.0))
    assert exploding.startswith("The gradient explodes: at layer0 it is 2,000 times what it is at layer1.")


def test_layers_without_a_gradient_are_named_where_there_is_an_error():
    assert cautions(backward(), layers(0.0, 0.0, 1.0)) == [
        "No gradient reaches layer0, layer1: what lies before learns nothing from this picture."
    ]
    assert cautions(backward((0.0, 0.0)), layers(0.0, 1.0)) == []
