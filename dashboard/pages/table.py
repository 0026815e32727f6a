"""Table: what the network says of a row, and which columns it says so for."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.components import say
from dashboard.components.look import network
from dashboard.components.table import baseline, row, views
from dashboard.components.wait import slot
from dashboard.wording.table import changed, headline
from models.runtime.errors import UserError
from models.table.classifier import TableClassifier

reader = network(session.visit().selection, TableClassifier)
top = slot()
told, beside = slot(), slot()
# Side by side, so that who moves a slider sees what that does.
left, right = st.columns([2, 3], gap="large")
with left:
    try:
        original, looked_at = row.choose(reader)
    except UserError as gone:
        # A run can be brought here without the table that it learned from.
        say.problem(str(gone))
        st.stop()
top.header(say.plain(headline(reader.title, looked_at.prediction)))
moved = int(reader.columns.differ(original.row, looked_at.row).sum())
if sentence := changed(moved, original.prediction, looked_at.prediction):
    told.markdown(say.plain(sentence))
with right:
    views.draw(looked_at)
# Last, so that nothing waits for it.
baseline.draw(beside, reader)
