"""Sentences on a page. What a person typed, dropped or trained never becomes markup."""

from __future__ import annotations

import re

import streamlit as st

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|$~<>&^])")


def plain(text: str) -> str:
    """Text for Streamlit's Markdown that shows exactly as it is."""
    escaped = _MARKUP.sub(r"\\\1", " ".join(text.split()))
    # Icons and colours (`:red[x]`, `:material/x:`) are found behind the escapes; an invisible space parts them.
    return escaped.replace(":", ":\u200b")


def problem(text: str) -> None:
    """One sentence about something that could not be used."""
    st.error(plain(text), icon=":material/error:")


def warning(text: str) -> None:
    """One sentence about something to be careful with."""
    st.warning(plain(text), icon=":material/warning:")


def note(text: str) -> None:
    """One sentence to know."""
    st.info(plain(text), icon=":material/info:")
