"""Sentences on a page. What a person typed, dropped or trained never becomes markup."""

from __future__ import annotations

import re

import streamlit as st

from dashboard.wording.numbers import unbroken

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|$~<>&^])")
# Found behind the escapes, in the text itself: icons, colours and addresses (`:red[x]`, `:material/x:`, `a@b.c`,
# `www.b.c`) and arrows and dashes made of several characters (`->`, `--`, `<=`).
_FOUND_LATER = re.compile(r"(?<=[:@])(?=\S)|(?<=www)(?=\.)|(?<=[-<>~])(?=[-=>])", re.IGNORECASE)
INVISIBLE = "\u200b"


def plain(text: str) -> str:
    """Text for Streamlit's Markdown that shows exactly as it is, on one line."""
    line = unbroken(" ".join(text.split()))
    return _MARKUP.sub(r"\\\1", _FOUND_LATER.sub(INVISIBLE, line))


def problem(*sentences: str) -> None:
    """About things that could not be used, each in a box of its own."""
    for sentence in sentences:
        st.error(plain(sentence), icon=":material/error:")


def warning(*sentences: str) -> None:
    """About things to be careful with, each in a box of its own."""
    for sentence in sentences:
        st.warning(plain(sentence), icon=":material/warning:")


def note(text: str) -> None:
    """One sentence to know."""
    st.info(plain(text), icon=":material/info:")
