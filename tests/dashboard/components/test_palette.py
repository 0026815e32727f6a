"""The theme's colours, for charts."""

from __future__ import annotations

import re

from dashboard.report import theme
from tests.dashboard.components.component import drawn


def script():
    import streamlit as st

    from dashboard.components import palette

    for colour in (palette.ink(), *palette.categories()):
        st.text(colour)


def test_colours_are_those_of_the_theme():
    ink, *colours = [text.value for text in drawn(script).text]
    assert all(re.fullmatch(r"#[0-9a-fA-F]{6}", colour) for colour in (ink, *colours))
    assert (ink, colours) == (theme.ink(), theme.categories())
