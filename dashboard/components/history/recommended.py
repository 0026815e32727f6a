"""The films that are recommended, of which one can be ticked to ask why."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.components import tables
from dashboard.parameters import FILM
from dashboard.results.history import HistorySubject


def draw(subject: HistorySubject) -> None:
    """The ten, the best first, with their scores."""
    catalogue, films = subject.network.catalogue, [int(film) for film in subject.recommended.films]
    columns: dict[str, list[object]] = {
        "Film": [catalogue.titles[film] for film in films],
        "Score": [float(subject.recommended.scores[film]) for film in films],
        "Genres": [", ".join(catalogue.genres_of(film)) for film in films],
    }
    st.subheader("Recommended")
    tables.pick(
        columns,
        key="recommended",
        choose=lambda row: session.choose_parameter(FILM, films[row]),
        chosen=[films.index(subject.film)],
        config={"Score": st.column_config.NumberColumn(format="%.2f")},
        alt="The ten films that are recommended, with their scores, the best first",
    )
    st.caption(
        "Tick a film to see because of what. One whose score is 1 higher the network finds 2.7 times as likely to be "
        "chosen next. What was chosen is not recommended again."
    )
