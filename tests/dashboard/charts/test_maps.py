"""Maps over photos."""

import io

import numpy as np
import pytest
from PIL import Image

from dashboard.charts import maps
from dashboard.charts.palette import colours_of
from dashboard.records.attribution import Attribution, Outcome
from models.preprocessing import Box, Preprocessing

GENERATOR = np.random.default_rng(0)
PHOTO = GENERATOR.integers(0, 256, (224, 224, 3), dtype=np.uint8)
DIGIT = GENERATOR.integers(0, 256, (28, 28, 1), dtype=np.uint8).repeat(3, axis=2)


def attribution(values, *, signed=True):
    kept = None if values is None else np.asarray(values, dtype=np.float32)
    return Attribution("method", kept, kept, signed, Outcome("clean"), 1.0, 0.1, 0.1)


def pixels(png):
    with Image.open(io.BytesIO(png)) as picture:
        assert picture.format == "PNG"
        return np.asarray(picture.convert("RGB"))


def noise(shape=(224, 224), seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def overlaid(crop, values, *, limit=1.0, strength=0.7, signed=True):
    return pixels(maps.overlay(crop, attribution(values, signed=signed), limit=limit, strength=strength))


@pytest.mark.parametrize("crop", [PHOTO, DIGIT], ids=["photo", "digit"])
@pytest.mark.parametrize("signed", [True, False])
def test_without_strength_there_is_only_the_photo(crop, signed):
    drawn = overlaid(crop, noise(crop.shape[:2]), strength=0.0, signed=signed)
    assert np.array_equal(drawn, np.asarray(maps.enlarge(crop)))


@pytest.mark.parametrize("signed", [True, False])
def test_at_full_strength_the_strongest_parts_hide_the_photo(signed):
    values = np.zeros((28, 28))
    values[3, 4], values[20, 21] = 2.0, 1.0
    drawn = overlaid(DIGIT, values, strength=1.0, signed=signed)
    end = colours_of(np.array([[1.0]]), 1.0, signed=signed)[0, 0].round()
    for row, column in ((3, 4), (20, 21)):
        assert np.array_equal(drawn[16 * row + 8, 16 * column + 8], end)


def test_where_a_map_is_zero_the_photo_stays_in_grey():
    values = np.zeros((28, 28))
    values[0, 0] = 1.0
    drawn = overlaid(DIGIT, values, strength=1.0)
    assert np.array_equal(drawn[16:, 16:], np.asarray(maps.enlarge(DIGIT))[16:, 16:])


def test_for_and_against_are_told_apart_and_zero_lies_in_the_middle():
    against, zero, speaks_for = colours_of(np.array([[-1.0, 0.0, 1.0]]), 1.0, signed=True)[0]
    assert against[0] > against[2]
    assert speaks_for[2] > speaks_for[0]
    assert np.ptp(zero) == 0


def test_what_lies_beyond_the_scale_takes_its_end():
    values = np.array([[-1e30, -1.0, 1.0, 1e30]])
    signed = colours_of(values, 1.0, signed=True)[0]
    assert np.array_equal(signed[0], signed[1])
    assert np.array_equal(signed[2], signed[3])
    assert np.array_equal(*colours_of(np.array([[-5.0, 0.0]]), 1.0, signed=False)[0])


def test_the_photo_stays_recognisable():
    drawn = overlaid(PHOTO, noise(), limit=3.0, strength=0.7).astype(float)
    photo = np.asarray(maps.enlarge(PHOTO)).astype(float)
    assert np.corrcoef(drawn.mean(2).ravel(), photo.mean(2).ravel())[0, 1] > 0.5


@pytest.mark.parametrize(
    "values",
    [
        np.zeros((28, 28)),
        np.full((28, 28), 1e-45),
        np.full((28, 28), 3e38),
        np.array([3e38] + [1e-40] * 783).reshape(28, 28),
    ],
    ids=["zero", "tiny", "huge", "both"],
)
@pytest.mark.parametrize("signed", [True, False])
def test_extreme_maps_are_drawn(values, signed):
    one = attribution(values, signed=signed)
    limit = maps.scale_limit([one])
    assert limit > 0
    assert pixels(maps.overlay(DIGIT, one, limit=limit, strength=1.0)).shape == (448, 448, 3)


def test_compared_maps_share_the_largest_scale():
    small, large = attribution(noise()), attribution(10 * noise(seed=1))
    assert maps.scale_limit([small, large]) == maps.scale_limit([large])
    assert maps.scale_limit([large]) == pytest.approx(np.percentile(np.abs(large.values), 99.5))
    assert maps.scale_limit([small, attribution(None)]) == maps.scale_limit([small])


def test_one_bright_pixel_does_not_set_the_scale_unless_it_is_all_there_is():
    values = np.ones((100, 100))
    values[0, 0] = 1e6
    assert maps.scale_limit([attribution(values)]) == pytest.approx(1)
    alone = np.zeros((100, 100))
    alone[0, 0] = -7
    assert maps.scale_limit([attribution(alone)]) == pytest.approx(7)


def test_maps_of_nothing_have_a_scale():
    assert maps.scale_limit([]) == 1
    assert maps.scale_limit([attribution(np.zeros((4, 4))), attribution(None)]) == 1


@pytest.mark.parametrize("side", [1, 8, 28, 30, 32, 48, 64])
def test_small_pictures_are_scaled_pixel_by_pixel(side):
    picture = GENERATOR.integers(0, 256, (side, side, 3), dtype=np.uint8)
    large = np.asarray(maps.enlarge(picture))
    factor = len(large) // side
    assert len(large) >= maps.SIDE
    assert np.array_equal(large, picture.repeat(factor, 0).repeat(factor, 1))


def test_photos_are_scaled_smoothly():
    large = np.asarray(maps.enlarge(PHOTO))
    assert large.shape == (448, 448, 3)
    assert not np.array_equal(large, PHOTO.repeat(2, 0).repeat(2, 1))


@pytest.mark.parametrize(
    ("shape", "size"),
    [
        ((448, 448, 3), (448, 448)),
        ((600, 900, 3), (900, 600)),
        ((100, 200, 3), (448, 224)),
        ((1, 30, 3), (450, 15)),
    ],
)
def test_the_aspect_stays(shape, size):
    assert maps.enlarge(np.zeros(shape, np.uint8)).size == size


def test_the_scale_bar_runs_from_end_to_end():
    signed, magnitude = pixels(maps.scale_bar(signed=True)), pixels(maps.scale_bar(signed=False))
    assert signed.shape == magnitude.shape == (10, 448, 3)
    for bar, sign in ((signed, True), (magnitude, False)):
        ends = colours_of(np.array([[-1.0 if sign else 0.0, 1.0]]), 1.0, signed=sign)[0].round()
        assert np.array_equal(bar[5, [0, -1]], ends)
    assert np.ptp(signed[5, 224].astype(int)) < 12


def lit(whole, size, box):
    """Where the whole picture, all white, is not darkened: the middle of each of its pixels, as they are drawn."""
    drawn = pixels(maps.whole_with_crop(np.full((*whole, 3), 255, np.uint8), size, box))
    factor = len(drawn) // whole[0]
    assert drawn.shape == (factor * whole[0], factor * whole[1], 3)
    return drawn[factor // 2 :: factor, factor // 2 :: factor, 0] == 255


def test_a_small_picture_that_is_read_whole_keeps_every_pixel():
    drawn = pixels(maps.whole_with_crop(DIGIT, (28, 28), Box(0, 0, 28, 28)))
    assert np.array_equal(drawn, DIGIT.repeat(16, 0).repeat(16, 1))


def test_the_frame_of_a_crop_is_two_pixels_of_the_drawing():
    black = np.zeros((28, 28, 3), np.uint8)
    drawn = pixels(maps.whole_with_crop(black, (28, 28), Box(4, 8, 24, 28)))
    expected = np.zeros((448, 448, 3), np.uint8)
    expected[128:448, 64:384] = 255
    expected[130:446, 66:382] = 0
    assert np.array_equal(drawn, expected)


@pytest.mark.parametrize(("right", "framed"), [(100, False), (99, True)])
def test_a_photo_is_framed_where_a_part_of_it_is_read(right, framed):
    whole = np.zeros((100, 100, 3), np.uint8)
    with Image.open(io.BytesIO(maps.whole_with_crop(whole, (100, 100), Box(0, 0, right, 100)))) as picture:
        assert (picture.format, picture.size) == ("JPEG", (100, 100))
        assert (np.asarray(picture).max() > 200) == framed


def test_what_the_network_does_not_read_is_darkened():
    found = lit((50, 100), (200, 100), Box(50, 20, 150, 80))
    expected = np.zeros((50, 100), bool)
    expected[10:40, 25:75] = True
    assert np.array_equal(found, expected)


@pytest.mark.parametrize("box", [Box(-50, -50, 250, 150), Box(0, 0, 200, 100), Box(-1e9, -1e9, 1e9, 1e9)])
def test_a_crop_beyond_the_edges_is_the_whole_picture(box):
    assert lit((50, 100), (200, 100), box).all()


@pytest.mark.parametrize("box", [Box(-90, -90, -10, -10), Box(300, 300, 400, 400), Box(50, 50, 50, 50)])
def test_a_crop_outside_or_without_extent_leaves_a_mark(box):
    assert lit((50, 100), (200, 100), box).sum() == 1


@pytest.mark.parametrize("size", [(1, 20_000), (20_000, 1), (1, 1), (2, 3)])
def test_extreme_pictures_show_where_the_crop_lies(size):
    box = Preprocessing((224, 224), 256, (0.5,) * 3, (0.5,) * 3).seen(*size)
    scale = min(1.0, 800 / max(size))
    whole = (max(1, round(size[1] * scale)), max(1, round(size[0] * scale)))
    found = lit(whole, size, box)
    assert found.any()
    if max(size) == 20_000:
        assert found.sum() <= 2
        assert found.ravel()[395:405].any()


def test_a_sheet_holds_the_picture_its_scale_and_its_lines():
    picture = maps.overlay(PHOTO, attribution(noise()), limit=1.0, strength=0.7)
    sheet = pixels(
        maps.sheet(
            picture, ["Grad-CAM, EfficientNet-Lite0", "giant panda"], ("-1 against", "1 for"), signed=True
        )
    )
    shown = pixels(picture)
    assert np.array_equal(sheet[: len(shown), : shown.shape[1]], shown)
    assert len(sheet) == len(shown) + 56 + 40
    below = sheet[len(shown) :]
    bar = below[12:24, 16:-16].astype(int)
    assert bar[6, 0, 0] - bar[6, 0, 2] > 60  # orange at its left end
    assert bar[6, -1, 2] - bar[6, -1, 0] > 60  # blue at its right end
    lines = below[50:].min(axis=(1, 2))
    assert (lines[:20] < 100).any()
    assert (lines[20:40] < 100).any()


@pytest.mark.parametrize(
    "line",
    ["", "x" * 10_000, "a\nb\nc", "a\0b", "鳥 \u202e <script>", "\ud800"],
    ids=lambda line: repr(line[:8]),
)
def test_a_sheet_takes_any_line(line):
    picture = maps.png(maps.enlarge(DIGIT))
    assert pixels(maps.sheet(picture, [line], ("0", "1"), signed=False)).shape == (448 + 76, 448, 3)


def test_a_sheet_of_a_narrow_picture_has_room_for_its_lines():
    picture = maps.png(Image.new("RGB", (16, 448)))
    assert pixels(maps.sheet(picture, ["line"], ("0", "1"), signed=False)).shape == (448 + 76, 448, 3)


def test_the_numbers_come_back_without_pickle():
    values, raw = noise().astype(np.float32), noise((1, 320, 7, 7)).astype(np.float32)
    one = Attribution("method", values, raw, True, Outcome("clean"), 1.0, 0.1, 0.1)
    with np.load(io.BytesIO(maps.npz(one, PHOTO)), allow_pickle=False) as file:
        assert sorted(file.files) == ["crop", "raw", "values"]
        assert np.array_equal(file["values"], values)
        assert np.array_equal(file["raw"], raw)
        assert np.array_equal(file["crop"], PHOTO)
        assert (file["values"].dtype, file["crop"].dtype) == (np.float32, np.uint8)
