"""Choices that are held in the address: one of a few names, or on and off."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeVar

import streamlit as st

from dashboard import session
from dashboard.components import say
from dashboard.parameters import Flag, Option, Parameter

K = TypeVar("K", bound=str)
V = TypeVar("V")
# Characters that a box of the sidebar shows of a name.
SIDEBAR = 29


def segments(
    label: str,
    parameter: Option,
    titles: Mapping[K, str],
    *,
    current: K | None = None,
    resets: Sequence[Parameter[Any]] = (),
    hidden: bool = False,
    text: str | None = None,
    key: str | None = None,
    unknown: str = "",
) -> K:
    """The control of a setting that is one of a few names; returns the name that holds.

    Args:
        label: of the control.
        parameter: the setting.
        titles: what the address says -> what the page says, which is ours.
        current: the name that holds; None means that of the address, or the first.
        resets: settings that go back to their default with a choice.
        hidden: whether only screen readers are told the label.
        text: that helps to choose.
        key: of the widget, where another page's has the setting's name.
        unknown: how the warning begins where the address names none of them; empty where there is none.
    """
    widget = key or parameter.name
    settings = session.settings()
    chosen = parameter.read(settings, titles) if current is None else current
    st.segmented_control(
        label,
        list(titles),
        format_func=titles.__getitem__,
        key=session.control(widget, chosen),
        on_change=lambda: session.choose_parameters(
            dict.fromkeys(resets) | {parameter: session.entry(widget)}
        ),
        required=True,
        wrap=True,
        label_visibility="collapsed" if hidden else "visible",
        help=text,
    )
    name = parameter.text(settings)
    if unknown and name is not None and name not in titles:
        say.warning(f"{unknown} called {name!r}; choose one of {', '.join(titles)}.")
    return chosen


def select(
    label: str,
    options: Sequence[V],
    current: V | None,
    choose: Callable[[V], object],
    *,
    key: str,
    title: Callable[[V], str] = str,
    hidden: bool = False,
    text: str | None = None,
    placeholder: str | None = None,
    optional: bool = False,
    width: Literal["stretch"] | int = "stretch",
    whole: bool = False,
) -> None:
    """A select box that is told what holds and says what is chosen.

    Args:
        label: of the box.
        options: that can be chosen; what holds comes before them where it is none of them.
        current: the option that holds; None where none does yet.
        choose: called with the option that a person took, before the page is drawn again.
        key: of the widget.
        title: of an option, as the page says it.
        hidden: whether only screen readers are told the label.
        text: that helps to choose.
        placeholder: what an empty box says.
        optional: whether the box can be emptied, which chooses None.
        width: in pixels, or "stretch".
        whole: whether a name that a box of the sidebar cuts stands below it as well.
    """
    offered = list(options) if current is None or current in options else [current, *options]

    def take() -> None:
        # A browser names an option by its title. One of the photo before, which a press at once after a choice still
        # brings along, is none of these, and nobody chose it (Streamlit 1.67 hands on the title itself).
        entered = session.entry(key)
        if entered in offered or (optional and entered is None):
            choose(entered)

    st.selectbox(
        label,
        offered,
        index=None if optional else 0,
        format_func=title,
        key=session.control(key, current),
        on_change=take,
        label_visibility="collapsed" if hidden else "visible",
        help=text,
        placeholder=placeholder,
        width=width,
    )
    if whole and current is not None and len(title(current)) > SIDEBAR:
        st.caption(say.plain(title(current)))


def either(label: str, flag: Flag, titles: Mapping[str, str], *, key: str, text: str) -> bool:
    """The control of a flag as a choice between two; returns whether it is set.

    Args:
        label: of the control.
        flag: in the address.
        titles: of two values of the widget, that of the flag the second.
        key: of the widget.
        text: what the two are.
    """
    names, on = list(titles), flag.read(session.settings())
    st.segmented_control(
        label,
        names,
        format_func=titles.__getitem__,
        key=session.control(key, names[on]),
        on_change=lambda: session.choose_parameter(flag, session.entry(key) == names[1] or None),
        required=True,
        help=text,
    )
    return on


def toggle(
    label: str, flag: Flag, *, text: str | None = None, key: str | None = None, default: bool = False
) -> bool:
    """The switch of a setting that is on or off; returns whether it is on.

    Args:
        label: of the switch.
        flag: the setting.
        text: that helps to choose.
        key: of the widget, where another one has the setting's name.
        default: what holds where the address says nothing.
    """
    widget, on = key or flag.name, flag.read(session.settings(), default=default)

    def choose() -> None:
        entered = session.entry(widget)
        session.choose_parameter(flag, None if entered == default else entered)

    st.toggle(
        label,
        key=session.control(widget, on),
        on_change=choose,
        help=text,
    )
    return on
