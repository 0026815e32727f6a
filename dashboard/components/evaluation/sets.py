"""The choice among the labelled sets that fit a network."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dashboard.components import choice, say
from dashboard.inspection.evaluation.sets import LabelledSet
from dashboard.parameters import PART, SHEET
from dashboard.view import View
from models.runtime.errors import UserError

# Name in the address -> title on the control.
TITLES = {"validation": "Kept back", "test": "Test", "train": "Learned from", "folder": "Your folder"}


def pick(view: View, sets: Mapping[str, Callable[[], LabelledSet]]) -> LabelledSet | None:
    """The set of the address, with its control; None where its pictures cannot be had, which is said."""
    asked_name = PART.text(view.selection.parameters)
    if asked_name is not None and asked_name not in sets:
        reason = (
            f"{view.model.title} has no labelled pictures of that kind here"
            if asked_name in TITLES
            else "There is no such set"
        )
        say.warning(f"{reason}; choose one of {', '.join(TITLES[name] for name in sets)}.")
    name = choice.segments(
        "Labelled pictures",
        PART,
        {name: TITLES[name] for name in sets},
        resets=[SHEET],
        text="Kept back: the part of a run's pictures that it never learned from. Test: pictures that nobody learns "
        "from. Learned from: how well it remembers. Your folder: a subfolder for each class.",
    )
    try:
        return sets[name]()
    except UserError as refusal:
        say.problem(str(refusal))
        return None
