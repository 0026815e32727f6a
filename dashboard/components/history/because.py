"""Because of what a film is recommended: what each film of the history counts for, and what that is worth."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard.charts.text.bars import bars
from dashboard.components import choice, figure, say, tables
from dashboard.components.figure import SAVABLE
from dashboard.components.wait import wait
from dashboard.inspection.history import HISTORY_METHODS
from dashboard.parameters import BECAUSE
from dashboard.results import history as results
from dashboard.results.history import HistorySubject
from dashboard.wording import history as wording


def draw(subject: HistorySubject) -> None:
    """The method's control, the films as bars, beside the known taste and by every method; of a history of some."""
    titles = {name: method.title for name, method in HISTORY_METHODS.items()}
    method = HISTORY_METHODS[choice.segments("Method", BECAUSE, titles)]
    found = wait(results.attribution(subject, method))
    if found.values is None:
        say.problem(found.outcome.reason)
        return
    film = subject.network.catalogue.titles[subject.film]
    st.subheader(say.plain(wording.because(found, film, subject.titles)))
    order = found.ranking
    figure.draw(
        bars(
            [subject.titles[place] for place in order],
            found.values[order],
            signed=True,
            errors=None if found.errors is None else found.errors[order],
        ),
        key=f"history-bars-{found.method}",
        alt="The films that were chosen, and how much each speaks for the one that is recommended",
        config=SAVABLE,
    )
    if found.outcome.reason:
        say.warning(found.outcome.reason)
    st.markdown(say.plain(wording.beside_taste(subject.served, order[0], subject.liked)))
    st.caption(say.plain(f"{method.question} {method.reading} {wording.sums_up(found)}"))
    if found.errors is not None:
        st.caption("Whiskers: two standard errors to each side, of the orders that were drawn.")
    _side_by_side(subject, order)
    st.caption(say.plain(f"Source: {method.paper.citation}"))


def _side_by_side(subject: HistorySubject, order: list[int]) -> None:
    """What every method says of each film, beside the known taste."""
    catalogue = subject.network.catalogue
    cells: dict[str, list[object]] = {
        "Film": [subject.titles[place] for place in order],
        "Genres": [", ".join(catalogue.genres_of(subject.history[place])) for place in order],
    }
    if subject.liked:
        cells["Known taste"] = ["for it" if subject.served[place] else "" for place in order]
    for method in results.MEASURED:
        values = wait(results.attribution(subject, method)).values
        if values is not None:
            cells[method.title] = np.asarray(values)[order].tolist()
    st.dataframe(
        cells,
        hide_index=True,
        column_config={
            method.title: st.column_config.NumberColumn(format="%.2f") for method in results.MEASURED
        },
        alt="What each film that was chosen counts for, by every method, and whether it is right by the known taste",
    )
    tables.take_away(cells, "history", key="history-csv", of=subject.network.key)
