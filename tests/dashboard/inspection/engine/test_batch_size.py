"""How many pictures at once is measured once, by the clock and within memory, and never changes a map."""

from __future__ import annotations

import gc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from torch import Tensor, nn

from dashboard.inspection.attribution import METHODS
from dashboard.inspection.attribution.run import Request, attribute
from dashboard.inspection.engine import batch_size, speed, stopwatch
from tests.dashboard.inspection.engine.networks import normalised, photo, tiny
from tests.networks import built, classifier, pixels, surveyed, untouched


@pytest.fixture
def per_picture(monkeypatch):
    """Says how many seconds a pass takes for each of its pictures; notes the batches that are timed."""

    def set_to(seconds: Callable[[int], float]) -> list[tuple[int, bool]]:
        timed: list[tuple[int, bool]] = []

        def taken(network: nn.Module, inputs: Tensor, *, gradient: bool = False) -> float:
            timed.append((len(inputs), gradient))
            return len(inputs) * seconds(len(inputs))

        monkeypatch.setattr(stopwatch, "time_pass", taken)
        return timed

    return set_to


@pytest.mark.parametrize(
    ("seconds", "chosen"),
    [
        (lambda size: 0.02 / size, 16),
        (lambda size: 0.02 if size < 8 else 0.01, 8),
        (lambda size: 0.01 * size, 1),
        (lambda size: 0.01 + 0.0001 / size, 1),
        (lambda size: 0.01 if size == 8 else 0.02, 8),
        (lambda size: 2.0, 1),
    ],
    ids=["the more the faster", "enough at once", "one by one", "all alike", "the middle", "too slow to try"],
)
def test_a_batch_is_the_smallest_whose_pictures_are_quick(per_picture, seconds, chosen):
    per_picture(seconds)
    assert batch_size.fastest_batch(tiny(), photo(), use="gradient").size == chosen


@pytest.mark.parametrize(
    ("passes_of_8", "chosen"),
    [([3, 1, 1], 8), ([3, 2.2, 1], 8), ([3, 2.4, 1], 16), ([3, 3, 3], 16)],
    ids=["a slow first pass", "and a disturbed one", "far from the best by then", "slow"],
)
def test_a_pass_that_was_disturbed_does_not_decide(monkeypatch, passes_of_8, chosen):
    left: dict[int, list[float]] = {1: [9.0] * 3, 4: [5.0] * 3, 8: list(passes_of_8), 16: [2.0, 1.9, 1.9]}

    def taken(network: nn.Module, inputs: Tensor, *, gradient: bool = False) -> float:
        return 0.01 * len(inputs) * left[len(inputs)].pop(0)

    of = tiny()
    speed.acceleration(of, photo(), use="answers")
    monkeypatch.setattr(stopwatch, "time_pass", taken)
    assert batch_size.fastest_batch(of, photo(), use="answers").size == chosen


def test_no_pass_is_tried_that_would_take_too_long(per_picture):
    timed = per_picture(lambda size: 0.9 * batch_size.MOST_SECONDS / 8)
    batch_size.fastest_batch(tiny(), photo(), use="gradient")
    assert max(size for size, _ in timed) == 8


def test_a_batch_fits_into_memory(per_picture, monkeypatch):
    per_picture(lambda size: 0.02 / size)
    # Both activations; of a normalisation and the convolution before it nothing.
    of = tiny()
    monkeypatch.setattr(batch_size, "MOST_BYTES", 9 * 4 * (6 * 64 + 5 * 16))
    assert batch_size.fastest_batch(of, photo(), use="gradient").size == 8


def test_passes_with_and_without_a_way_back_are_measured_apart_and_once(per_picture):
    timed = per_picture(lambda size: 0.02 / size)
    of = tiny()
    speed.acceleration(of, photo(), use="gradient")
    timed.clear()
    shares: list[float] = []
    with untouched(of.module), ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: batch_size.fastest_batch(of, photo(), use="gradient"), range(8)))
    assert found == {batch_size.Batch(16, 0.02 / 16)}
    assert sorted(size for size, gradient in timed if gradient) == sorted(
        (*2 * batch_size.BATCHES["gradient"], 16)
    )
    batch_size.fastest_batch(of, photo(), use="gradient", progress=shares.append)
    assert not shares
    batch_size.fastest_batch(of, photo(), use="answers", progress=shares.append)
    assert shares == sorted(shares) and shares[0] == 0 and shares[-1] < 1


def test_the_first_result_says_how_long_a_picture_takes_and_no_later_one(monkeypatch):
    of = tiny()
    key = stopwatch.timing_key(of, (1, 3, 8, 8))
    monkeypatch.setattr(batch_size, "_BATCHES", {(key, "answers"): batch_size.Batch(4, None)})
    for seconds in (0.5, 0.25):
        batch_size.note_seconds(of, (1, 3, 8, 8), seconds, use="answers")
        batch_size.note_seconds(of, (1, 3, 8, 8), seconds, use="gradient")
    assert {(key, "answers"): batch_size.Batch(4, 0.5)} == batch_size._BATCHES


def test_measuring_can_be_given_up():
    class GivenUpError(Exception):
        pass

    def give_up(share: float) -> None:
        if share > 0:
            raise GivenUpError

    of = tiny()
    with untouched(of.module), pytest.raises(GivenUpError):
        batch_size.fastest_batch(of, photo(), use="gradient", progress=give_up)
    assert not batch_size._BATCHES
    assert batch_size.fastest_batch(of, photo(), use="gradient").size in batch_size.BATCHES["gradient"]


def test_measuring_leaves_no_tensor_behind(monkeypatch):
    def alive() -> int:
        gc.collect()
        return sum(type(one) is Tensor for one in gc.get_objects())

    monkeypatch.setattr(speed, "SHORT_SECONDS", 0.0)
    # A clamp keeps what it makes, which must not keep the clamp.
    network = nn.Sequential(nn.Conv2d(3, 3, 7), nn.ReLU6(inplace=True), nn.Flatten(), nn.Linear(12, 3))
    of, inputs = classifier(built(lambda: network), channels=3), photo()
    before = alive()
    batch_size.fastest_batch(of, inputs, use="gradient")
    assert alive() == before


@pytest.mark.parametrize(
    "method", [one for one in METHODS.values() if one.cost == "slow"], ids=lambda method: method.name
)
def test_the_map_is_the_same_in_any_batch(method, monkeypatch):
    of, inputs = normalised(), pixels(3)
    few = {"n_masks": "25", "n_perturbations": "30", "n_permutations": "5"}
    ask = Request(0, parameters=method.settings(few, (8, 8)))
    found = []
    for size in (1, 7, 64):
        monkeypatch.setattr(
            batch_size, "fastest_batch", lambda *_, size=size, **given: batch_size.Batch(size, 0.0)
        )
        found.append(attribute(of, inputs, method=method, request=ask, survey=surveyed(of, inputs)))
    for other in found[1:]:
        assert other.outcome.kind == found[0].outcome.kind
        if other.values is not None and found[0].values is not None:
            assert np.abs(other.values - found[0].values).max() <= 1e-4 * np.abs(found[0].values).max()
