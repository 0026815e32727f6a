"""Every colour that is drawn: one scale for magnitude, one for sign, marks and inks; themes' own are in config.toml."""

from __future__ import annotations

import numpy as np
from plotly.colors import sample_colorscale, unlabel_rgb

# Perceptually uniform, and readable without telling red from green.
MAGNITUDE = "Viridis"
# Blue speaks for, orange against (PuOr of ColorBrewer, its blue end made bluer).
FOR, AGAINST = "#055aa0", "#b35806"
# Zero is the neutral middle.
SIGN = [
    [0.0, AGAINST],
    [0.25, "rgb(241,163,64)"],
    [0.5, "rgb(247,247,247)"],
    [0.75, "rgb(67,147,195)"],
    [1.0, FOR],
]
# Odd, so that zero has a colour of its own.
_STEPS = 257
# Of classes: each can be told from each by colour alone, also without red, green or blue cones, on both grounds. Found
# by a search in OKLab, and looked after by a test.
CLASSES = (
    "#3467ad",
    "#cc7200",
    "#2b9667",
    "#fd4f7a",
    "#9051e1",
    "#656644",
    "#3e96ea",
    "#cc1a0a",
    "#bb76b5",
    "#954a7e",
)
# What is chosen among many, on light and dark.
MARK = "#d06a26"
# What it is unsure by, around a line of its colour.
MARK_BAND = "rgba(208,106,38,0.2)"
# The ground that a page has shows through.
CLEAR = "rgba(0,0,0,0)"

# Greys that can be told from both grounds: points and answers that have no colour of their own, branches of a tree,
# lines of a graph, where a function is off, and words in a picture.
OTHER_POINTS, OTHER_ANSWERS = "#8a9199", "#9a9a9a"
BRANCH = "#8a8f98"
FLOW = "rgba(128,136,148,0.75)"
OFF = "#7d7d7d"
REFERENCE = "grey"
CAPTION = (128, 134, 142)
# Between areas that may have any colour.
SEAM = "rgba(255,255,255,0.55)"
# A weight that is no number.
MISSING = (255, 0, 255)
# Lines of axes, which must not be noticed before what they carry, by scheme.
GRID = {"light": "#dfe2e6", "dark": "#333b47"}

# Files that are handed over are light, whatever the scheme of the page.
PAPER, INK, BLACK, EDGE = "white", "#1d232b", "black", "#d5d8dc"
# Read best on a bright cell, and on a dark one.
ON_BRIGHT, ON_DARK = "#000000", "#ffffff"
# The luminance on which both have the same contrast.
MIDDLE = 0.179


def _table(scale: object) -> np.ndarray:
    """A scale as (257, 3) float in [0, 255]."""
    colours = sample_colorscale(scale, list(np.linspace(0, 1, _STEPS)))
    return np.array([unlabel_rgb(colour) for colour in colours])


_MAGNITUDE_TABLE, _SIGN_TABLE = _table(MAGNITUDE), _table(SIGN)


def colours_of(values: np.ndarray, limit: float, *, signed: bool) -> np.ndarray:
    """Values as colours: (H, W) -> (H, W, 3) float in [0, 255].

    Args:
        values: finite.
        limit: the value at the end of the scale, above 0; what lies beyond takes the end's colour.
        signed: from -limit to limit with zero in the middle, or from 0 to limit.
    """
    share = (values / limit + 1) / 2 if signed else values / limit
    index = np.clip(np.rint(share * (_STEPS - 1)), 0, _STEPS - 1).astype(int)
    return np.asarray((_SIGN_TABLE if signed else _MAGNITUDE_TABLE)[index])


def ink_on(colour: str) -> str:
    """The ink that can be read best on a colour of the form #rrggbb: at least 4.5:1 on any."""
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    )
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return ON_BRIGHT if luminance > MIDDLE else ON_DARK


def with_opacity(colour: str, opacity: float) -> str:
    """A colour of the form #rrggbb with an opacity in [0, 1]."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
