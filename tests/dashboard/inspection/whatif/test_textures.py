"""Textures and colours: drawn from a seed, each of its kind, and written by a command."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from dashboard.inspection.whatif import textures


@pytest.mark.parametrize("name", textures.names(3))
def test_pictures_are_whole_levels_and_the_same_each_time(name):
    drawn = textures.draw_many(name, 3, (16, 20), 3)
    assert drawn.shape == (3, 3, 16, 20) and drawn.min() >= 0 and drawn.max() <= 1
    assert np.allclose(drawn * 255, np.rint(drawn * 255))
    assert np.array_equal(drawn, textures.draw_many(name, 3, (16, 20), 3))
    assert not np.array_equal(drawn[0], drawn[1])
    assert not np.array_equal(drawn, textures.draw_many(name, 3, (16, 20), 3, seed=1))


def test_grey_has_textures_alone_and_a_texture_two_shades():
    assert textures.names(1) == tuple(textures.TEXTURES)
    (checks,) = textures.draw_many("checks", 1, (32, 32), 1)
    assert len(np.unique(checks)) == 2
    red = textures.draw_many("red", 4, (16, 16), 3).mean((0, 2, 3))
    assert red[0] > 2 * max(red[1], red[2])
    assert textures.draw_many("", 5, (8, 8), 1).shape == (5, 1, 8, 8)


def test_what_wears_a_texture_is_black_where_it_was():
    plain = np.zeros((2, 1, 8, 8))
    plain[:, :, 2:6] = 1
    worn = textures.worn(plain, "stripes")
    assert not worn[:, :, :2].any() and not worn[:, :, 6:].any()
    assert np.array_equal(worn[:, :, 2:6], textures.draw_many("stripes", 2, (8, 8), 1)[:, :, 2:6])


def test_a_command_writes_a_folder_for_each(tmp_path):
    textures.write(tmp_path, count=2)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(textures.names(3))
    with Image.open(tmp_path / "stripes" / "000.png") as picture:
        assert picture.size == (224, 224)
