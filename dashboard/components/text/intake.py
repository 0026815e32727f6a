"""The text that is looked at: one of the labelled set's, or one that a person pastes."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.components import choice
from dashboard.parameters import TEXT
from dashboard.results.text import TextSubject, subject
from models.text import TEXT_SETS
from models.text.classifier import TextClassifier
from models.text.texts import LabelledTexts

SPLIT = "test"
# Texts of the set that the box offers; any other can be named in the address.
OFFERED = 24
# Characters; far more than a network reads.
LONGEST = 20_000
TITLE = 60


def subject_of(network: TextClassifier) -> TextSubject:
    """The boxes, and the network reading the text."""
    return subject(network, choose(network.fits))


def choose(fits: str) -> str:
    """The boxes, and the text; one that is pasted comes first.

    Args:
        fits: name of the labelled set that the network reads.
    """
    texts = TEXT_SETS[fits]
    place = TEXT.read(session.settings(), high=texts.counts[SPLIT] - 1)
    ours, own = st.columns([3, 1], vertical_alignment="bottom")
    with ours:
        choice.select(
            "Text",
            range(OFFERED),
            place,
            lambda chosen: session.choose_parameter(TEXT, chosen),
            key="text",
            title=lambda chosen: _title(texts, chosen),
            text=f"One of the test texts of {texts.title}, which no network here learned from.",
        )
    with own.popover("A text of your own", icon=":material/edit_note:", width="stretch"):
        pasted = st.text_area(
            "Paste or type it; empty the box to go back",
            key="own-text",
            max_chars=LONGEST,
            persist_state="session",
            help="It is read in this session only: no link and no file holds it.",
        )
    return pasted if pasted and pasted.strip() else texts.text(SPLIT, place)[0]


def _title(texts: LabelledTexts, place: int) -> str:
    text, label = texts.text(SPLIT, place)
    return f"{place}: {' '.join(text.split())[:TITLE]} ({texts.classes[label]})"
