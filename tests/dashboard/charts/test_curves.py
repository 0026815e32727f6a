"""Curves on axes that let them be read."""

import dataclasses

import numpy as np
import pytest

from dashboard.charts.curves import CurveStyle, curves
from dashboard.records.curves import Line


def line(*values: float, split: str = "training") -> Line:
    return Line(run="one", split=split, steps=np.arange(len(values)), values=np.array(values), colour=0)


@pytest.mark.parametrize(
    ("lines", "mode"),
    [
        ([line(0.001, 0.001, 0.001)], "tozero"),
        ([line(0.001), line(0.001, split="validation")], "tozero"),
        ([line(0.001, 0.001), line(0.002, split="validation")], "normal"),
        ([line(0.5, 0.75)], "normal"),
        ([line()], "normal"),
    ],
)
def test_a_value_that_never_changes_is_seen_above_zero(lines, mode):
    assert curves("Learning rate", lines, ["#123456"], CurveStyle()).layout.yaxis.rangemode == mode


def two_runs() -> list[Line]:
    one = [line(0.5, 0.75), line(0.4, 0.7, split="validation")]
    return [*one, *(dataclasses.replace(each, run="two", colour=1) for each in one)]


def test_lines_have_their_colour_whole_and_are_thicker_than_the_grid():
    chart = curves("Loss", two_runs(), ["#123456", "#654321"], CurveStyle())
    assert [trace.line.color for trace in chart.data[:4]] == ["#123456"] * 2 + ["#654321"] * 2
    assert all(trace.opacity in (None, 1) for trace in chart.data)
    assert min(trace.line.width for trace in chart.data) >= 4 * chart.layout.yaxis.gridwidth


def test_ticks_are_read_from_the_back_of_a_room():
    layout = curves("Loss", two_runs(), ["#123456"], CurveStyle(ink="#abcdef")).layout
    for axis in (layout.xaxis, layout.yaxis):
        assert axis.tickfont.size >= 12 and axis.tickfont.color == "#abcdef"
    assert layout.xaxis.title.font.color == layout.legend.font.color == layout.title.font.color == "#abcdef"


def test_the_legend_stands_above_and_says_what_solid_and_dashed_are():
    chart = curves("Loss", two_runs(), ["#123456", "#654321"], CurveStyle(ink="#abcdef"))
    assert (chart.layout.legend.yanchor, chart.layout.legend.y) == ("bottom", 1.01)
    listed = [trace for trace in chart.data if trace.showlegend]
    assert [(trace.name, trace.line.dash, trace.line.color) for trace in listed] == [
        ("training", "solid", "#abcdef"),
        ("validation", "dash", "#abcdef"),
    ]
    # What is hidden by a click is hidden of every run.
    assert {trace.legendgroup for trace in chart.data} == {"training", "validation"}


def test_where_nothing_beside_it_names_the_runs_the_legend_does_and_the_chart_grows():
    page, alone = (
        curves("Loss", two_runs(), ["#123456"], CurveStyle(), names_runs=names_runs)
        for names_runs in (False, True)
    )
    assert [trace.name for trace in alone.data if trace.showlegend] == [
        "one, training",
        "one, validation",
        "two, training",
        "two, validation",
    ]
    room = [chart.layout.height - chart.layout.margin.t for chart in (page, alone)]
    assert room[0] == room[1]


def test_one_line_has_no_legend():
    assert not curves("Rate", [line(0.5, 0.75, split="")], ["#123456"], CurveStyle()).layout.showlegend


def test_what_counts_something_else_has_an_axis_of_its_own_below():
    epochs = dataclasses.replace(line(0.5, 0.4, split="validation"), unit="epoch")
    chart = curves("Loss", [line(*np.arange(100.0)), epochs], ["#123456"], CurveStyle(start=50, end=60))
    assert [trace.xaxis for trace in chart.data] == ["x", "x2"]
    layout = chart.layout
    assert (layout.xaxis.title.text, layout.xaxis2.title.text) == ("Step", "Epoch")
    assert layout.xaxis2.overlaying == "x" and layout.xaxis2.position == 0 < layout.yaxis.domain[0]
    # A stretch is one of steps.
    assert [len(trace.x) for trace in chart.data] == [11, 2]
    alone = curves("Loss", [epochs], ["#123456"], CurveStyle()).layout
    assert alone.xaxis.title.text == "Epoch" and alone.yaxis.domain[0] == 0


def test_an_older_session_is_faint_and_each_line_has_its_name():
    older = dataclasses.replace(line(0.5, 0.4), detail="session 1", is_faint=True)
    newer = dataclasses.replace(line(0.5, 0.4), detail="session 2")
    chart = curves("Loss", [older, newer], ["#123456"], CurveStyle())
    assert [(trace.name, trace.opacity, trace.showlegend) for trace in chart.data] == [
        ("training, session 1", 0.5, True),
        ("training, session 2", 1, True),
    ]
    many = curves("Loss", [older] * 20 + [newer], ["#123456"], CurveStyle())
    assert [trace.name for trace in many.data if trace.showlegend] == ["training, session 2"]


def test_steps_of_any_size_are_drawn_and_averages_begin_anew_with_each_line():
    steps = np.array([-3, -1, 0, 2**40, 2**53 + 1])
    odd = dataclasses.replace(line(1, 1, 1, 1, 1), steps=steps)
    assert curves("Loss", [odd], ["#123456"], CurveStyle()).data[0].x.tolist() == steps.tolist()
    lines = [line(8, 4, 0), line(0, 0, 0)]
    drawn = [trace.y.tolist() for trace in curves("Loss", lines, ["#123456"], CurveStyle(smoothing=0.5)).data]
    assert drawn == [pytest.approx([8, 16 / 3, 16 / 7]), [0, 0, 0]]
