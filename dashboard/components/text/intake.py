"""The text that is looked at: one of the labelled set's, or one that a person pastes."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import session
from dashboard.components import choice, say
from dashboard.parameters import PASTED, REPLACED, SPEAKS_FOR, STRUCK, TEXT, Parameter
from dashboard.results.text import TextSubject, subject
from dashboard.texts import LONGEST, find_text, keep_text
from models.text import TEXT_SETS
from models.text.classifier import TextClassifier
from models.text.texts import LabelledTexts

SPLIT = "test"
# Texts of the set that the box offers; any other can be named in the address.
OFFERED = 24
TITLE = 60
# What is said of the words of one text means nothing in another.
OF_ONE_TEXT: tuple[Parameter[Any], ...] = (STRUCK, REPLACED, SPEAKS_FOR)


def subject_of(network: TextClassifier) -> TextSubject:
    """The boxes, and the network reading the text; its answer is explained unless the address names a class."""
    text, wanted = choose(network.fits), SPEAKS_FOR.parse(session.settings())
    return subject(network, text, wanted if wanted in range(len(network.classes)) else None)


def choose(fits: str) -> str:
    """The boxes, and the text; one that was pasted comes first.

    Args:
        fits: name of the labelled set that the network reads.
    """
    texts = TEXT_SETS[fits]
    place, pasted = TEXT.read(session.settings(), high=texts.counts[SPLIT] - 1), _pasted()
    ours, own = st.columns([3, 1], vertical_alignment="bottom")
    with ours:
        choice.select(
            "Text",
            range(OFFERED),
            None if pasted else place,
            look_at,
            key="text",
            title=lambda chosen: _title(texts, chosen),
            text=f"One of the test texts of {texts.title}, which no network here learned from.",
            placeholder="Your own text",
        )
    with own.popover("A text of your own", icon=":material/edit_note:", width="stretch"):
        st.text_area(
            "Paste or type it; empty the box to go back",
            key=session.control("own-text", pasted or ""),
            max_chars=LONGEST,
            on_change=_take,
            help="The link holds its digest, never its words; the server lets go of it after a while.",
        )
    return pasted or texts.text(SPLIT, place)[0]


def look_at(place: int) -> None:
    """Look at a text of the set, by its number among the test texts."""
    session.choose_parameters({**dict.fromkeys(OF_ONE_TEXT), PASTED: None, TEXT: place})


def _take() -> None:
    text = session.entry("own-text")
    with session.tell_refusal():
        digits = keep_text(text, session.owner()) if text.strip() else None
        session.choose_parameters({**dict.fromkeys(OF_ONE_TEXT), PASTED: digits})


def _pasted() -> str | None:
    """The text of the address; None where it names none, or it is not here any more, which is said."""
    digits = PASTED.text(session.settings())
    if digits is None:
        return None
    text = find_text(digits, session.owner())
    if text is None:
        say.warning("The text of this link is not kept here any more; paste it again.")
    return text


def _title(texts: LabelledTexts, place: int) -> str:
    text, label = texts.text(SPLIT, place)
    return f"{place}: {' '.join(text.split())[:TITLE]} ({texts.classes[label]})"
