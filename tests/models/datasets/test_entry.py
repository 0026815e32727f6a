"""What every dataset says of itself, and its pictures once they are there."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from models.datasets import find_dataset
from models.datasets.entry import Arrays, load_once
from models.runtime.errors import UserError
from models.runtime.progress import silent


def test_colour_arrays_give_colour_pictures():
    pixels = np.arange(2 * 4 * 5 * 3, dtype=np.uint8).reshape(2, 4, 5, 3)
    picture, label = Arrays({"test": pixels}, {"test": np.array([0, 3])}).picture("test", 1)
    assert (picture.mode, picture.size, label) == ("RGB", (5, 4), 3)


def test_once_waits_for_the_first_and_forgets_failures():
    calls, started = [], threading.Barrier(4)
    images = Arrays({}, {})

    @load_once
    def slow(report):
        calls.append(report)
        if len(calls) == 1:
            raise UserError("no network")
        return images

    with pytest.raises(UserError):
        slow(silent)

    def ask(found):
        started.wait()
        found.append(slow(silent))

    found: list[object] = []
    threads = [threading.Thread(target=ask, args=(found,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [images] * 4
    assert len(calls) == 2


def test_picture_outside_the_split_is_refused():
    with pytest.raises(UserError, match="from 0 to 1999"):
        find_dataset("mnist-10k").picture("test", -1)
