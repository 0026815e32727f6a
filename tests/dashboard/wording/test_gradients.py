"""What a backward pass says, in exact words."""

from __future__ import annotations

import numpy as np

from dashboard.records.gradients import BackwardPass, LayerGradient
from dashboard.records.network import LayerCall
from dashboard.records.pictures import Prediction
from dashboard.wording.gradients import cautions, headline


def layers(*norms: float) -> tuple[LayerGradient, ...]:
    return tuple(
        LayerGradient(LayerCall(f"layer{place}", "Linear", (3,)), 1.0, norm)
        for place, norm in enumerate(norms)
    )


def backward(error: tuple[float, ...] = (0.6, -0.8), *weighted: LayerGradient) -> BackwardPass:
    return BackwardPass(1, 1.6, np.array(error), (*layers(1.0), *weighted), 0.05, np.zeros((2, 2)), None)


def prediction(share: float) -> Prediction:
    shares = np.array([1 - share, share])
    return Prediction(np.log(shares), shares, ("ox", "fox"))


def test_the_headline_names_the_layer_that_would_change_most_for_its_size():
    weighted = [
        LayerGradient(LayerCall(name, "Linear", (3,)), 1.0, 1.0, size, gradient)
        for name, size, gradient in (("large", 10.0, 2.0), ("small", 1.0, 0.9))
    ]
    taught = backward((0.6, -0.8), *weighted)
    assert headline("Net (MNIST)", taught, prediction(0.2), "fox") == (
        "To call this fox, Net would change small most, for its size; now it is 20 % sure."
    )
    assert headline("Net", taught, prediction(0.97), "fox") == (
        "Net has little to learn from this photo: it is 97 % sure of fox already; a step of training would change "
        "small most, and little."
    )
    assert headline("Net", backward((0.0, 0.0)), prediction(0.97), "fox") == (
        "Net has nothing to learn here: it is as good as certain of fox, so every gradient is zero."
    )
    values = Prediction(np.array([1.0, 2.5]), None, ("a", "b"), "values")
    assert (
        headline("Net", taught, values, "b")
        == "To raise b from 2.5, Net would change small most, for its size."
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
