"""The grid of maps: a row for each method where several things are compared, else the methods side by side."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import session
from dashboard.charts import maps
from dashboard.components import say
from dashboard.components.attribution import explain
from dashboard.components.attribution.explain import MapSubject
from dashboard.components.wait import wait_unless_stopped
from dashboard.inspection.attribution.method import Method
from dashboard.jobs import Job
from dashboard.parameters import COMMON
from dashboard.records.attribution import Attribution
from dashboard.results.attribution import Map

# Beside each other on a wide screen; narrow ones stack them.
ACROSS = 3


@dataclass(frozen=True, eq=False)
class Cell:
    """Where a map goes.

    Attributes:
        map: that goes there.
        subject: that it explains.
        column: for all that belongs to it.
        picture: for its preview.
        progress: for what is said while it is made.
    """

    map: Map
    subject: MapSubject
    column: DeltaGenerator
    picture: DeltaGenerator
    progress: DeltaGenerator


def grid(methods: Sequence[Method], subjects: Sequence[MapSubject], *, strength: float) -> None:
    """Draw all maps, the quick ones first, then previews of the slow ones."""
    places = _single(methods) if len(subjects) == 1 else [_row(method, len(subjects)) for method in methods]
    rows = [
        [_cell(method, subject, column, subjects) for subject, column in zip(subjects, columns, strict=True)]
        for method, columns in zip(methods, places, strict=True)
    ]
    # Asked for all at once, so that each has its place in the queue, and shown as they come; but a slow map only
    # after its preview, which it would slow down.
    wanted = [cell for cell in itertools.chain(*rows) if cell.map.key not in session.visit().stopped]
    previews = [(cell, preview) for cell in wanted if (preview := cell.map.preview()) is not None]
    after = {cell.map.key for cell, preview in previews if not preview.is_kept}
    first = [preview for _, preview in previews] + [cell.map for cell in wanted if cell.map.key not in after]
    jobs = [early.submit(session.visitor()) for early in first]
    quick = [row for row in rows if row[0].map.method.cost == "instant"]
    for row in quick:
        _fill(row, strength, jobs)
    for cell, preview in previews:
        _preview(cell, preview, strength, jobs)
    jobs += [cell.map.submit(session.visitor()) for cell in wanted if cell.map.key in after]
    for row in rows:
        if row not in quick:
            _fill(row, strength, jobs)


def _cell(
    method: Method, subject: MapSubject, column: DeltaGenerator, subjects: Sequence[MapSubject]
) -> Cell:
    with column:
        name_column(subject, subjects)
        return Cell(explain.map_of(method, subject), subject, column, st.empty(), st.empty())


def _preview(cell: Cell, preview: Map, strength: float, jobs: Sequence[Job[Attribution]]) -> None:
    attribution = wait_unless_stopped(preview, cell.progress, whole=cell.map, later=jobs)
    if attribution is not None:
        with cell.picture.container():
            explain.draw_preview(attribution, preview, cell.map, strength=strength)


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
    return [column.container() for column in st.columns(count, gap="medium")]


def _fill(cells: Sequence[Cell], strength: float, jobs: Sequence[Job[Attribution]]) -> None:
    """The maps of one method, each in the place of its preview."""
    results = [wait_unless_stopped(cell.map, cell.progress, later=jobs) for cell in cells]
    attributions = [result for result in results if result is not None]
    common = COMMON.read(session.settings()) and maps.scale_limit(attributions)
    for number, (cell, result) in enumerate(zip(cells, results, strict=True)):
        cell.picture.empty()
        if result is not None:
            with cell.column:
                explain.draw(
                    result,
                    cell.subject,
                    limit=common or maps.scale_limit([result]),
                    strength=strength,
                    key=f"{cell.map.method.name}-{number}",
                )
    with cells[0].column:
        explain.fine_print(cells[0].map.method, attributions, cells[0].subject.view)


def name_column(subject: MapSubject, subjects: Sequence[MapSubject]) -> None:
    """The title of a column, where there are several."""
    if len(subjects) == 1:
        return
    st.markdown(f"**{say.plain(subject.title)}**")
    differing = _differing(subject, subjects)
    if differing:
        st.caption(say.plain(", ".join(differing)))


def _differing(subject: MapSubject, subjects: Sequence[MapSubject]) -> list[str]:
    """The photo and the network of a column, where the columns differ in them."""
    pairs = [(column.view.picture.title, column.view.model.title) for column in subjects]
    pictures, networks = (set(titles) for titles in zip(*pairs, strict=True))
    return [subject.view.picture.title] * (len(pictures) > 1) + [subject.view.model.title] * (
        len(networks) > 1
    )
