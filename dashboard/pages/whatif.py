"""What if: change the picture and watch the answer move."""

from __future__ import annotations

from dashboard import session
from dashboard.components import answer
from dashboard.components.look import look
from dashboard.components.whatif import views

view = look(session.visit().selection)
answer.caution(view)
views.draw(view)
