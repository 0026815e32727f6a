"""Training: watch a network learn, live, and tell why it does not."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.components import say, script, tour
from dashboard.components.palette import categories
from dashboard.components.training import (
    curve_controls,
    first_minute,
    form,
    live,
    own_table,
    remedies,
    scaling,
    spread,
    sweep,
    table,
)
from dashboard.runs import default_names, find_logs, find_source
from models.training import runs

listing, logs, examples = runs.listing(), find_logs(), runs.examples()
theirs = bool(listing.runs or logs)
names = session.visit().selection.runs or default_names()
chosen = [find_source(name) for name in names]
palette = categories()

# Who is led looks at what is shown.
if not tour.is_led():
    if not theirs:
        st.markdown(
            "No network has been trained here yet. Start a run below: with the settings as they are it takes about a "
            "minute, and you can watch. Until then, here is an example."
        )
    first_minute.offer(first=not theirs)
if chosen:
    style = curve_controls.current_style()
    live.panel(chosen, palette, style)
    curve_controls.of_runs(style, chosen)
    remedies.remedies(chosen[0])
    scaling.offer(chosen[0])
    spread.offer(chosen[0])
form.start_form(expanded=not theirs)
own_table.offer()
sweep.form()
# Trials have their sweep's place in the table.
own = (run for run in listing.runs if not run.config.trial)
table.table((*own, *examples), logs, chosen, palette)
for sentence in listing.problems:
    say.warning(sentence)
if starts := session.visit().starts:
    script.scroll_up(starts)
