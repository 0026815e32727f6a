"""Two colour scales for all maps: one for magnitude, one for sign."""

from __future__ import annotations

import numpy as np
from plotly.colors import sample_colorscale, unlabel_rgb

# Perceptually uniform, and readable without telling red from green.
MAGNITUDE = "Viridis"
# Blue speaks for, orange against; zero is the neutral middle (PuOr of ColorBrewer, its blue end made bluer).
SIGN = [
    [0.0, "rgb(179,88,6)"],
    [0.25, "rgb(241,163,64)"],
    [0.5, "rgb(247,247,247)"],
    [0.75, "rgb(67,147,195)"],
    [1.0, "rgb(5,90,160)"],
]
# What is chosen among many, on light and dark.
MARK = "#e07b39"
# Odd, so that zero has a colour of its own.
_STEPS = 257


def _table(scale: object) -> np.ndarray:
    """A scale as (257, 3) float in [0, 255]."""
    colours = sample_colorscale(scale, list(np.linspace(0, 1, _STEPS)))
    return np.array([unlabel_rgb(colour) for colour in colours])


_MAGNITUDE_TABLE, _SIGN_TABLE = _table(MAGNITUDE), _table(SIGN)


def coloured(values: np.ndarray, limit: float, *, signed: bool) -> np.ndarray:
    """Values as colours: (H, W) -> (H, W, 3) float in [0, 255].

    Args:
        values: finite.
        limit: the value at the end of the scale, above 0; what lies beyond takes the end's colour.
        signed: from -limit to limit with zero in the middle, or from 0 to limit.
    """
    share = (values / limit + 1) / 2 if signed else values / limit
    index = np.clip(np.rint(share * (_STEPS - 1)), 0, _STEPS - 1).astype(int)
    table = _SIGN_TABLE if signed else _MAGNITUDE_TABLE
    colours: np.ndarray = table[index]
    return colours
