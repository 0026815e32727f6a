"""Pictures by index, in memory or decoded when they are asked for."""

from __future__ import annotations

import pytest
import torch

from models.runtime.errors import UserError
from models.training import pictures
from models.training.pictures import InMemory, OnDisk, batch_reader, decode_all

CPU = torch.device("cpu")


def decode(place: int):
    """Place k is a picture of the number k and of class k % 3; every fifth is none."""
    return None if place % 5 == 0 else (torch.full((1, 2, 2), place, dtype=torch.uint8), place % 3)


def test_in_memory_they_are_taken_by_index():
    pixels, targets = torch.arange(6, dtype=torch.uint8).reshape(6, 1, 1, 1), torch.arange(6)
    digits = InMemory(pixels, targets)
    assert len(digits) == 6
    taken, labels = digits.take(torch.tensor([4, 1]))
    assert (taken.flatten().tolist(), labels.tolist()) == ([4, 1], [4, 1])


def test_from_disk_what_is_unreadable_is_left_out():
    files = OnDisk(decode, [3, 5, 7, 11], CPU)
    assert len(files) == 4
    pixels, targets = files.take(torch.tensor([3, 1, 0]))
    assert pixels.shape == (2, 1, 2, 2)
    assert (pixels[:, 0, 0, 0].tolist(), targets.tolist()) == ([11, 3], [2, 0])
    with pytest.raises(UserError, match="Not one of these pictures"):
        files.take(torch.tensor([1]))


@pytest.mark.parametrize("room", [10**6, 0])
def test_a_batch_is_the_same_whether_pictures_are_normalised_once_or_each_time(room, monkeypatch):
    monkeypatch.setattr(pictures, "NORMALISED", room)
    pixels = torch.arange(5 * 3 * 2 * 4, dtype=torch.uint8).reshape(5, 3, 2, 4)
    calls: list[int] = []

    def normalise(batch):
        calls.append(len(batch))
        return batch.float() / 4 - 1

    read = batch_reader(InMemory(pixels, torch.arange(5)), normalise, None)
    for places in ([4, 1], [0]):
        inputs, targets = read(torch.tensor(places))
        assert inputs.equal(pixels[places].float() / 4 - 1)
        assert targets.tolist() == places
    assert calls == ([5] if room else [2, 1])


def test_pictures_that_vary_are_normalised_as_they_have_become():
    grey = InMemory(torch.zeros(4, 1, 2, 2, dtype=torch.uint8), torch.arange(4))
    read = batch_reader(grey, lambda batch: 2.0 * batch, lambda batch: batch + 1)
    assert read(torch.tensor([2]))[0].equal(torch.full((1, 1, 2, 2), 2.0))


def test_all_are_decoded_once_in_order():
    reports: list[tuple[int, int | None]] = []
    decoded = decode_all(decode, range(12), device=CPU, report=lambda *done: reports.append(done))
    assert decoded.pixels[:, 0, 0, 0].tolist() == [1, 2, 3, 4, 6, 7, 8, 9, 11]
    assert decoded.targets.tolist() == [1, 2, 0, 1, 0, 1, 2, 0, 2]
    assert reports == [(done, 12) for done in range(1, 13)]
    with pytest.raises(UserError, match="Not one of these pictures"):
        decode_all(decode, [0, 5], device=CPU, report=lambda *_: None)
