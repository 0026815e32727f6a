"""Charts on a page: what their buttons do, their alternative text, and what a click hands on."""

from __future__ import annotations

import json

import numpy as np

from dashboard import session
from dashboard.components import figure
from tests.dashboard.components.component import drawn


def script():
    import plotly.graph_objects as go
    import streamlit as st

    from dashboard.components import figure

    chart = go.Figure(go.Scatter(x=[0, 1], y=[2, 3], customdata=["a", "b"]))
    figure.draw(chart, key="plain", alt="Two points")
    figure.draw(chart, key="save", alt=None, config=figure.SAVABLE, place=st.container())
    figure.draw(chart, key="fixed", alt="Two", config=figure.FIXED, choose=st.write)


def test_each_chart_has_its_buttons_and_its_alternative_text():
    app = drawn(script)
    plain, save, fixed = (app.get_by_key(key).proto for key in ("plain", "save", "fixed"))
    assert json.loads(plain.config)["displayModeBar"] is False
    assert json.loads(save.config)["modeBarButtons"] == [["toImage"]]
    assert json.loads(fixed.config).items() >= {"displayModeBar": False, "doubleClick": False}.items()
    assert [chart.alt for chart in (plain, save, fixed)] == ["Two points", "", "Two"]
    assert json.loads(plain.spec)["data"][0]["y"] == [2, 3]


def test_only_what_can_be_clicked_is_a_widget():
    app = drawn(script)
    assert [bool(app.get_by_key(key).proto.selection_mode) for key in ("plain", "save", "fixed")] == [
        False,
        False,
        True,
    ]


def test_a_click_hands_on_what_its_point_carries(monkeypatch):
    points = [{"customdata": "block:a"}, {"x": 1}, {"customdata": [7]}]
    monkeypatch.setattr(session, "entry", {"key": {"selection": {"points": points}}}.get)
    chosen: list[object] = []
    figure._hand_on("key", chosen.append)
    assert chosen == ["block:a", 7] and isinstance(chosen[1], np.integer)
