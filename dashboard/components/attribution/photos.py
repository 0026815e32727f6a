"""Predictions for all of a visitor's own photos, in a table to pick from."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import session
from dashboard.components import tables
from dashboard.components.wait import wait
from dashboard.results.photos import Row, photo_table
from dashboard.view import View
from dashboard.wording.answer import terms


def table(view: View) -> None:
    """Predictions for all own pictures, to pick from and to take away as CSV. Nothing for fewer than two."""
    own = session.own_pictures()
    if len(own) < 2:
        return
    st.subheader(f"Your {len(own)} photos")
    rows = wait(photo_table(view, own, session.owner()))
    measure = terms(view.prediction).measure
    tables.pick(
        {
            "Photo": [row.name for row in rows],
            "Prediction": [row.first for row in rows],
            measure: [row.strength for row in rows],
            "Second": [row.second for row in rows],
        },
        key=f"table-{session.visit().drops}",
        choose=lambda row: session.choose(images=(rows[row].address,)),
        config={
            "Probability": st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1),
            "Value": st.column_config.NumberColumn(format="%.3g"),
        },
        alt="Predictions for your photos",
    )
    st.caption("Tick a row to look at that photo.")
    with st.container(horizontal=True):
        tables.take_away(_columns(rows, measure), "predictions", "predictions-csv", of=view.classifier.key)
        st.button("Clear my photos", icon=":material/delete:", on_click=session.forget_uploads)


def _columns(rows: Sequence[Row], measure: str) -> dict[str, list[object]]:
    return {
        "photo": [row.name for row in rows],
        "prediction": [row.first for row in rows],
        measure.lower(): [f"{row.strength:.6f}" for row in rows],
        "second": [row.second for row in rows],
    }
