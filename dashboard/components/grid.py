"""The grid of maps: a row for each method where several things are compared, else the methods side by side."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.charts import maps
from dashboard.components import explain, say
from dashboard.components.explain import Subject
from dashboard.inspection.attribution.method import Method
from dashboard.records import Attribution

# Beside each other on a wide screen; narrow ones stack them.
ACROSS = 3


def grid(methods: Sequence[Method], subjects: Sequence[Subject], *, strength: float) -> None:
    """Draw all maps, the quick ones first; maps of one method share a scale."""
    places = _single(methods) if len(subjects) == 1 else [_row(method, len(subjects)) for method in methods]
    # Asked for all at once, so that the queue knows; shown as they come.
    for method in methods:
        for one in subjects:
            explain.submit(method, one)
    order = sorted(zip(methods, places, strict=True), key=lambda pair: pair[0].cost != "instant")
    for method, row in order:
        _fill(method, subjects, row, strength)


def _single(methods: Sequence[Method]) -> list[list[DeltaGenerator]]:
    columns: list[DeltaGenerator] = []
    places = []
    for number, method in enumerate(methods):
        if number % ACROSS == 0:
            columns = list(st.columns(min(ACROSS, max(2, len(methods))), gap="medium"))
        place = columns[number % ACROSS].container()
        place.subheader(method.title)
        place.caption(method.question)
        places.append([place])
    return places


def _row(method: Method, count: int) -> list[DeltaGenerator]:
    st.subheader(method.title)
    st.caption(method.question)
    columns = st.columns(count, gap="medium")
    places = [column.container() for column in columns]
    return places


def _fill(method: Method, subjects: Sequence[Subject], row: Sequence[DeltaGenerator], strength: float) -> None:
    found: list[Attribution] = []
    for one, place in zip(subjects, row, strict=True):
        with place:
            if len(subjects) > 1:
                st.markdown(f"**{say.plain(one.title)}**, {say.plain(one.view.picture.title)}, {say.plain(one.view.model.title)}")
            slot = st.empty()
        found.append(explain.explained(method, one, slot))
    limit = maps.scale_limit(found)
    for number, (one, place, result) in enumerate(zip(subjects, row, found, strict=True)):
        with place:
            explain.draw(result, one, limit=limit, strength=strength, key=f"{method.name}-{number}")
    with row[0]:
        explain.fine_print(method, found)
