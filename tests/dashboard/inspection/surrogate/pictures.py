"""Pictures and networks whose rules are known."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from dashboard.inspection.passes.pool import Item, Pool
from dashboard.inspection.surrogate.sample import Sample, split_at_random
from dashboard.records.surrogate import Readings


class Branches(nn.Module):
    """A network that is a tree of two questions: dark at the first place is class 0, at the second class 1, else 2."""

    def __init__(self, first: tuple[int, int] = (2, 3), second: tuple[int, int] = (5, 6)) -> None:
        super().__init__()
        self.first, self.second = first, second

    def forward(self, inputs: Tensor) -> Tensor:
        bright = [inputs[:, 0, row, column] > 0 for row, column in (self.first, self.second)]
        answers = torch.where(bright[0], torch.where(bright[1], 2, 1), 0)
        return nn.functional.one_hot(answers, 3).float()


def black_and_white(count: int = 400, side: int = 8, seed: int = 3) -> Sample:
    """Pictures of black and white pixels, three quarters to grow with, labelled by their first pixel."""
    bright = torch.rand(count, 1, side, side, generator=torch.Generator().manual_seed(seed)) > 0.5
    inputs = bright.float() * 2 - 1
    items = tuple(Item(f"test/{index}", f"Test {index}") for index in range(count))
    return split_at_random(
        Pool(
            "test pictures",
            "test",
            items,
            lambda indices: inputs[list(indices)],
            lambda index: f"class {int(bright[index, 0, 0, 0])}",
        )
    )


def read_as(values: np.ndarray, answers: np.ndarray, labels: np.ndarray | None = None) -> Readings:
    """Readings with these units and answers, every fourth picture held out."""
    count = len(values)
    generator = np.random.default_rng(9)
    return Readings(
        numbers=np.arange(count),
        held_out=np.arange(count) % 4 == 3,
        pictures=generator.integers(0, 256, (count, 4, 4, 1)).astype(np.uint8),
        answers=answers.astype(np.int64),
        labels=np.full(count, -1) if labels is None else labels.astype(np.int64),
        units=values.astype(np.float32),
        seconds=0.0,
    )


def blobs(count: int = 1200, classes: int = 4, seed: int = 0) -> Readings:
    """Five numbers of each picture, whose classes lie apart but overlap; the labels are wrong for some."""
    generator = np.random.default_rng(seed)
    answers = generator.integers(0, classes, count)
    values = generator.normal(size=(count, 5)) + generator.normal(size=(classes, 5))[answers] * 1.5
    labels = np.where(generator.random(count) < 0.2, generator.integers(0, classes, count), answers)
    return read_as(values, answers * 2 + 1, labels * 2 + 1)
