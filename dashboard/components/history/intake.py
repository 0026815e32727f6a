"""The history that is looked at: a made-up person's, or one that is put together."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import session
from dashboard.components import choice
from dashboard.parameters import FILM, FILMS, PERSON, Parameter
from dashboard.results import history as results
from dashboard.results.history import HistorySubject
from models.history import HISTORY_SETS
from models.history.classifier import Recommender

# Settings that are about one history.
OF_ONE_HISTORY: tuple[Parameter[Any], ...] = (FILMS, FILM)
KEY = "history-films"


def choose(network: Recommender) -> HistorySubject:
    """The boxes, and the network reading the history that they say."""
    histories, count = results.histories(network), HISTORY_SETS[network.fits].counts[results.SPLIT]
    settings, titles = session.settings(), network.catalogue.titles
    person = PERSON.read(settings, high=count - 1)
    choice.select(
        "Made-up person",
        range(count),
        person,
        look_at,
        key="history-person",
        title=lambda number: f"{number}: likes {' and '.join(histories.liked(results.SPLIT, number))}",
        text="People whom no network here learned from. What they like is known, and no network is told.",
    )
    subject = results.named(network, settings)
    st.multiselect(
        "Films that were chosen",
        range(len(titles)),
        format_func=titles.__getitem__,
        key=session.control(KEY, list(subject.history)),
        on_change=_put_together,
        max_selections=network.catalogue.longest,
        placeholder="Choose some films",
        help="Take films away or add some: what is recommended moves at once. Their order does not count.",
    )
    if subject.person is None:
        st.button(
            f"Back to what person {person} chose",
            icon=":material/undo:",
            key="history-back",
            on_click=look_at,
            args=(person,),
        )
    return subject


def look_at(person: int) -> None:
    """Look at the history of a made-up person."""
    session.choose_parameters({**dict.fromkeys(OF_ONE_HISTORY), PERSON: person})


def _put_together() -> None:
    session.choose_parameters({FILMS: frozenset(session.entry(KEY)), FILM: None})
