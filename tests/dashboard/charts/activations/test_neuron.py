"""What the browser is told of a neuron: the network's own numbers, in bytes."""

from __future__ import annotations

import base64

import numpy as np

from dashboard.charts.activations.neuron import stage
from tests.dashboard.records.test_neuron import example


def floats(text: str) -> list[float]:
    values: list[float] = np.frombuffer(base64.b64decode(text), "<f4").tolist()
    return values


def test_numbers_scales_and_colours():
    neuron = example()
    told = stage(neuron, 0, None)
    assert floats(told["plane"]) == neuron.padded.ravel().tolist()
    assert floats(told["outputs"]) == [21, 46, 110, 136] and told["places"] == (2, 2)
    assert told["kernel"] == [[1, 2], [3, 4]] and told["margins"] == (1, 0, 1, 0) and told["bias"] == 1
    assert told["scales"]["reads"][1] is False and told["scales"]["kernel"][1] is True
    assert len(base64.b64decode(told["colours"]["sign"])) == 3 * 257
    assert told["picture"] is None
    assert stage(neuron, 0, np.zeros((3, 3, 3), np.uint8))["picture"].startswith("data:image/png;base64,")
