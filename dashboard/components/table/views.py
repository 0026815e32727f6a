"""The views of the Table page, in the order that a curious person would ask."""

from __future__ import annotations

from dashboard.components.table import counterfactual, dependence, groups, importance, tree, why
from dashboard.components.tabs import Tab, pick
from dashboard.parameters import TABLE_VIEW
from dashboard.results.table import TableSubject


def draw(subject: TableSubject) -> None:
    """The view of the address."""
    pick(TABLE_VIEW, VIEWS).draw(subject)


VIEWS = {
    "columns": Tab("Columns", why.draw),
    "along": Tab("Along a column", dependence.draw),
    "turn": Tab("What would turn it", counterfactual.draw),
    "needed": Tab("All rows", importance.draw),
    "groups": Tab("Groups", groups.draw),
    "tree": Tab("Decision tree", tree.draw),
}
