"""What a report holds, and every text that is read in it."""

from __future__ import annotations

import json

import plotly.graph_objects as go
import pytest

from dashboard.report.contents import (
    Bar,
    Bars,
    Chart,
    Numbers,
    Picture,
    Pictures,
    Points,
    Scale,
    Section,
    Table,
    Words,
)

PICTURE = Picture(
    b"",
    "not read",
    title="Title",
    caption="Below",
    scale=Scale(b"", ("low", "high")),
    remarks=(Words("Mind"),),
)


@pytest.mark.parametrize(
    ("block", "texts"),
    [
        (Words("One."), ["One."]),
        (Points(("One.", "Two."), numbered=True), ["One.", "Two."]),
        (Numbers((("Accuracy", "97 %"),)), ["Accuracy"]),
        (Bars((Bar("seven", 0.9, "90 %"),)), ["seven"]),
        (Pictures((PICTURE,)), ["Title", "Below", "Mind", "low", "high"]),
        (Table(("A", "B"), (("1", "2"),), "All"), ["All", "A", "B"]),
    ],
)
def test_every_text_of_a_block_is_read(block, texts):
    assert list(block.texts()) == texts
    assert list(Section("a", "A", "Found.", blocks=(block,)).texts()) == ["Found.", *texts]


def test_a_chart_carries_its_figure_and_the_words_in_it():
    figure = go.Figure(go.Bar(x=[1], y=[2], name="loss", customdata=["hidden"], hovertext=["hidden"]))
    figure.update_layout(height=300, title="Curves", xaxis_title="Step")
    chart = Chart.of(figure, "A bar", "Below it")
    assert (chart.height, chart.alt, chart.wide) == (300, "A bar", False)
    assert next(chart.texts()) == "Below it" and {"loss", "Curves", "Step"} <= set(chart.texts())
    assert "hidden" not in set(chart.texts())
    assert json.loads(chart.figure)["data"][0]["name"] == "loss"
