"""A picture in parts that are shown or hidden as a whole: what ablation, LIME and the Shapley values play with."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from dashboard.inspection.attribution.baselines import baseline, baseline_choice
from dashboard.inspection.attribution.method import Parameters, Task, choice, number

if TYPE_CHECKING:
    from torch import Tensor

    from dashboard.inspection.engine.explained_score import ExplainedScore


@dataclass(frozen=True)
class SuperpixelSettings(Parameters):
    """How a picture falls into parts, and what stands where a part is hidden."""

    parts: str = choice(
        "superpixels",
        ("superpixels", "grid"),
        "Parts",
        "Superpixels follow the colours of the photo (SLIC); a grid is made of equal cells.",
    )
    n_parts: int = number(
        25,
        4,
        196,
        "Number of parts",
        "More parts are finer and slower. A grid takes the square number below.",
    )
    baseline: str = baseline_choice("blur", "What a hidden part shows instead of the photo.")


Settings = TypeVar("Settings", bound=SuperpixelSettings)


def adapt(settings: Settings, size: tuple[int, int]) -> Settings:
    """Those settings for an input of height x width.

    Few parts, because the values of few are soon steady, and fewer still for a digit. A blurred part is the least
    unlike a photo, and networks answer it more steadily than a flat colour; but a digit shows through a blur.
    """
    if min(size) >= 64:
        return dataclasses.replace(settings, n_parts=25, baseline="blur")
    return dataclasses.replace(settings, n_parts=16, baseline="mean")


def part_count(settings: SuperpixelSettings, size: tuple[int, int]) -> int:
    """How many parts an input of height x width falls into, exactly."""
    if settings.parts == "grid":
        return min(math.isqrt(settings.n_parts), *size) ** 2
    return min(settings.n_parts, math.prod(size))


@dataclass(frozen=True, eq=False)
class Superpixels:
    """The explained quantity as a function of which parts are shown: (N, parts) of ones and zeros -> (N,).

    Captum's perturbation methods are run on this function: a feature is a part, its value 1 the photo, 0 the baseline.

    Attributes:
        explained: of the network.
        inputs: (1, C, H, W), in the layout that the network computes in.
        cover: the same, shown where a part is hidden.
        parts: (H, W), the number of the part that each pixel belongs to.
    """

    explained: ExplainedScore
    inputs: Tensor
    cover: Tensor
    parts: Tensor

    @classmethod
    def of(cls, task: Task) -> Superpixels:
        """The mosaic that a task's settings ask for."""
        import torch

        settings: SuperpixelSettings = task.parameters
        picture = task.preprocessing.display(task.inputs[0])
        count = part_count(settings, (picture.shape[0], picture.shape[1]))
        parts = (
            grid(picture.shape[:2], count) if settings.parts == "grid" else slic_superpixels(picture, count)
        )
        cover = baseline(settings.baseline, task.inputs, task.preprocessing)
        # Turned once, where the network would turn every picture that is made of the two.
        layout = torch.channels_last if task.channels_last else torch.contiguous_format
        inputs, cover = (tensor.contiguous(memory_format=layout) for tensor in (task.inputs, cover))
        return cls(task.explained, inputs, cover, torch.from_numpy(parts))

    @property
    def count(self) -> int:
        """How many parts there are."""
        return int(self.parts.max()) + 1

    @property
    def shown(self) -> Tensor:
        """Every part shown, (1, parts)."""
        return self.inputs.new_ones(1, self.count)

    @property
    def hidden(self) -> Tensor:
        """Every part hidden, (1, parts)."""
        return self.shown.new_zeros(self.shown.shape)

    def __call__(self, shown: Tensor) -> Tensor:  # noqa: D102  # said by the class
        # Picked along one axis: an index of two takes eight times as long.
        visible = shown.index_select(1, self.parts.flatten()).view(-1, 1, *self.parts.shape)  # (N, 1, H, W)
        explained: Tensor = self.explained(self.inputs.where(visible > 0, self.cover))
        return explained

    def paint(self, values: Tensor) -> Tensor:
        """One value per part, (1, parts), on each of its pixels: (1, 1, H, W)."""
        return values[:, self.parts][:, None]


def grid(size: tuple[int, ...], count: int) -> np.ndarray:
    """Equal cells, as many down as across: (H, W) of numbers from 0 to count - 1; `count` is a square."""
    side = math.isqrt(count)
    down, across = (np.arange(length) * side // length for length in size)
    return down[:, None] * side + across


def slic_superpixels(picture: np.ndarray, count: int) -> np.ndarray:
    """Patches of like colour, exactly as many as asked for: (H, W) of numbers from 0 to count - 1.

    SLIC (Achanta et al. 2012) finds about as many, rather fewer. Halving the largest and merging the smallest make
    the number exact, so that the cost of a map is known before it starts.

    Args:
        picture: (H, W, 3) uint8.
        count: at most H * W.
    """
    from skimage.segmentation import slic

    parts: np.ndarray = slic(picture, n_segments=count, compactness=10, start_label=0)
    while parts.max() + 1 > count:
        parts = _merge_smallest(parts)
    while parts.max() + 1 < count:
        parts = _halve_largest(parts)
    return parts


def _merge_smallest(parts: np.ndarray) -> np.ndarray:
    """One part fewer: the smallest goes to the neighbour that it shares the longest border with."""
    smallest = int(np.bincount(parts.ravel()).argmin())
    inside = np.pad(parts == smallest, 1)
    around = inside[:-2, 1:-1] | inside[2:, 1:-1] | inside[1:-1, :-2] | inside[1:-1, 2:]
    neighbour = np.bincount(parts[around & (parts != smallest)]).argmax()
    parts = np.where(parts == smallest, neighbour, parts)
    return parts - (parts > smallest)


def _halve_largest(parts: np.ndarray) -> np.ndarray:
    """One part more: the largest falls in two across its longer side."""
    largest = np.bincount(parts.ravel()).argmax()
    rows, columns = np.nonzero(parts == largest)
    along = rows if np.ptp(rows) >= np.ptp(columns) else columns
    later = np.argsort(along, kind="stable")[len(along) // 2 :]
    parts = parts.copy()
    parts[rows[later], columns[later]] = parts.max() + 1
    return parts
