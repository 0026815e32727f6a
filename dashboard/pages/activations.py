"""Activations: what every layer does with this photo."""

from __future__ import annotations

from dashboard import session
from dashboard.components import answer, black_box
from dashboard.components.activations import views
from dashboard.components.look import look

view = look(session.visit().selection)
answer.caution(view)
if view.classifier.sealed:
    black_box.draw(view)
else:
    views.draw(view)
