"""The views of the What if page: one table, and the choice among them."""

from __future__ import annotations

from dashboard.components import tabs
from dashboard.components.tabs import Tab
from dashboard.components.whatif import attack, brush, concepts, strategies
from dashboard.parameters import WHAT
from dashboard.view import View

TABS: dict[str, Tab[[View]]] = {
    "brush": Tab("Brush", brush.draw, "What if a part of it were gone?"),
    "attack": Tab("Attack", attack.draw, "How little must change for another answer?"),
    "concepts": Tab("Concepts", concepts.draw, "What does it make of a texture or a colour?"),
    "strategies": Tab("Strategies", strategies.draw, "In how many ways does it decide?"),
}


def draw(view: View) -> None:
    """The view of the address."""
    tabs.pick(WHAT, TABS).draw(view)
