"""A choice of one of a few options that is held in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import streamlit as st

from dashboard import session

K = TypeVar("K", bound=str)


def segments(
    label: str,
    name: str,
    titles: Mapping[K, str],
    current: K,
    *,
    resets: Sequence[str] = (),
    hidden: bool = False,
    text: str | None = None,
    key: str | None = None,
) -> None:
    """The control of `p.<name>`.

    Args:
        label: of the control.
        name: of the setting.
        titles: what the address says -> what the page says, which is ours.
        current: the option that is shown.
        resets: settings that go back to their default with a choice.
        hidden: whether only screen readers are told the label.
        text: that helps to choose.
        key: of the widget, where another page's has the setting's name.
    """
    widget = name if key is None else key
    st.segmented_control(
        label,
        list(titles),
        format_func=titles.__getitem__,
        key=session.control(widget, current),
        on_change=lambda: session.choose_parameters({name: session.entered(widget)} | dict.fromkeys(resets)),
        required=True,
        wrap=True,
        label_visibility="collapsed" if hidden else "visible",
        help=text,
    )
