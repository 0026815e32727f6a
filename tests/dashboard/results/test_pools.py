"""The pictures that a pass goes over for a network."""

from __future__ import annotations

import dataclasses

import numpy as np
import torch
from PIL import Image

from dashboard import pictures
from dashboard.results import pools
from models.datasets.names import PHOTOS


def test_a_network_of_a_dataset_gets_its_test_pictures(mlp):
    pool = pools.pool(mlp)
    assert len(pool) == 2000
    assert torch.equal(pool.take([0])[0], torch.tensor(mlp.seen.inputs))


def test_photos_come_whole_and_in_parts(mlp):
    photos = dataclasses.replace(mlp, model=dataclasses.replace(mlp.model, fits=PHOTOS))
    whole, pool = pools.samples(photos), pools.pool(photos)
    assert whole.title == "the photos on board"
    assert len(pool) == len(whole) * (1 + len(pools.PARTS))
    assert [item.address for item in pool.items[:5]] == [whole.items[0].address] * 5
    assert pool.items[1].title.endswith(", upper left")
    inputs = pool.take([0, 1, 4])
    assert torch.equal(inputs[0], whole.take([0])[0])
    assert not torch.equal(inputs[1], inputs[2])
    assert pools.pool(photos, [whole.items[0].address]).key != pool.key != whole.key


def test_a_part_is_cut_where_it_says_and_never_empty(monkeypatch):
    class Picture:
        def __init__(self, width, height):
            row = np.arange(width, dtype=np.uint8)
            self.picture = Image.fromarray(np.broadcast_to(row, (height, width)).copy())

        def open(self):
            return self.picture

    monkeypatch.setattr(pictures, "find", lambda address: Picture(10, 20))
    lower = pools._open("x", "lower right")
    assert lower.size == (6, 12)
    assert np.asarray(lower)[0].tolist() == [4, 5, 6, 7, 8, 9]
    monkeypatch.setattr(pictures, "find", lambda address: Picture(1, 1))
    assert all(pools._open("x", part).size == (1, 1) for part in (None, *pools.PARTS))
