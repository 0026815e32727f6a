"""Bars of shares along the depth."""

from __future__ import annotations

from dashboard.charts.architecture.stages import stage_bars

NAMES = ["conv_stem", "a.rather.long.name.of.a.stage", "<b>"]


def test_a_panel_for_each_measure_and_a_bar_for_each_stage():
    figure = stage_bars(
        NAMES, {"Parameters": [0.5, 0.5, 0.0], "Time": [0.1, 0.2, 0.7]}, ["#111111", "#222222"]
    )
    assert [list(trace.x) for trace in figure.data] == [[0.5, 0.5, 0.0], [0.1, 0.2, 0.7]]
    assert [note.text for note in figure.layout.annotations] == ["Parameters", "Time"]
    assert list(figure.layout.yaxis.ticktext) == ["conv_stem", "…ther.long.name.of.a.stage", "&lt;b&gt;"]
    assert figure.data[1].hovertext[2] == "&lt;b&gt;: 70 % of time"
    # One scale for all panels, and the first stage on top.
    assert figure.layout.xaxis.range == figure.layout.xaxis2.range
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]


def test_a_share_too_small_for_its_number_has_none():
    figure = stage_bars(["one", "two"], {"Time": [0.999, 0.001]}, ["#111111"])
    assert list(figure.data[0].text) == ["99.9 %", ""]
