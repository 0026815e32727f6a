"""How curves are looked at: smoothing, scale and the stretch of steps; all of it in the address."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.charts.curves import CurveStyle
from dashboard.components import choice
from dashboard.components.palette import ink
from dashboard.parameters import FIRST_STEP, LAST_STEP, LOG, SMOOTHING


def current_style() -> CurveStyle:
    """What the address says."""
    settings = session.settings()
    return CurveStyle(
        smoothing=SMOOTHING.read(settings) / 100,
        log=LOG.read(settings),
        start=FIRST_STEP.read(settings) or None,
        end=LAST_STEP.read(settings) or None,
        ink=ink(),
    )


def controls(style: CurveStyle, last: int) -> None:
    """The controls, folded.

    Args:
        style: as it is.
        last: the greatest step of any curve.
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
        if last > 0:
            _steps(style, last)


def _steps(style: CurveStyle, last: int) -> None:
    end = min(int(style.end or last), last)
    st.slider(
        "Steps shown",
        0,
        last,
        key=session.control("steps", (min(int(style.start or 0), end), end)),
        on_change=_choose_steps,
        args=(last,),
        help="A stretch of a long run is drawn with all its points. The right end follows a run that goes on.",
    )


def _choose_steps(last: int) -> None:
    start, end = session.entry("steps")
    session.choose_parameters({FIRST_STEP: start or None, LAST_STEP: end if end < last else None})
