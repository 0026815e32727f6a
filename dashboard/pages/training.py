"""Training: watch a network learn, live, and tell why it does not."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.charts.curves import Look
from dashboard.components import run_form, run_live, run_table, say
from dashboard.components.palette import categories
from dashboard.runs import foreign, watched
from models.training import run as runs

listing, logs, examples = runs.listing(), foreign(), runs.examples()
theirs = bool(listing.runs or logs)
names = (
    session.visit().selection.runs
    or tuple(run.id for run in listing.runs[:1])
    or tuple(log.name for log in logs[:1])
    or tuple(run.id for run in examples[-1:])
)
chosen = [watched(name) for name in names]

if not theirs:
    st.markdown(
        "No network has been trained here yet. Start a run below: with the settings as they are it takes about a "
        "minute, and you can watch. Until then, here is an example."
    )
if chosen:
    look = Look(smoothing=session.number("smoothing", 60) / 100, log=session.flag("log"))
    run_live.panel(chosen, categories(), look)
    with st.popover("Curves", icon=":material/tune:"):
        st.slider(
            "Smoothing of training curves (%)",
            0,
            99,
            key=session.control("smoothing", round(100 * look.smoothing)),
            on_change=lambda: session.choose_parameter("smoothing", str(session.entered("smoothing"))),
            help="Weight of a moving average over the steps, as TensorBoard draws it.",
        )
        st.toggle(
            "Logarithmic values",
            key=session.control("log", look.log),
            on_change=lambda: session.choose_parameter("log", "1" if session.entered("log") else None),
        )
    run_live.remedies(chosen[0])
run_form.start_form(expanded=not theirs)
run_table.table((*listing.runs, *examples), logs, names)
for sentence in listing.problems:
    say.warning(sentence)
