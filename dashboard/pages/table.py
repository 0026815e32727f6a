"""Table: what the network says of a row, and which columns it says so for."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.components import say
from dashboard.components.look import network
from dashboard.components.table import row, views
from dashboard.components.wait import slot
from dashboard.wording.table import beside_baseline, changed, headline
from models.table.baseline import shipped_baseline
from models.table.classifier import TableClassifier

reader = network(session.visit().selection, TableClassifier)
top = slot()
told, baseline = slot(), shipped_baseline(reader.fits)
if baseline is not None and reader.provenance.accuracy is not None:
    st.markdown(say.plain(beside_baseline(reader.provenance.accuracy, baseline)))
# Side by side, so that who moves a slider sees what that does.
left, right = st.columns([2, 3], gap="large")
with left:
    original, looked_at = row.choose(reader)
top.header(say.plain(headline(reader.title, looked_at.prediction)))
moved = int((original.row != looked_at.row).sum())
if sentence := changed(moved, original.prediction, looked_at.prediction):
    told.markdown(say.plain(sentence))
with right:
    views.draw(looked_at)
