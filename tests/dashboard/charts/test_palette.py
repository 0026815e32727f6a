"""The scales of colours at their ends and in their middle."""

from __future__ import annotations

import itertools
import re
import tomllib

import numpy as np
import pytest

from dashboard.charts.palette import AGAINST, CLASSES, FOR, GRID, MARK, colours_of, ink_on, with_opacity
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


# What eyes without one of the three cones see of linear RGB: Machado, Oliveira and Fernandes, 2009, severity 1.
EYES = {
    "all cones": np.eye(3),
    "no red cones": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "no green cones": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "no blue cones": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def oklab(colour: str, eye: np.ndarray) -> np.ndarray:
    """A colour as Ottosson's OKLab, in which 0.02 is about the least difference that is seen side by side."""
    parts = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    linear = np.clip(eye @ np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4), 0, 1)
    cones = [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
    axes = [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
    return np.asarray(np.array(axes) @ np.cbrt(np.array(cones) @ linear))


def test_lightness_is_that_of_oklab():
    assert oklab("#ffffff", np.eye(3)) == pytest.approx([1, 0, 0], abs=1e-4)
    assert oklab("#ff0000", np.eye(3)) == pytest.approx([0.628, 0.2249, 0.1258], abs=1e-3)


@pytest.mark.parametrize(("eye", "least"), [(eye, 0.13 if eye == "all cones" else 0.07) for eye in EYES])
def test_ten_classes_have_ten_colours_for_every_eye(eye, least):
    seen = [oklab(colour, EYES[eye]) for colour in CLASSES]
    distances = [np.linalg.norm(one - other) for one, other in itertools.combinations(seen, 2)]
    assert len(distances) == 45 and min(distances) >= least


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_classes_can_be_told_from_the_ground(scheme):
    theme = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"]
    assert min(contrast(colour, theme[scheme]["backgroundColor"]) for colour in CLASSES) >= 3


def test_there_is_one_blue():
    theme = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"]
    assert theme["light"]["primaryColor"] == theme["chartCategoricalColors"][0] == CLASSES[0]
    logo = (ROOT / "assets" / "logo.svg").read_text(encoding="utf-8")
    assert {*re.findall("#[0-9a-f]{6}", logo)} == {CLASSES[0], theme["dark"]["primaryColor"]}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_pressed_can_be_read(scheme):
    theme = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"]
    colours = theme[scheme]
    # As a ground below the page's ground (style.css), and as words on it.
    assert contrast(colours["primaryColor"], colours["backgroundColor"]) >= 4.5
    assert contrast(colours["borderColor"], colours["backgroundColor"]) >= 3
