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
    purpose = "made to avoid it" if aim.avoid else "made for it"
    verb = "gets down to" if aim.avoid else "reaches"
    return f"{what[:1].upper()}{what[1:]} {verb} {three_digits(made.reached)} in a picture {purpose}."


def headline(what: str, aim: Aim, made: MaximisedPicture, rival: Rival) -> str:
    """The number that the picture reaches, against what real pictures reach."""
    first = reach(what, aim, made).removesuffix(".")
    further = made.reached < rival.value if aim.avoid else made.reached > rival.value
    if rival.part is None:
        return (
            f"{first}; no value in {rival.pictures:,} real pictures is below {three_digits(rival.value)}."
            if further
            else f"{first}; values in {rival.pictures:,} real pictures go down to about {three_digits(rival.value)}."
        )
    which = ("lowest" if aim.avoid else "strongest") + f" of {rival.pictures:,} real pictures"
    if further:
        return f"{first}; the {which} only gets {three_digits(rival.value)}."
    return f"{first}, not beyond the {which}, which gets {three_digits(rival.value)}."


def quantity(aim: Aim) -> str:
    """What is told of the real pictures."""
    if aim.call is None:
        return f"The {'lowest' if aim.avoid else 'highest'} score"
    return "No value at any place is below this" if aim.avoid else "The largest value at any place"
