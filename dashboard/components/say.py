"""Sentences on a page. What a person typed, dropped or trained never becomes markup."""

from __future__ import annotations

import re

import streamlit as st

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|$~<>&^])")
# Found behind the escapes, in the text itself: icons, colours and addresses (`:red[x]`, `:material/x:`, `a@b.c`,
# `www.b.c`) and arrows and dashes made of several characters (`->`, `--`, `<=`).
_FOUND_LATER = re.compile(r"(?<=[:@])(?=\S)|(?<=www)(?=\.)|(?<=[-<>~])(?=[-=>])", re.IGNORECASE)
INVISIBLE = "\u200b"


def plain(text: str) -> str:
    """Text for Streamlit's Markdown that shows exactly as it is, on one line."""
    return _MARKUP.sub(r"\\\1", _FOUND_LATER.sub(INVISIBLE, " ".join(text.split())))


def problem(text: str) -> None:
    """One sentence about something that could not be used."""
    st.error(plain(text), icon=":material/error:")


def warning(text: str) -> None:
    """One sentence about something to be careful with."""
    st.warning(plain(text), icon=":material/warning:")


def note(text: str) -> None:
    """One sentence to know."""
    st.info(plain(text), icon=":material/info:")
