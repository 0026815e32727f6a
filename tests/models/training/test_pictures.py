"""Pictures by index, in memory or decoded when they are asked for."""

from __future__ import annotations

import pytest
import torch

from models.runtime.errors import UserError
from models.training.pictures import InMemory, OnDisk, decode_all

CPU = torch.device("cpu")


def decode(place: int):
    """Place k is a picture of the number k and of class k % 3; every fifth is none."""
    return None if place % 5 == 0 else (torch.full((1, 2, 2), place, dtype=torch.uint8), place % 3)


def test_in_memory_they_are_taken_by_index():
    pixels, targets = torch.arange(6, dtype=torch.uint8).reshape(6, 1, 1, 1), torch.arange(6)
    pictures = InMemory(pixels, targets)
    assert len(pictures) == 6
    taken, labels = pictures.take(torch.tensor([4, 1]))
    assert (taken.flatten().tolist(), labels.tolist()) == ([4, 1], [4, 1])


def test_from_disk_what_is_unreadable_is_left_out():
    pictures = OnDisk(decode, [3, 5, 7, 11], CPU)
    assert len(pictures) == 4
    pixels, targets = pictures.take(torch.tensor([3, 1, 0]))
    assert pixels.shape == (2, 1, 2, 2)
    assert (pixels[:, 0, 0, 0].tolist(), targets.tolist()) == ([11, 3], [2, 0])
    with pytest.raises(UserError, match="Not one of these pictures"):
        pictures.take(torch.tensor([1]))


def test_all_are_decoded_once_in_order():
    reports: list[tuple[int, int | None]] = []
    pictures = decode_all(decode, range(12), device=CPU, report=lambda *done: reports.append(done))
    assert pictures.pixels[:, 0, 0, 0].tolist() == [1, 2, 3, 4, 6, 7, 8, 9, 11]
    assert pictures.targets.tolist() == [1, 2, 0, 1, 0, 1, 2, 0, 2]
    assert reports == [(done, 12) for done in range(1, 13)]
    with pytest.raises(UserError, match="Not one of these pictures"):
        decode_all(decode, [0, 5], device=CPU, report=lambda *_: None)
