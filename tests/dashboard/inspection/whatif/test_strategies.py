"""Ways to decide: a planted watermark is told from the rest, and what is decided in one way is not split."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from dashboard.inspection.whatif import strategies, watermark
from models.runtime.errors import UserError
from models.runtime.randomness import fork_rng
from tests.networks import classifier

SIDE, COUNT = 14, 60


def drawn(seed: int = 0) -> np.ndarray:
    """Maps of two kinds: what is marked in the middle, and every third one marked in a corner, all with some noise."""
    generator = np.random.default_rng(seed)
    maps = generator.uniform(0, 0.02, (COUNT, SIDE, SIDE))
    maps[:, 5:9, 5:9] += generator.uniform(0.5, 1, (COUNT, 4, 4))
    maps[::3] = generator.uniform(0, 0.02, maps[::3].shape)
    maps[::3, 12:, 12:] += generator.uniform(0.5, 1, (COUNT // 3, 2, 2))
    return np.asarray(maps / maps.sum((1, 2), keepdims=True))


def test_two_kinds_are_two_groups_the_larger_first():
    groups, values = strategies.group(drawn())
    assert groups[::3].tolist() == [1] * 20 and (np.delete(groups, np.s_[::3]) == 0).all()
    assert len(values) == strategies.MOST + 1 and values[1] < 1e-9 < values[2]
    again, _ = strategies.group(drawn())
    assert (again == groups).all()


def test_as_many_groups_are_told_as_are_asked_for():
    groups, _ = strategies.group(drawn(), 3)
    assert sorted(set(groups.tolist())) == [0, 1, 2]
    sizes = np.bincount(groups)
    assert (np.diff(sizes) <= 0).all()


def test_the_area_holds_half():
    mean = np.zeros((10, 10))
    mean[0, 0] = 1
    assert strategies.area(mean) == 0.01
    assert strategies.area(np.ones((10, 10))) == pytest.approx(0.5, abs=0.011)


class Corner(nn.Module):
    """Class 0 is read in the corner, class 1 everywhere."""

    def forward(self, inputs: Tensor) -> Tensor:
        return torch.stack(
            [inputs[:, 0, -2:, -2:].sum((1, 2)), inputs.sum((1, 2, 3)), -inputs.sum((1, 2, 3))], 1
        )


def test_a_small_map_is_what_the_picture_has_beyond_black_where_it_is_read():
    of = classifier(Corner(), side=28)
    inputs = np.stack([of.preprocessing.normalised(np.full((1, 28, 28), level)) for level in (1.0, 0.0)])
    told: list[float] = []
    maps = strategies.small_maps(of, inputs.astype(np.float32), 0, told.append)
    assert maps.shape == (2, 14, 14) and maps[0, -1, -1] == pytest.approx(1) and not maps[1].any()
    assert told


def test_too_few_pictures_in_which_anything_speaks_are_refused():
    of = classifier(Corner(), side=28)
    black = np.stack([of.preprocessing.normalised(np.zeros((1, 28, 28)))] * 40).astype(np.float32)
    with pytest.raises(UserError, match="Only in 0 pictures anything speaks for the class, and it takes 30"):
        strategies.find_strategies(of, black, np.arange(40), 0)


@pytest.mark.slow
def test_a_planted_watermark_is_found():
    pixels, labels, marked = watermark.planted()
    with fork_rng(0):
        module = nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))
        inputs, targets = torch.from_numpy(pixels).float()[:, None] / 255 * 2 - 1, torch.from_numpy(labels)
        optimizer = torch.optim.Adam(module.parameters(), 1e-3)
        for _ in range(6):
            for batch in torch.randperm(len(inputs)).split(64):
                optimizer.zero_grad()
                nn.functional.cross_entropy(module(inputs[batch]), targets[batch]).backward()
                optimizer.step()
    of = classifier(module.requires_grad_(False), side=28, classes=10)
    rows = np.flatnonzero(labels == watermark.CLASS)
    seen = of.preprocessing.normalised(pixels[rows][:, None] / 255).astype(np.float32)
    found = strategies.find_strategies(of, seen, rows, watermark.CLASS)
    assert found.count == 2 and found.gap == 2
    shares = [marked[found.pictures[found.groups == number]].mean() for number in range(2)]
    assert sorted(shares) == pytest.approx([0, 1], abs=0.05)
    with_mark = int(np.argmax(shares))
    place = np.unravel_index(found.means[with_mark].argmax(), (14, 14))
    assert all(watermark.PLACE.start // 2 <= side <= watermark.PLACE.stop // 2 for side in place)
    assert set(found.typical[with_mark]) <= set(np.flatnonzero(found.groups == with_mark).tolist())
