"""The first layer that people put into torchvision's ResNets for small pictures, such as CIFAR's: 3 x 3, not 7 x 7.

Its weights tell that it is there. How far it steps, and whether the pooling behind it was taken out, leaves no trace.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.checkpoints.signature import Shape, mark

if TYPE_CHECKING:
    from torch import nn

# Option of an architecture: the name in STEMS of what stands in the place of its first layer and pooling.
STEM = "stem"
LAYER, POOLING = "conv1", "maxpool"
SMALL, USUAL = (3, 3), (7, 7)
COLOURS = 3
# The size of the pictures that it is made for, in pixels.
SIDE = 32


@dataclass(frozen=True)
class Stem:
    """What leaves no trace in weights.

    Attributes:
        title: in words.
        step: of the first layer, in pixels.
        pools: whether the pooling behind it was left in.
    """

    title: str
    step: int
    pools: bool


STEMS = {
    "bare": Stem("steps of 1 px, and no pooling", 1, False),
    "pooled": Stem("steps of 1 px, and pooling", 1, True),
    "strided": Stem("steps of 2 px, and pooling", 2, True),
}
# What is assumed where nobody says it: what is written for CIFAR most often.
USUAL_STEM = "bare"


def small_stem(shapes: Mapping[str, Shape]) -> tuple[int | None, int] | None:
    """Channels of a small first layer where they are no colours, and what the sum of marks lacks of the usual one.

    None where a file has no such layer.

    Args:
        shapes: name without wrappers -> shape, of all tensors of the file.
    """
    name = f"{LAYER}.weight"
    shape = shapes.get(name, ())
    if shape[2:] != SMALL:
        return None
    change = mark(name, (shape[0], COLOURS, *USUAL)) - mark(name, shape)
    return (None if shape[1] == COLOURS else shape[1]), change


def with_stem(module: nn.Module, name: str) -> nn.Module:
    """A ResNet of torchvision with a small first layer in the place of its own.

    Args:
        module: as torchvision builds it.
        name: in STEMS.
    """
    from torch import nn

    stem, first = STEMS[name], module.get_submodule(LAYER)
    assert isinstance(first, nn.Conv2d)
    module.set_submodule(
        LAYER, nn.Conv2d(first.in_channels, first.out_channels, SMALL, stem.step, padding=1, bias=False)
    )
    if not stem.pools:
        module.set_submodule(POOLING, nn.Identity())
    return module
