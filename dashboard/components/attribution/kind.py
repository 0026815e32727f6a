"""Any dog as what is explained: the kinds that the explained class falls under, and the choice of one."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.components import answer, choice, say
from dashboard.components.attribution.explain import MapSubject, subject
from dashboard.parameters import ANY
from dashboard.results import attribution as results
from dashboard.view import View
from dashboard.wording import kinds as wording

THE_CLASS = ""


def explained(view: View) -> MapSubject:
    """What the maps of a view explain: its class, or all classes of the chosen kind together."""
    kind = results.kind(view)
    if kind is None:
        return subject(view)
    return MapSubject(view, view.target, None, wording.any_of(kind), kind.classes)


def headline(view: View) -> None:
    """The answer as the page's heading: the kind where one is explained and nothing speaks against it."""
    kind = results.kind(view)
    if kind is None or answer.doubts(view):
        answer.headline(view)
    else:
        st.header(say.plain(wording.headline(view.model.title, view.prediction, kind)))


def what_is_explained(view: View, title: str) -> str:
    """What the maps of the first column, which has this title, answer and explain, as the beginning of sentences."""
    kind, contract = results.kind(view), view.classifier.contract
    explained = wording.what_is_explained(view.prediction, view.target, contract, kind)
    return f"{wording.question(title, kind)} {explained}"


def picker(view: View) -> None:
    """The choice between the class and what it is a kind of; nothing where no kind is known."""
    offered = results.kinds(view)
    if not offered or view.selection.versus is not None:
        return
    current = results.kind(view)
    choice.select(
        "Explain",
        [THE_CLASS, *offered],
        THE_CLASS if current is None else current.synset,
        lambda synset: session.choose_parameter(ANY, synset or None),
        key="explain-any",
        title=lambda synset: (
            f"Explain {wording.offered(view.prediction, offered[synset]) if synset else view.title}"
        ),
        hidden=True,
        text=say.plain("One class, or all that are of a kind by WordNet, together."),
        width=300,
    )
