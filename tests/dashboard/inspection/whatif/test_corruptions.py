"""Changes of everyday: each does what its name says, by the numbers that were published."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.inspection.prediction import predict
from dashboard.inspection.whatif.corruptions import CORRUPTIONS, apply_corruptions, corrupt, values_of
from dashboard.inspection.whatif.margin import decide
from tests.networks import Linear, built, classifier

COLOURS = np.random.default_rng(0).integers(0, 256, (3, 16, 16)).astype(np.uint8)
GREY = np.random.default_rng(1).integers(0, 256, (1, 16, 16)).astype(np.uint8)


@pytest.mark.parametrize("name", CORRUPTIONS)
@pytest.mark.parametrize("picture", [COLOURS, GREY], ids=["colours", "grey"])
def test_each_keeps_shape_and_range_and_is_the_same_each_time(name, picture):
    corruption = CORRUPTIONS[name]
    before = np.random.get_state(legacy=True)[1].copy()  # type: ignore[index]
    for value in (*corruption.photos, *corruption.small):
        changed = corrupt(picture, corruption, value)
        assert changed.shape == picture.shape and changed.dtype == np.uint8
        assert np.array_equal(changed, corrupt(picture, corruption, value))
    assert np.array_equal(before, np.random.get_state(legacy=True)[1])  # type: ignore[index]
    assert "{}" in corruption.parameter and len(corruption.photos) == len(corruption.small) == 5


def test_they_do_what_they_say():
    def changed(name: str, picture: np.ndarray, value: float) -> np.ndarray:
        return corrupt(picture, CORRUPTIONS[name], value)

    flat = np.full((3, 32, 32), 100, np.uint8)
    for name in ("blur", "shift", "rotation"):
        assert np.array_equal(changed(name, flat, 5 if name != "shift" else 0.2), flat)
    colour = np.array([100, 50, 0], np.uint8).reshape(3, 1, 1)
    assert changed("brightness", colour, 0.2).ravel().tolist() == [151, 76, 0]
    assert changed("brightness", np.zeros((3, 1, 1), np.uint8), 0.2).ravel().tolist() == [51, 51, 51]
    dot = np.zeros((1, 10, 10), np.uint8)
    dot[0, 2, 3] = 255
    assert np.argwhere(changed("shift", dot, 0.2)[0] == 255).tolist() == [[4, 5]]
    noisy = changed("gaussian", np.full((3, 64, 64), 128, np.uint8), 0.08).astype(float) / 255
    assert noisy.std() == pytest.approx(0.08, rel=0.05)
    dots = changed("impulse", np.full((3, 64, 64), 128, np.uint8), 0.27)
    assert (dots != 128).mean() == pytest.approx(0.27, abs=0.02)
    assert (dots == 0).mean() == pytest.approx((dots == 255).mean(), abs=0.02)
    shot = changed("shot", np.full((3, 64, 64), 128, np.uint8), 60).astype(float) / 255
    assert shot.var() == pytest.approx(128 / 255 / 60, rel=0.1)


def test_small_pictures_have_numbers_of_their_own():
    assert values_of(CORRUPTIONS["gaussian"], (224, 224))[0] == 0.08
    assert values_of(CORRUPTIONS["gaussian"], (32, 32))[0] == 0.04


def test_what_each_does_to_an_answer_is_what_the_network_says():
    of = classifier(built(Linear))
    inputs = of.preprocessing.normalised(GREY[:, :8, :8] / 255)
    answer = predict(of, inputs)
    told: list[float] = []
    found = apply_corruptions(of, inputs, decision=decide(answer, 0), progress=told.append)
    assert found.names == tuple(CORRUPTIONS) and len(told) == len(CORRUPTIONS)
    for kind, name in enumerate(found.names):
        for place, value in enumerate(found.values[kind]):
            changed = corrupt(GREY[:, :8, :8], CORRUPTIONS[name], value)
            said = predict(of, of.preprocessing.normalised(changed / 255))
            assert found.winner[kind, place] == said.winner
            assert found.flipped[kind, place] == (said.winner != answer.winner)
            assert found.strength[kind, place] == pytest.approx(said.strength(answer.winner), abs=1e-5)
            assert found.largest[kind, place] == np.abs(changed.astype(int) - GREY[:, :8, :8]).max()
        first = found.first(kind)
        assert first is None or (found.flipped[kind, first] and not found.flipped[kind, :first].any())
