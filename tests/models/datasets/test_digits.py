"""Photos made of MNIST's own digits must come back as those digits."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from models.datasets import embedded
from models.datasets.digits import as_digit, is_digit, otsu
from models.photos.decoding import decode
from models.photos.samples import PHOTOS

DIGITS = embedded.arrays(embedded.FOLDER / "mnist_10k.npz").pixels["test"][::50]  # (40, 28, 28)


def photo(digit, *, paper=205, ink=60, noise=6.0, shade=0.0, scale=12, specks=0.0, seed=0):
    """A digit written on paper that is lit from one side, off centre, seen by a noisy camera."""
    rng = np.random.default_rng(seed)
    enlarged = Image.fromarray(digit).resize((28 * scale, 28 * scale), Image.Resampling.BICUBIC)
    strokes = np.pad(np.asarray(enlarged) / 255, ((3 * scale, 6 * scale), (5 * scale, 4 * scale)))
    levels = paper + (ink - paper) * strokes + shade * np.linspace(-1, 1, strokes.shape[1])
    levels += rng.normal(0, noise, levels.shape)
    levels[rng.random(levels.shape) < specks] = ink
    return Image.fromarray(np.clip(levels, 0, 255).astype(np.uint8))


def likeness(digit, picture):
    """The best correlation over shifts of at most one pixel: a centre of mass may round either way."""
    found = np.asarray(picture).ravel()
    shifts = [np.roll(digit, (dy, dx), (0, 1)) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    return max(np.corrcoef(shifted.ravel(), found)[0, 1] for shifted in shifts)


@pytest.mark.slow
@pytest.mark.parametrize(
    "conditions",
    [
        {},
        {"noise": 0},
        {"noise": 20},
        {"paper": 50, "ink": 220},
        {"ink": 150},
        {"shade": 50},
        {"specks": 1e-3},
        {"scale": 4},
        {"scale": 40},
    ],
    ids=str,
)
def test_finds_the_digit_of_a_photo(conditions):
    likenesses = [likeness(d, as_digit(photo(d, **conditions))) for d in DIGITS]
    assert min(likenesses) > 0.8
    assert np.mean(likenesses) > 0.93


def test_leaves_mnist_as_it_is():
    likenesses = [likeness(d, as_digit(Image.fromarray(d))) for d in DIGITS]
    assert min(likenesses) > 0.8
    assert np.mean(likenesses) > 0.95


def test_colour_and_size_do_not_matter():
    grey = photo(DIGITS[0])
    assert as_digit(grey) == as_digit(grey.convert("RGB"))
    assert likeness(DIGITS[0], as_digit(grey.resize((1000, 1000)))) > 0.8


@pytest.mark.slow
def test_places_ink_as_mnist_does():
    for digit in DIGITS:
        ink = np.asarray(as_digit(photo(digit)), dtype=float)
        rows, columns = np.nonzero(ink.sum(1))[0], np.nonzero(ink.sum(0))[0]
        assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
        centre = (ink.sum(1) @ np.arange(28), ink.sum(0) @ np.arange(28)) / ink.sum()
        assert np.abs(centre - 14).max() <= 0.5
        assert ink.max() == 255


def test_keeps_a_digit_that_hugs_the_edge_of_its_box_in_the_field():
    strokes = np.zeros((100, 100), np.uint8)
    strokes[20:80, 20:23], strokes[78:80, 20:80] = 255, 255  # an L: its centre of mass is far from its middle
    found = np.asarray(as_digit(Image.fromarray(strokes)))
    rows, columns = np.nonzero(found.sum(1))[0], np.nonzero(found.sum(0))[0]
    assert np.ptp(rows) + 1 == np.ptp(columns) + 1 == 20


@pytest.mark.parametrize("level", [0, 128, 255])
@pytest.mark.parametrize("size", [(1, 1), (1, 7), (28, 28), (300, 200)])
def test_a_constant_picture_is_black(level, size):
    picture = as_digit(Image.new("L", size, level))
    assert (picture.mode, picture.size) == ("L", (28, 28))
    assert not np.asarray(picture).any()


@pytest.mark.parametrize("size", [(1, 1), (2, 1), (3, 3), (5, 400)])
def test_any_size_gives_a_picture(size):
    levels = np.random.default_rng(0).integers(0, 256, size[::-1], dtype=np.uint8)
    assert as_digit(Image.fromarray(levels)).size == (28, 28)


def test_empty_paper_is_black():
    assert not np.asarray(as_digit(photo(np.zeros((28, 28), np.uint8)))).any()


def test_does_not_change_the_photo():
    picture = photo(DIGITS[0])
    before = picture.copy()
    as_digit(picture)
    assert picture == before


@pytest.mark.parametrize("seed", range(5))
def test_otsu_agrees_with_its_definition(seed):
    rng = np.random.default_rng(seed)
    levels = np.clip(np.concatenate([rng.normal(60, 20, 300), rng.normal(170, 25, 200)]), 0, 255).astype(
        np.uint8
    )

    def variance_between(level):
        low, high = levels[levels <= level], levels[levels > level]
        if not (low.size and high.size):
            return 0.0
        return low.size * high.size * (low.mean() - high.mean()) ** 2

    assert otsu(levels) == max(range(256), key=variance_between)


@pytest.mark.parametrize("conditions", [{}, {"paper": 50, "ink": 220}, {"shade": 25.0, "noise": 10}])
def test_digits_on_paper_look_like_digits(conditions):
    assert all(is_digit(photo(digit, **conditions)) for digit in DIGITS[:10])


def test_other_photos_do_not():
    assert not [name for name, sample in PHOTOS.items() if is_digit(decode(sample.path.read_bytes(), name))]
    noise = np.random.default_rng(0).integers(0, 256, (64, 64), np.uint8)
    two = np.zeros((64, 64), np.uint8)
    two[10:50, 8:14] = two[10:50, 40:46] = 255
    for pixels in (noise, two, np.full((64, 64), 7, np.uint8), np.zeros((1, 1), np.uint8)):
        assert not is_digit(Image.fromarray(pixels))
