"""Text: what the network says of a text, and which words it says so for."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.components import say
from dashboard.components.look import network
from dashboard.components.text import intake, views
from dashboard.components.wait import slot
from dashboard.wording.text import beside_baseline, headline, left_out
from models.text.baseline import shipped_baseline
from models.text.classifier import TextClassifier

reader = network(session.visit().selection, TextClassifier)
top = slot()
looked_at = intake.subject_of(reader)
top.header(say.plain(headline(reader.title, looked_at.prediction)))
if told := beside_baseline(reader.provenance.accuracy, shipped_baseline(reader.fits)):
    st.markdown(say.plain(told))
if len(looked_at.tokens):
    views.draw(looked_at)
    if looked_at.tokens.left_out:
        say.note(left_out(looked_at.tokens.left_out, len(looked_at.tokens)))
else:
    say.note("There is no word in this text; the answer is what the network says of nothing.")
