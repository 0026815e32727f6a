"""How many pictures go into one pass: as many as are usual within seconds and memory; it never changes a map."""

from __future__ import annotations

import gc
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
    """Says how many seconds a pass takes for each of its pictures."""

    def set_to(seconds: float) -> None:
        monkeypatch.setattr(
            stopwatch, "time_pass", lambda network, inputs, *, gradient=False: seconds * len(inputs)
        )

    return set_to


@pytest.mark.parametrize("use", sorted(batch_size.PICTURES))
def test_a_batch_is_what_is_usual_for_its_use(per_picture, use):
    per_picture(0.02)
    assert batch_size.fastest_batch(tiny(), photo(), use=use).size == batch_size.PICTURES[use]


@pytest.mark.parametrize(("share", "size"), [(1 / 20, 16), (1 / 9.5, 9), (1 / 2, 2), (2, 1)])
def test_no_pass_takes_too_long(per_picture, share, size):
    per_picture(share * batch_size.MOST_SECONDS)
    assert batch_size.fastest_batch(tiny(), photo(), use="gradient").size == size


def test_a_batch_fits_into_memory(per_picture, monkeypatch):
    per_picture(0.02)
    # Both activations; of a normalisation and the convolution before it nothing.
    of = tiny()
    monkeypatch.setattr(batch_size, "MOST_BYTES", 9 * 4 * (6 * 64 + 5 * 16))
    assert batch_size.fastest_batch(of, photo(), use="gradient").size == 9


def test_what_is_known_is_not_looked_for_again():
    of = tiny()
    shares: list[float] = []
    with untouched(of.module), ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: batch_size.fastest_batch(of, photo(), use="gradient"), range(8)))
    assert found == {batch_size.Batch(16, None)}
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
    assert batch_size.fastest_batch(of, photo(), use="gradient").size == 16


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
