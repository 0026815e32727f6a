"""One stage of a forward pass as one small picture."""

from __future__ import annotations

import math

import numpy as np

from dashboard.charts.activations import tiles
from dashboard.charts.maps import png
from dashboard.records.activations import StageOutput

SIDE = 240
ACROSS = 3


def picture(stage: StageOutput) -> bytes:
    """The channels that vary most, three in a row, or all units as cells of a square; as PNG."""
    planes = stage.planes
    scale, signed = tiles.limit(planes), tiles.is_signed(planes)
    if planes.shape[1] == 1 and len(planes) == 1:
        return png(tiles.mosaic(_square(planes[0, 0])[None], limit=scale, signed=signed, across=1, side=SIDE))
    across = min(ACROSS, len(planes))
    side = (SIDE - (across - 1) * tiles.GAP) // across
    return png(tiles.mosaic(planes, limit=scale, signed=signed, across=across, side=side))


def _square(units: np.ndarray) -> np.ndarray:
    """Units in rows of about as many as there are rows; the last row ends where they do."""
    width = math.ceil(math.sqrt(units.size))
    height = math.ceil(units.size / width)
    return np.pad(units, (0, height * width - units.size), constant_values=np.nan).reshape(height, width)
