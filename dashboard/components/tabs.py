"""The views of a page: a table of them, and the choice of one that is held in the address."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, ParamSpec

import streamlit as st

from dashboard import session
from dashboard.components import choice, say
from dashboard.parameters import Option, Parameter

P = ParamSpec("P")
# Of what the control stands in, on every page that has views.
KEY = "views"


@dataclass(frozen=True)
class Tab(Generic[P]):
    """One view of a page.

    Attributes:
        title: on the control.
        draw: puts it on the page.
        question: that it answers; empty where the title says it.
        fits: whether what is looked at has what it shows.
    """

    title: str
    draw: Callable[P, object]
    question: str = ""
    fits: Callable[P, bool] = lambda *_, **__: True


def pick(
    parameter: Option,
    tabs: Mapping[str, Tab[P]],
    *,
    offered: Collection[str] | None = None,
    label: str | None = None,
    default: str | None = None,
    elsewhere: Collection[str] = (),
    resets: Sequence[Parameter[Any]] = (),
) -> Tab[P]:
    """The tab that the address names, with the control that chooses another; the first where it names none.

    Args:
        parameter: the setting of the address that names one.
        tabs: name in the address -> tab.
        offered: names of those that can be chosen here; None means all.
        label: of the control; None hides what is the same on most pages.
        default: name that holds where the address has none; None means the first.
        elsewhere: names that another page gives this setting, which are no mistake here.
        resets: settings that go back to their default with a choice.
    """
    titles = {key: tab.title for key, tab in tabs.items() if offered is None or key in offered}
    first = next(iter(titles))
    name = parameter.text(session.settings()) or default or first
    current = name if name in titles else first
    with st.container(key=KEY):
        choice.segments(
            label or "Look at", parameter, titles, current=current, resets=resets, hidden=label is None
        )
    if name not in tabs and name not in elsewhere:
        say.warning(f"There is no view called {name!r}; choose one of {', '.join(titles)}.")
    return tabs[current]
