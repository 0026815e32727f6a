"""The scales of colours at their ends and in their middle."""

from __future__ import annotations

import tomllib

import numpy as np
import pytest

from dashboard.charts.palette import AGAINST, FOR, GRID, MARK, colours_of, ink_on, with_opacity
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


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, as WCAG 2.2 defines it."""
    parts = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def contrast(colour: str, ground: str) -> float:
    """The ratio of WCAG 2.2, from 1 to 21."""
    dark, bright = sorted((luminance(colour), luminance(ground)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("grey", range(0, 256, 5))
def test_words_on_any_colour_can_be_read(grey):
    ground = f"#{grey:02x}{grey:02x}{grey:02x}"
    assert contrast(ground, ink_on(ground)) >= 4.5


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    # The grey that is known to pass by a hair.
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lines_and_words_can_be_told_from_the_ground_on_a_projector(scheme):
    theme = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"]
    grounds = [theme[scheme][name] for name in ("backgroundColor", "secondaryBackgroundColor")]
    lines = [*theme["chartCategoricalColors"], MARK]
    assert min(contrast(line, grounds[0]) for line in lines) >= 3
    assert min(contrast(theme[scheme]["textColor"], ground) for ground in grounds) >= 4.5
    # What the lines lie on stays behind them.
    assert contrast(GRID[scheme], grounds[0]) < 2
