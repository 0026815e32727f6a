"""The texts that are nearest to one in what the network's last layer reads of them."""

from __future__ import annotations

import streamlit as st

from dashboard.components import say, tables
from dashboard.components.text import intake
from dashboard.components.wait import wait_unless_stopped
from dashboard.results import text as results
from dashboard.results.text import TextPool, TextSubject
from dashboard.wording import text as wording
from models.text import TEXT_SETS

# Characters of a text that stand in a row of the table.
BEGINNING = 160


def draw(subject: TextSubject) -> None:
    """The table, and what the labels of its texts say of the answer."""
    labelled = TEXT_SETS[subject.classifier.fits]
    features = wait_unless_stopped(results.features(subject.classifier, labelled))
    if features is None:
        return
    pool = TextPool.of(labelled)
    found = results.nearest(subject, pool, features)
    classes, rows = subject.classifier.classes, [int(row) for row in found.rows]
    winner = subject.prediction.winner
    same = sum(int(pool.labels[row]) == winner for row in rows)
    st.subheader(say.plain(wording.neighbours(same, len(rows), classes[winner])))
    places = [pool.place(row) for row in rows]
    columns: dict[str, list[object]] = {
        "Distance": found.distances.tolist(),
        "It is": [classes[int(pool.labels[row])] for row in rows],
        "Called": [classes[int(features.answers[row])] for row in rows],
        "Part": [split for split, _ in places],
        "Text": [number for _, number in places],
        "Begins": [" ".join(pool.texts[row].split())[:BEGINNING] for row in rows],
    }
    tables.pick(
        columns,
        key="nearest-texts",
        choose=lambda row: _look_at(*places[row]),
        config={"Distance": st.column_config.NumberColumn(format="%.3f")},
        alt="The texts nearest to this one, the nearest first",
    )
    st.caption(
        f"Of all {len(pool.texts):,} texts of {labelled.title}; the distance is 1 less the cosine of the angle between "
        "what the last layer reads of two texts. Tick one of the test texts to look at it."
    )


def _look_at(split: str, number: int) -> None:
    if split == intake.SPLIT:
        intake.look_at(number)
