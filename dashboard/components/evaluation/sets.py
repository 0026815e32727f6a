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


def pick(view: View, found: Mapping[str, Callable[[], LabelledSet]]) -> LabelledSet | None:
    """The set of the address, with its control; None where its pictures cannot be had, which is said."""
    named = PART.text(view.selection.parameters)
    if named is not None and named not in found:
        known = named in TITLES
        said = (
            f"{view.model.title} has no labelled pictures of that kind here"
            if known
            else "There is no such set"
        )
        say.warning(f"{said}; choose one of {', '.join(TITLES[name] for name in found)}.")
    name = choice.segments(
        "Labelled pictures",
        PART,
        {name: TITLES[name] for name in found},
        resets=[SHEET],
        text="Kept back: the part of a run's pictures that it never learned from. Test: pictures that nobody learns "
        "from. Learned from: how well it remembers. Your folder: a subfolder for each class.",
    )
    try:
        return found[name]()
    except UserError as refusal:
        say.problem(str(refusal))
        return None
