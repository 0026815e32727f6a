"""The grid of maps: a row for each method where several things are compared, else the methods side by side."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import session
from dashboard.charts import maps
from dashboard.components import explain, say
from dashboard.components.explain import Order, Subject
from dashboard.inspection.attribution.method import Method
from dashboard.jobs import Job
from dashboard.records import Attribution

# Beside each other on a wide screen; narrow ones stack them.
ACROSS = 3


def grid(methods: Sequence[Method], subjects: Sequence[Subject], *, strength: float) -> None:
    """Draw all maps, the quick ones first; maps of one method share a scale."""
    places = _single(methods) if len(subjects) == 1 else [_row(method, len(subjects)) for method in methods]
    orders = [[explain.order(method, one) for one in subjects] for method in methods]
    # Asked for all at once, so that each has its place in the queue; shown as they come.
    stopped = session.visit().stopped
    jobs = [order.submit() for order in itertools.chain(*orders) if order.key not in stopped]
    for row, columns in sorted(
        zip(orders, places, strict=True), key=lambda pair: pair[0][0].method.cost != "instant"
    ):
        _fill(row, columns, strength, jobs)


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


def _fill(
    orders: Sequence[Order],
    columns: Sequence[DeltaGenerator],
    strength: float,
    jobs: Sequence[Job[Attribution]],
) -> None:
    subjects = [order.subject for order in orders]
    results: list[Attribution | None] = []
    for order, column in zip(orders, columns, strict=True):
        with column:
            _name(order.subject, subjects)
            place = st.empty()
        results.append(explain.explained(order, place, jobs))
    found = [result for result in results if result is not None]
    limit = maps.scale_limit(found)
    for number, (order, column, result) in enumerate(zip(orders, columns, results, strict=True)):
        if result is not None:
            with column:
                explain.draw(
                    result, order.subject, limit=limit, strength=strength, key=f"{order.method.name}-{number}"
                )
    with columns[0]:
        explain.fine_print(orders[0].method, found)


def _name(one: Subject, subjects: Sequence[Subject]) -> None:
    """The title of a column, where there are several."""
    if len(subjects) == 1:
        return
    st.markdown(f"**{say.plain(one.title)}**")
    differing = _differing(one, subjects)
    if differing:
        st.caption(say.plain(", ".join(differing)))


def _differing(one: Subject, subjects: Sequence[Subject]) -> list[str]:
    """The photo and the network of a column, where the columns differ in them."""
    pairs = [(column.view.picture.title, column.view.model.title) for column in subjects]
    pictures, networks = (set(titles) for titles in zip(*pairs, strict=True))
    return [one.view.picture.title] * (len(pictures) > 1) + [one.view.model.title] * (len(networks) > 1)
