"""The views of the Text page, in the order that a curious person would ask."""

from __future__ import annotations

from dashboard.components.tabs import Tab, pick
from dashboard.components.text import attention, change, nearest, tree, why
from dashboard.parameters import READ
from dashboard.results.text import TextSubject


def draw(subject: TextSubject) -> None:
    """The view of the address, of those that the network has; of a text with at least one word."""
    offered = [name for name, view in VIEWS.items() if view.fits(subject)]
    pick(READ, VIEWS, offered=offered).draw(subject)


def _words(subject: TextSubject) -> None:
    why.draw(subject)
    why.turning(subject)


VIEWS = {
    "words": Tab("Words", _words),
    "change": Tab("Change words", change.draw),
    "attention": Tab("Attention", attention.draw, fits=lambda subject: subject.classifier.network.attends),
    "nearest": Tab("Nearest texts", nearest.draw),
    "tree": Tab("Decision tree", tree.draw),
}
