"""The theme's colours, for charts that give each thing its own."""

from __future__ import annotations

import streamlit as st


def categories() -> list[str]:
    """The theme's categorical colours, as `.streamlit/config.toml` names them."""
    colours = st.get_option("theme.chartCategoricalColors")
    return list(colours)


def ink() -> str:
    """The colour of text in the theme that this visitor sees."""
    colour = st.get_option(f"theme.{st.context.theme.type or 'light'}.textColor")
    return str(colour)
