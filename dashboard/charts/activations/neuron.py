"""One neuron in a form that a browser draws by itself, so that it follows the pointer."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

from dashboard.charts.activations import tiles
from dashboard.charts.clickable import source
from dashboard.charts.maps import exact_pixels
from dashboard.charts.palette import FLOW, MARK, MIDDLE, ON_BRIGHT, ON_DARK, PAPER, colours_of
from dashboard.records.neuron import Neuron

COLOURS = 257


def stage(neuron: Neuron, channel: int, crop: np.ndarray | None) -> dict[str, Any]:
    """What the browser must know to show any place of one neuron: numbers, scales, colours and the picture.

    Args:
        neuron: of a convolution.
        channel: of its kernel, from 0, whose products are shown one by one.
        crop: (H, W, 3) uint8, the picture, where that is what the layer reads; None elsewhere.
    """
    plane, kernel, last = neuron.padded[channel], neuron.kernel[channel], neuron.last
    reads, weights = tiles.limit(plane[None]), tiles.limit(kernel[None])
    return {
        "plane": _floats(plane),
        "size": plane.shape,
        "margins": neuron.margins,
        "stride": neuron.stride,
        "dilation": neuron.dilation,
        "kernel": kernel.astype(float).tolist(),
        "bias": neuron.bias,
        "outputs": _floats(neuron.outputs),
        "places": neuron.outputs.shape,
        "steps": [
            {
                "title": step.title,
                "outputs": _floats(step.outputs),
                "factor": None if step.shift is None else float(step.slopes.flat[0]),
                "shift": step.shift,
            }
            for step in neuron.applied
        ],
        "scales": {
            "reads": [reads, tiles.is_signed(plane)],
            "kernel": [weights, True],
            "products": [reads * weights, True],
            "gives": [tiles.limit(last[None]), tiles.is_signed(last)],
        },
        "colours": {"sign": _table(signed=True), "magnitude": _table(signed=False)},
        "mark": MARK,
        "halo": PAPER,
        "inks": [ON_BRIGHT, ON_DARK],
        "middle": MIDDLE,
        "edge": FLOW,
        "picture": None if crop is None else source(exact_pixels(crop)),
    }


def _table(*, signed: bool) -> str:
    values = np.linspace(-1 if signed else 0, 1, COLOURS)[None]
    return _bytes(colours_of(values, 1.0, signed=signed)[0].round().astype(np.uint8))


def _floats(values: np.ndarray) -> str:
    return _bytes(np.nan_to_num(values).astype("<f4"))


def _bytes(values: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode()
