"""Recommendation: what the network recommends to somebody, and because of which of their choices."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.components import say
from dashboard.components.history import because, intake, recommended, trust
from dashboard.components.look import network
from dashboard.components.wait import slot
from dashboard.wording import history as wording
from models.history.classifier import Recommender

reader = network(session.visit().selection, Recommender)
top = slot()
told = slot()
# Side by side, so that who takes a film away sees what that does.
left, right = st.columns([2, 3], gap="large")
with left:
    looked_at = intake.choose(reader)
    recommended.draw(looked_at)
first = reader.catalogue.titles[int(looked_at.recommended.films[0])]
top.header(say.plain(wording.headline(reader.title, first, looked_at.person, len(looked_at.history))))
suits = wording.suits(looked_at.suiting, len(looked_at.recommended.films), looked_at.liked)
told.markdown(say.plain(f"{suits} {wording.ALL_MADE_UP}"))
with right:
    if looked_at.history:
        because.draw(looked_at)
    else:
        say.note(wording.NOTHING_CHOSEN)
trust.draw(reader)
