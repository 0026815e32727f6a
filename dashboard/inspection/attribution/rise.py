"""RISE: how much better the score is, on average, when this place is visible behind random masks."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.inspection.attribution.baselines import baseline, baseline_choice
from dashboard.inspection.attribution.method import (
    Method,
    Paper,
    Parameters,
    RawAttribution,
    Task,
    number,
    sum_channels,
)

if TYPE_CHECKING:
    from torch import Tensor

# Of the cells of a mask that are open, as in the paper.
OPEN = 0.5


@dataclass(frozen=True)
class Settings(Parameters):
    """Of RISE."""

    n_masks: int = number(1000, 20, 8000, "Masks", "Random masks to look through. More are steadier.")
    n_cells: int = number(7, 2, 28, "Cells", "Cells of a mask along either side. More are finer and noisier.")
    baseline: str = baseline_choice("mean", "What a mask shows instead of the photo.")


def _defaults(size: tuple[int, int]) -> Settings:
    return Settings(n_cells=7 if min(size) >= 64 else 4)


@dataclass(frozen=True, eq=False)
class Masks:
    """Random cells, open or closed, made smooth and shifted by a part of a cell.

    Attributes:
        opened: (N, 1, cells, cells) of zeros and ones.
        shifts: down and across, (2, N) in pixels.
        size: height and width of a mask.
    """

    opened: Tensor
    shifts: Tensor
    size: tuple[int, int]

    @classmethod
    def draw(cls, count: int, cells: int, size: tuple[int, int]) -> Masks:
        """As many masks, all drawn at once, so that they are the same whatever the batch they are looked through."""
        import torch

        opened = (torch.rand(count, 1, cells, cells) < OPEN).float()
        return cls(opened, torch.stack([torch.randint(-(-side // cells), (count,)) for side in size]), size)

    def __getitem__(self, part: slice) -> Tensor:
        """Some of them, (n, 1, H, W) from 0 to 1."""
        import torch
        from torch.nn import functional

        opened, (height, width) = self.opened[part], self.size
        cells = opened.shape[-1]
        wide = functional.interpolate(
            opened,
            [(cells + 1) * -(-side // cells) for side in self.size],  # pixels of a cell, rounded up
            mode="bilinear",
            align_corners=False,
        )
        return torch.stack(
            [
                mask[:, down : down + height, right : right + width]
                for mask, (down, right) in zip(wide, self.shifts[:, part].T.tolist(), strict=True)
            ]
        )


def _run(task: Task) -> RawAttribution:
    import torch

    settings: Settings = task.parameters
    cover = baseline(settings.baseline, task.inputs, task.preprocessing)
    masks = Masks.draw(settings.n_masks, settings.n_cells, task.size)
    # For every other mask: the masks added up, and the masks times their scores; the same for whole masks.
    places = torch.zeros(2, 2, *task.size, dtype=torch.float64)
    wholes = torch.zeros(2, 2, dtype=torch.float64)
    at_once = task.at_once(settings.n_masks)
    with torch.no_grad():
        for begun in range(0, settings.n_masks, at_once):
            visible = masks[begun : begun + at_once]
            scores = task.explained(cover + visible * (task.inputs - cover))
            weights = torch.stack([torch.ones_like(scores), scores]).double()  # (2, N)
            for half in range(2):
                mine = slice((begun + half) % 2, None, 2)
                places[half] += torch.einsum("kn,nhw->khw", weights[:, mine], visible[mine, 0].double())
                wholes[half] += weights[:, mine].sum(1)
    first, second = (_map(*half) for half in zip(places, wholes, strict=True))
    return RawAttribution(_map(places.sum(0), wholes.sum(0)), baseline=cover, halves=(first, second))


def _map(places: Tensor, wholes: Tensor) -> Tensor:
    """The mean score where a place is visible, less the mean of all scores: (1, 1, H, W).

    The paper leaves the second term out, which is the same everywhere: its scores are probabilities, while a logit
    has no zero to count from.
    """
    return (places[1] / places[0] - wholes[1] / wholes[0])[None, None]


METHOD = Method(
    name="rise",
    title="RISE",
    group="change",
    question="Is the score better when this place is visible?",
    reading="The photo is looked at through hundreds of random masks. Blue places are those whose sight goes with a "
    "score above the average, orange ones with a score below.",
    formula=r"S_{ij} = \frac{\sum_n M^n_{ij} \, f(x \odot M^n)}{\sum_n M^n_{ij}} - \frac{1}{N} \sum_n f(x \odot M^n)",
    paper=Paper(
        "Petsiuk, Das and Saenko 2018, RISE: Randomized Input Sampling for Explanation",
        "https://arxiv.org/abs/1806.07421",
    ),
    signed=True,
    cost="slow",
    forward_only=True,
    run=_run,
    own=True,
    join=sum_channels,
    pictures=lambda parameters, size: parameters.n_masks,
    parameters=Settings,
    defaults=_defaults,
    sampled=True,
    preview=lambda parameters, size: dataclasses.replace(parameters, n_masks=100),
)
