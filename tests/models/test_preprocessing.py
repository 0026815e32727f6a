"""From a picture to what a network reads, and back."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from models.preprocessing import LONGEST_ASPECT, Box, Preprocessing, cap_aspect
from models.runtime.errors import UserError

GREY = Preprocessing((4, 4), 4, (0.5,), (0.25,))
RGB = Preprocessing((4, 4), 4, (0.1, 0.2, 0.3), (0.5, 0.25, 0.2))


def test_channels_follow_from_the_mean():
    assert (GREY.channels, RGB.channels) == (1, 3)


def test_colours_become_grey_and_grey_colours():
    assert RGB.with_channels(1).mean == pytest.approx((0.2,))
    assert GREY.with_channels(3).std == (0.25,) * 3
    assert RGB.with_channels(3) is RGB


def test_pixels_are_scaled_and_normalised():
    picture = Image.new("RGB", (4, 4), (255, 51, 0))
    inputs = RGB.transforms()(picture)
    assert inputs.shape == (3, 4, 4)
    assert inputs[:, 0, 0].tolist() == pytest.approx([1.8, 0.0, -1.5], abs=1e-6)
    assert GREY.transforms()(Image.new("L", (4, 4), 255))[0, 0, 0] == pytest.approx(2.0)


def test_what_was_shown_comes_back():
    pixels = np.random.default_rng(0).integers(0, 256, (4, 4, 3), dtype=np.uint8)
    assert (RGB.display(RGB.transforms()(Image.fromarray(pixels))) == pixels).all()
    grey = GREY.display(GREY.transforms()(Image.fromarray(pixels[..., 0])))
    assert (grey == pixels[..., :1]).all() and grey.shape == (4, 4, 3)


def test_colours_are_normalised_as_pictures_are():
    colours = np.array([[1.0], [0.2], [0.0]])
    assert RGB.normalised(colours)[:, 0].tolist() == pytest.approx([1.8, 0.0, -1.5], abs=1e-6)
    assert RGB.normalised(colours).dtype == np.float32


def test_the_part_that_is_read_is_the_centre():
    centre = Preprocessing((2, 2), 4, (0.5,), (0.5,))
    assert centre.seen(40, 40) == Box(10, 10, 30, 30)
    assert centre.seen(80, 40) == Box(30, 10, 50, 30)
    squashed = Preprocessing((4, 4), (4, 4), (0.5,), (0.5,))
    assert squashed.seen(80, 40) == Box(0, 0, 80, 40)
    # A picture that is too long is cut before it is resized.
    assert squashed.seen(1000, 10) == Box(460, 0, 540, 10)


def test_the_part_that_is_said_is_the_part_that_is_read():
    column = np.repeat(np.arange(40, dtype=np.uint8)[:, None], 40, axis=1)
    nearest = Preprocessing((20, 20), 40, (0.0,), (1.0,), "nearest")
    rows = nearest.transforms()(Image.fromarray(column))[0, :, 0] * 255
    box = nearest.seen(40, 40)
    assert torch.equal(rows.round(), torch.arange(box.top, box.bottom))


def test_only_the_middle_of_a_long_picture_is_kept():
    assert cap_aspect(Image.new("L", (100, 10))).size == (10 * LONGEST_ASPECT, 10)
    assert cap_aspect(Image.new("L", (10, 1000))).size == (10, 10 * LONGEST_ASPECT)
    picture = Image.new("L", (80, 10))
    assert cap_aspect(picture) is picture


FOUR = RGB.with_planes("rgb1")


def test_channels_that_no_picture_fills_hold_the_same_for_each_and_a_person_sees_the_picture():
    pixels = np.random.default_rng(0).integers(0, 256, (4, 4, 3), dtype=np.uint8)
    inputs = FOUR.transforms()(Image.fromarray(pixels))
    torch.testing.assert_close(inputs[:3], RGB.transforms()(Image.fromarray(pixels)))
    assert inputs.shape == (4, 4, 4) and bool((inputs[3] == 1).all())
    assert (FOUR.display(inputs) == pixels).all() and FOUR.colours == 3
    assert (FOUR.normalised(np.zeros((4, 1, 1)))[3] == 1).all()
    assert not RGB.with_planes("rgb0").transforms()(Image.fromarray(pixels))[3].any()


def test_colours_may_stand_the_other_way_round_or_beside_their_grey():
    pixels = np.random.default_rng(0).integers(0, 256, (4, 4, 3), dtype=np.uint8)
    picture = Image.fromarray(pixels)
    turned = RGB.with_planes("bgr")
    torch.testing.assert_close(turned.transforms()(picture), RGB.transforms()(picture).flip(0))
    assert (turned.display(turned.transforms()(picture)) == pixels).all()
    beside = RGB.with_planes("rgbl").pixels()(picture)
    assert np.abs(beside[3].numpy().astype(int) - np.asarray(picture.convert("L"))).max() <= 1
    twice = GREY.with_planes("ll")
    assert twice.colours == 1 and twice.transforms()(picture).shape == (2, 4, 4)
    assert RGB.with_planes("rgb") == RGB and FOUR.with_channels(3).planes == ""


def test_what_more_channels_hold_is_never_guessed():
    unsaid = Preprocessing((4, 4), 4, (0.5,) * 4, (0.5,) * 4)
    with pytest.raises(UserError, match="reads 4 channels, and what each of them holds is not said"):
        unsaid.transforms()(Image.new("RGB", (4, 4)))
    assert unsaid.with_planes("rgb1").mean == unsaid.mean
