"""How curves are looked at: smoothing, scale, steps, session, and what is drawn as one; all of it in the address."""

from __future__ import annotations

import re
from collections.abc import Sequence

import streamlit as st

from dashboard import session
from dashboard.charts.curves import CurveStyle
from dashboard.components import choice
from dashboard.components.palette import ink
from dashboard.components.training.curves import charts_of, first_and_last_step, sessions_of
from dashboard.parameters import FIND, FIRST_STEP, JOIN, LAST_STEP, LOG, SESSION, SMOOTHING
from dashboard.runs import CurveSource, parts_of
from dashboard.wording.curves import EVERYTHING, CurveChoice, apart_sentence, mark, session_title
from models.tensorboard.series import Session

# The greatest whole number that a browser holds exactly.
GREATEST = 2**53 - 1
# Of so many charts one looks for some.
MANY = 12


def current_style() -> CurveStyle:
    """What the address says of how they are drawn."""
    settings = session.settings()
    return CurveStyle(
        smoothing=SMOOTHING.read(settings) / 100,
        log=LOG.read(settings),
        start=FIRST_STEP.parse(settings),
        end=LAST_STEP.parse(settings),
        ink=ink(),
    )


def current_choice() -> CurveChoice:
    """What the address says of which are drawn."""
    settings = session.settings()
    groups = re.findall(r"[0-9a-f-]+", JOIN.text(settings) or "")
    return CurveChoice(
        session=SESSION.read(settings) - 1 if SESSION.read(settings) else None,
        joined=tuple(frozenset(group.split("-")) for group in groups),
        find=FIND.text(settings) or "",
    )


def of_runs(style: CurveStyle, chosen: Sequence[CurveSource]) -> None:
    """The controls of the curves of some runs."""
    parts = [part for source in chosen for part in parts_of(source)]
    first, last = first_and_last_step(chosen)
    drawn = charts_of(parts, dict.fromkeys((part.name for part in parts), 0), EVERYTHING)
    controls(
        style,
        last,
        first=first,
        sessions=max(map(sessions_of, parts), key=len, default=()),
        titles=list(drawn),
        apart=apart_sentence(drawn),
    )


def controls(
    style: CurveStyle,
    last: int,
    *,
    first: int = 0,
    sessions: Sequence[Session] = (),
    titles: Sequence[str] = (),
    apart: str = "",
) -> None:
    """The controls, folded.

    Args:
        style: as it is.
        last: the greatest step of any curve.
        first: the least.
        sessions: to choose from.
        titles: of the charts, which can be drawn as one.
        apart: what is said of those whose names do not say whether they belong together.
    """
    with st.popover("Curves", icon=":material/tune:"):
        st.slider(
            "Smoothing of training curves (%)",
            0,
            99,
            key=session.control("smoothing", round(100 * style.smoothing)),
            on_change=lambda: session.choose_parameter(SMOOTHING, session.entry("smoothing")),
            help="Weight of a moving average over the steps, as TensorBoard draws it.",
        )
        choice.toggle("Logarithmic values", LOG)
        if -GREATEST <= first < last <= GREATEST:
            _steps(style, min(first, 0), last)
        if len(sessions) > 1:
            _sessions(sessions)
        if len(titles) > MANY or current_choice().find:
            st.text_input(
                "Only quantities with",
                key=session.control("find", current_choice().find),
                on_change=lambda: session.choose_parameter(FIND, session.entry("find") or None),
            )
        if len(titles) > 1:
            _joins(titles, apart)


def _steps(style: CurveStyle, first: int, last: int) -> None:
    end = min(last if style.end is None else int(style.end), last)
    start = first if style.start is None else max(first, min(int(style.start), end))
    st.slider(
        "Steps shown",
        first,
        last,
        key=session.control("steps", (start, max(start, end))),
        on_change=_choose_steps,
        args=(first, last),
        help="A stretch of a long run is drawn with all its points. The right end follows a run that goes on.",
    )


def _choose_steps(first: int, last: int) -> None:
    start, end = session.entry("steps")
    session.choose_parameters(
        {FIRST_STEP: start if start > first else None, LAST_STEP: end if end < last else None}
    )


def _sessions(sessions: Sequence[Session]) -> None:
    titles = ["All of them", *(session_title(number, one) for number, one in enumerate(sessions))]
    choice.select(
        "Session",
        range(len(titles)),
        min(SESSION.read(session.settings()), len(sessions)),
        lambda number: session.choose_parameter(SESSION, number or None),
        key="session",
        title=titles.__getitem__,
        text="Steps of a log go back where training was begun again in its folder.",
    )


def _joins(titles: Sequence[str], apart: str) -> None:
    """A list of what is drawn as one for each such chart, and an empty one for the next."""
    groups = [*current_choice().joined, frozenset[str]()]
    for number, group in enumerate(groups):
        st.multiselect(
            "Draw in one chart",
            titles,
            key=session.control(f"join-{number}", [title for title in titles if mark(title) in group]),
            on_change=_choose_joins,
            args=(len(groups),),
            placeholder="Two quantities or more",
            label_visibility="collapsed" if number else "visible",
        )
    if apart:
        st.caption(apart)


def _choose_joins(count: int) -> None:
    groups = [[mark(title) for title in session.entry(f"join-{number}")] for number in range(count)]
    session.choose_parameter(JOIN, ".".join("-".join(group) for group in groups if group) or None)
