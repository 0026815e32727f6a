"""The scales of colours at their ends and in their middle."""

from __future__ import annotations

import tomllib

import numpy as np
import pytest

from dashboard.charts.palette import AGAINST, FOR, colours_of, with_opacity
from tests.paths import ROOT

CONFIG = ROOT / ".streamlit" / "config.toml"


@pytest.mark.parametrize(
    ("share", "colour"),
    [
        (-9.0, (179, 88, 6)),
        (-1.0, (179, 88, 6)),
        (-0.5, (241, 163, 64)),
        (0.0, (247, 247, 247)),
        (0.5, (67, 147, 195)),
        (1.0, (5, 90, 160)),
        (9.0, (5, 90, 160)),
    ],
)
def test_the_scale_of_signs_has_a_neutral_middle(share, colour):
    assert colours_of(np.array([[2 * share]]), 2.0, signed=True)[0, 0] == pytest.approx(colour)


def test_the_scale_of_magnitudes_begins_dark_and_ends_bright():
    colours = colours_of(np.array([[-1.0, 0.0, 3.0, 4.0]]), 3.0, signed=False)
    assert colours.shape == (1, 4, 3)
    assert colours[0, 0] == pytest.approx((68, 1, 84)) and colours[0, 1] == pytest.approx((68, 1, 84))
    assert colours[0, 2] == pytest.approx((253, 231, 37)) and colours[0, 3] == pytest.approx((253, 231, 37))


def test_the_scale_of_signs_is_symmetric_in_its_lightness():
    values = np.linspace(0, 1, 51)
    light = [colours_of(sign * values[None], 1.0, signed=True)[0].mean(1) for sign in (1, -1)]
    assert np.abs(light[0] - light[1]).max() < 30


def test_a_colour_gets_an_opacity():
    assert with_opacity("#3b6fb6", 0.25) == "rgba(59,111,182,0.25)"


def test_the_ends_of_the_scale_of_signs_stand_for_and_against():
    assert (FOR, AGAINST) == ("#055aa0", "#b35806")


def test_the_theme_has_no_second_scale():
    theme = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"]
    assert [name for name in theme if name.startswith("chart")] == ["chartCategoricalColors"]
