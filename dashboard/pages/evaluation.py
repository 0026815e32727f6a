"""Evaluation: how good the network is on labelled pictures, and where it errs."""

from __future__ import annotations

from dashboard import session
from dashboard.components.evaluation import views
from dashboard.components.look import look

views.draw(look(session.visit().selection))
