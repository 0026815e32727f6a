"""How good a network is that reads no pictures: the view of its kind."""

from __future__ import annotations

from collections.abc import Callable

from dashboard.components.evaluation import histories, tables, texts
from dashboard.selection import Selection
from models.kinds import HISTORY, TABLE, TEXT
from models.networks import find_network

# By what is read.
VIEWS: dict[str, Callable[[Selection], None]] = {
    TEXT: texts.draw,
    TABLE: tables.draw,
    HISTORY: histories.draw,
}


def draw(selection: Selection) -> None:
    """The view of what the network reads."""
    VIEWS[find_network(selection.model).reads](selection)
