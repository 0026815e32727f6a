"""What a picture that was made for a channel or a class reaches, beside real ones."""

from __future__ import annotations

from dashboard.records.maximisation import Aim, MaximisedPicture, Rival
from dashboard.wording.numbers import three_digits


def reach(what: str, aim: Aim, made: MaximisedPicture) -> str:
    """The number that the picture reaches, before there is anything to compare it with.

    Args:
        what: the channel or the class, in words.
        aim: what the picture is made for.
        made: the picture.
    """
    goal = f"avoid {what} brings it down" if aim.avoid else f"excite {what} brings it"
    return f"A picture made to {goal} to {three_digits(made.reached)}."


def headline(what: str, aim: Aim, made: MaximisedPicture, rival: Rival) -> str:
    """Whether the picture goes further than all real ones, and what both reach."""
    further = made.reached < rival.value if aim.avoid else made.reached > rival.value
    ours, theirs = three_digits(made.reached), three_digits(rival.value)
    purpose = "to avoid" if aim.avoid else "for"
    count = f"{rival.pictures:,}"
    if rival.part is None:
        # Without its picture it is known by the bins of a histogram.
        theirs = f"about {theirs}"
    if further:
        verb = "drives it lower" if aim.avoid else "excites it more"
        return (
            f"A picture made {purpose} {what} {verb} than any of {count} real ones: {ours} against {theirs}."
        )
    verb = f"drives {what} no higher" if aim.avoid else f"excites {what} no less"
    return f"The best of {count} real pictures {verb} than the picture made {purpose} it: {theirs} against {ours}."


def quantity(aim: Aim) -> str:
    """What is told of the real pictures."""
    if aim.call is None:
        return f"The {'lowest' if aim.avoid else 'highest'} score"
    return "No value at any place is below this" if aim.avoid else "The largest value at any place"
