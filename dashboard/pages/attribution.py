"""Attribution: bring your own photos and ask why, several ways side by side."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.components import answer, say
from dashboard.components.attribution import believe, compare, explain, kind, methods, photos
from dashboard.components.attribution.grid import grid
from dashboard.components.attribution.kind import what_is_explained
from dashboard.components.look import look

view = look(session.visit().selection)
subjects = compare.subjects(view)
compare.headline(view, subjects)
st.markdown(
    say.plain(
        f"{what_is_explained(view, subjects[0].title)}; each map says what that rests on, and what the map is worth."
    )
)
answer.caution(view)

chosen = methods.chosen(view)
with st.container(horizontal=True, vertical_alignment="center"):
    methods.pickers(view, chosen)
    methods.settings(view, chosen)
    kind.picker(view)
    compare.scale(subjects)
grid(chosen, subjects, strength=explain.strength())
photos.table(view)
believe.section(chosen, subjects)
