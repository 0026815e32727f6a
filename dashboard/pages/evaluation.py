"""Evaluation: how good the network is on labelled examples, and where it errs."""

from __future__ import annotations

from dashboard import session
from dashboard.components.evaluation import other_kinds, views
from dashboard.components.look import find_view

selection = session.visit().selection
view = find_view(selection)
if view is None:
    other_kinds.draw(selection)
else:
    views.draw(view)
