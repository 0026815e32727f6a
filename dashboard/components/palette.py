"""The theme's colours, for charts that give each thing its own."""

from __future__ import annotations

import streamlit as st


def categories() -> list[str]:
    """The theme's categorical colours, as `.streamlit/config.toml` names them."""
    colours = st.get_option("theme.chartCategoricalColors")
    return list(colours)
