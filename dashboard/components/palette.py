"""The theme's colours, for charts that give each thing its own."""

from __future__ import annotations

import streamlit as st


def categories() -> list[str]:
    """The theme's categorical colours, as `.streamlit/config.toml` names them."""
    return list(st.get_option("theme.chartCategoricalColors"))


def ink() -> str:
    """The colour of text in the theme that this visitor sees."""
    return str(st.get_option(f"theme.{st.context.theme.type or 'light'}.textColor"))
