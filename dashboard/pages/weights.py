"""Weights: what training wrote into the network, layer by layer."""

from __future__ import annotations

from dashboard import session
from dashboard.components.wait import slot
from dashboard.components.weights import subject, views

looked_at = subject.subject_of(session.visit().selection)
views.draw(looked_at, slot())
