"""What of a report becomes a slide: the finding, and the block that is seen from farthest away."""

from __future__ import annotations

import dataclasses

import plotly.graph_objects as go
import pytest

from dashboard.report import html
from dashboard.report.contents import (
    Bar,
    Bars,
    Block,
    Chart,
    Numbers,
    Picture,
    Pictures,
    Report,
    Section,
    Words,
)
from dashboard.report.slides import TALL, Slide, slides
from tests.dashboard.pages.app import png

PICTURE = Picture(png("teal"), "A picture")
TITLED = dataclasses.replace(PICTURE, title="A map")
BARS, NUMBERS = Bars((Bar("seven", 0.9, "90 %"),)), Numbers((("Leaves", "8"),))


def chart(height: int) -> Chart:
    return Chart.of(go.Figure(layout={"height": height}), "A chart")


def report(*sections: Section) -> Report:
    return Report("It is a 7.", "CNN", PICTURE, "today", (), sections, (), ())


def shown(*blocks: Block) -> Block | None:
    return slides(report(Section("a", "The answer", "A 7.", blocks=blocks)))[1].block


def test_the_title_comes_first_and_what_is_refused_is_left_out():
    first, second = slides(
        report(Section("a", "The answer", "A 7."), Section("b", "Rules", "No tree.", refused=True))
    )
    assert first == Slide("CNN", "It is a 7.", Pictures((PICTURE,)))
    assert second == Slide("The answer", "A 7.", None)


@pytest.mark.parametrize(
    ("blocks", "best"),
    [
        ((Words("Hello."), NUMBERS, chart(300)), 2),
        ((Pictures((PICTURE,)), BARS), 1),
        ((Pictures((TITLED,)), BARS), 0),
        ((NUMBERS, chart(TALL + 1)), 0),
        ((Words("Hello."), chart(TALL + 1)), 1),
    ],
)
def test_what_is_seen_from_farthest_away_is_shown(blocks, best):
    assert shown(*blocks) is blocks[best] or shown(*blocks) == blocks[best]


def test_of_large_pictures_two_are_shown_and_of_small_ones_all():
    three = Pictures((TITLED,) * 3)
    assert shown(three) == Pictures((TITLED,) * 2)
    many = Pictures((TITLED,) * 9, across=4)
    assert shown(many) is many
    assert shown(Pictures((TITLED,) * 3, across=4)) == Pictures((TITLED,) * 3, across=2)


def test_the_file_says_which_slide_is_first():
    text = html.render_slides(report(Section("a", "The answer", "A 7.", blocks=(BARS,))), 2).decode()
    assert 'data-start="2"' in text and text.count('aria-roledescription="slide"') == 2


def test_a_long_chart_has_a_lower_one_on_its_slide():
    low = chart(300)
    assert shown(dataclasses.replace(chart(600), brief=low)) is low


def test_names_are_whole_in_large_type():
    assert html.whole("ResNet-18 is sure.") == "ResNet-\u206018 is sure."
