"""Why: each word coloured by what it counts for, and what the colours are worth."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.charts.text.bars import bars
from dashboard.charts.text.words import coloured
from dashboard.components import choice, figure, say, settings_form, tables
from dashboard.components.figure import SAVABLE
from dashboard.components.wait import wait, wait_unless_stopped
from dashboard.inspection.attribution.method import Parameters
from dashboard.inspection.text import TEXT_METHODS
from dashboard.inspection.text.method import TextMethod
from dashboard.parameters import SPEAKS_FOR, WORDS
from dashboard.records.text import TextAttribution
from dashboard.results import text as results
from dashboard.results.text import TextSubject
from dashboard.wording import text as wording
from models.runtime.errors import UserError

# Bars of the chart.
MOST_ROWS = 12


def draw(subject: TextSubject) -> None:
    """The method's control, the coloured text, what it is worth, and the words that count most."""
    titles = {name: method.title for name, method in TEXT_METHODS.items()}
    method = TEXT_METHODS[choice.segments("Method", WORDS, titles)]
    found = wait_unless_stopped(results.attribution(subject, method, _settings(subject, method)))
    if found is None:
        return
    if found.values is None:
        say.problem(found.outcome.reason)
        return
    text, numbers = st.columns([3, 2], gap="large")
    with text:
        st.subheader(say.plain(f"What each word counts for: {subject.prediction.classes[subject.target]}"))
        st.html(coloured(subject.tokens, found.by_token))
    with numbers:
        _numbers(subject, found)
        if found.outcome.reason:
            say.warning(found.outcome.reason)
        st.caption(say.plain(f"{method.question} {method.reading}"))
        if sentence := wording.from_nothing(found):
            st.caption(say.plain(sentence))
        if sentence := wording.redundancy(wait(results.redundancy(subject))):
            st.markdown(say.plain(sentence))
    st.caption(say.plain(f"Source: {method.paper.citation}"))


def _settings(subject: TextSubject, method: TextMethod) -> Parameters:
    """The class that is explained and the method's settings, of the address or as a person chooses them."""
    try:
        current, problem = method.settings(session.settings()), ""
    except UserError as refusal:
        current, problem = method.settings({}), str(refusal)
    with st.popover("Settings", icon=":material/tune:"):
        choice.select(
            "Explained class",
            range(len(subject.prediction.classes)),
            subject.target,
            lambda chosen: session.choose_parameter(
                SPEAKS_FOR, None if chosen == subject.prediction.winner else chosen
            ),
            key="speaks-for",
            title=subject.prediction.classes.__getitem__,
            text="What each word says for this class, or against it.",
        )
        settings_form.draw([current])
    if problem:
        say.warning(problem)
    return current


def turning(subject: TextSubject) -> None:
    """The fewest words that turn the answer."""
    st.subheader("What would turn it")
    found = wait_unless_stopped(results.turning(subject))
    if found is not None:
        st.markdown(say.plain(wording.turning(found, subject.tokens.words)))
        st.caption(
            "Words are struck out together, the most telling first; each is then read as an unknown word."
        )


def _numbers(subject: TextSubject, found: TextAttribution) -> None:
    """The words that count most, as bars and to take away."""
    assert found.values is not None
    all_words, rows = subject.tokens.words, found.ranking[:MOST_ROWS]
    words = [" ".join(all_words[slice(*found.parts[row])]) for row in rows]
    errors = None if found.errors is None else found.errors[rows]
    figure.draw(
        bars(words, found.values[rows], signed=found.signed, errors=errors),
        key=f"text-bars-{found.method}",
        alt="The words that count most, and for how much",
        config=SAVABLE,
    )
    columns: dict[str, list[object]] = {
        "Word": [*words],
        "Place": [found.parts[row][0] + 1 for row in rows],
        "Counts for": found.values[rows].tolist(),
    }
    if errors is not None:
        st.caption("Whiskers: two standard errors to each side, of the orders that were drawn.")
        columns["Standard error"] = errors.tolist()
    tables.take_away(columns, "words", key="text-words-csv", of=subject.classifier.key)
