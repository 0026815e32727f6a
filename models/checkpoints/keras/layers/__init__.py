"""The table of layers that are translated, by their class in Keras."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from models.checkpoints.keras.layers import (
    activations,
    convolutions,
    merges,
    normalisations,
    pools,
    preparing,
    shaping,
)
from models.checkpoints.keras.layers.operations import OLDER, OPERATIONS
from models.checkpoints.keras.piece import Given, Piece

# What they do, in words -> class -> how it is translated.
GROUPS: Mapping[str, Mapping[str, Callable[[Given], Piece]]] = {
    "Weigh": convolutions.LAYERS,
    "Pool": pools.LAYERS,
    "Normalise": normalisations.LAYERS,
    "Activate": activations.LAYERS,
    "Join": merges.LAYERS,
    "Shape": shaping.LAYERS,
    "Prepare, or train only": preparing.LAYERS,
}
LAYERS: Mapping[str, Callable[[Given], Piece]] = {
    kind: translate for group in GROUPS.values() for kind, translate in group.items()
}
__all__ = ["GROUPS", "LAYERS", "OLDER", "OPERATIONS"]
