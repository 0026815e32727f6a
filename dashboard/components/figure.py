"""Plotly's charts on a page: what their buttons do, and what happens when a point of one is clicked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import session
from dashboard.components import script

if TYPE_CHECKING:
    from streamlit.elements.plotly_chart import FigureOrData

# What Plotly offers above a chart: nothing; one button, which saves it; all of its own.
PLAIN: dict[str, Any] = {"displayModeBar": False}
SAVABLE: dict[str, Any] = {
    "displaylogo": False,
    "modeBarButtons": [["toImage"]],
    "toImageButtonOptions": {"scale": 2},
}
FULL: dict[str, Any] = {}
# Neither a wheel nor a double click moves it.
FIXED: dict[str, Any] = PLAIN | {"scrollZoom": False, "doubleClick": False}


def draw(
    chart: FigureOrData,
    *,
    key: str,
    alt: str | None,
    config: dict[str, Any] = PLAIN,
    choose: Callable[[Any], None] | None = None,
    place: DeltaGenerator | None = None,
) -> None:
    """A chart with its alternative text.

    Args:
        chart: a figure of Plotly.
        key: of the widget. A click leaves its point chosen there, so another state of the page takes another key.
        alt: what it shows, in words.
        config: one of those above.
        choose: called with what the clicked point carries as `customdata`; None where nothing can be clicked.
        place: where it goes; None means here.
    """
    (place or st).plotly_chart(
        chart,
        key=key,
        on_select="ignore" if choose is None else partial(_hand_on, key, choose),
        selection_mode="points",
        config=config,
        alt=alt,
    )
    if choose is not None:
        script.reach_marks(key, alt or "Chart")


def _hand_on(key: str, choose: Callable[[Any], None]) -> None:
    """Say which points were clicked; some belong to the drawing alone and carry nothing."""
    for point in session.entry(key)["selection"]["points"]:
        if "customdata" in point:
            choose(np.ravel(point["customdata"])[0])
