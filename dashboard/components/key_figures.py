"""Numbers that stand out: side by side, each in a frame, with what it means behind its question mark."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True)
class KeyFigure:
    """A number with its name.

    Attributes:
        label: what it is of, in a word or two.
        value: as people read it.
        text: what it means, for who asks; Markdown.
        change: against another, with its sign.
        judged: whether more of it is better, which the change's colour says.
    """

    label: str
    value: str
    text: str | None = None
    change: str | None = None
    judged: bool = True


def draw(*figures: KeyFigure | None) -> None:
    """All that there are, in a row that wraps."""
    with st.container(horizontal=True):
        for figure in filter(None, figures):
            st.metric(
                figure.label,
                figure.value,
                figure.change,
                delta_color="normal" if figure.judged else "off",
                border=True,
                help=figure.text,
            )
