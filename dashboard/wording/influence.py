"""What a network learned an answer from, in words that claim no more than what was left out for real."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dashboard.inspection.influence.head import FEWEST_AGREE
from dashboard.records.influence import Checked, FittedHead, Influence
from dashboard.wording.numbers import count, percent, rate, short_title, three_digits


def agrees(check: Checked) -> bool:
    """Whether what was computed has enough of the order of what is so to be shown."""
    return check.correlation >= FEWEST_AGREE


def headline(title: str, found: Influence, head: FittedHead, classes: Sequence[str]) -> str:
    """What the answer would be without the picture that pulls it most, for the class or against it.

    Args:
        title: of the network.
        found: its influence.
        head: that was fitted.
        classes: their names.
    """
    name, target = short_title(title), classes[found.target]
    if not agrees(found.check):
        return (
            f"What {name} learned this from is not shown: what was computed and what came out have a rank correlation "
            f"of {correlation(found.check)}."
        )
    row = int(np.abs(found.pulls).argmax())
    now, after, label = percent(found.without()), percent(found.without(row)), classes[head.labels[row]]
    if now == after:
        return f"No single picture decides it: without any one it learned from, {name} stays {now} sure of {target}."
    return f"Without one picture of {label} that it learned from, {name} would be {after} sure of {target}, not {now}."


def correlation(check: Checked) -> str:
    """The correlation of the ranks, which may be none."""
    return three_digits(check.correlation) if np.isfinite(check.correlation) else "no number"


def checked(check: Checked, pictures: int) -> str:
    """What leaving a few out for real says of what was computed."""
    tried = len(check.rows)
    return (
        f"{tried} of its {pictures:,} pictures were left out for real, one at a time, and the head fitted again: what "
        f"came out has a rank correlation of {correlation(check)} with what was computed, and the same sign in "
        f"{round(check.same_sign * tried)} of {tried}."
    )


def worth(head: FittedHead) -> str:
    """What the head was fitted to, and what that leaves out."""
    return (
        f"This is the influence of the head alone, which is exact: fitted to the end over {len(head.labels):,} "
        f"pictures, it answers {rate(head.agreement)} of them as the network does. The layers below learned from "
        "these pictures too, and stay as they are."
    )


def tracin(checkpoints: int, check: Checked) -> str:
    """What TracIn says, and what it does not."""
    return (
        f"TracIn adds up, over {count(checkpoints, 'checkpoint')}, how far a step of the head along each picture would "
        "have lowered the loss of this one. It says what steps would have done, not what the answer were without a "
        f"picture: of the {len(check.rows)} that were left out for real it has a rank correlation of "
        f"{correlation(check)}."
    )


def most_helpful_step(
    title: str, values: np.ndarray, head: FittedHead, classes: Sequence[str], target: int
) -> str:
    """Which picture steps along would have helped an answer most, by TracIn.

    Args:
        title: of the network.
        values: (N,) TracIn of the head's pictures.
        head: that was fitted.
        classes: their names.
        target: of the answer.
    """
    name, label = short_title(title), classes[head.labels[int(values.argmax())]]
    return (
        f"By TracIn, steps along a picture of {label} would have helped {name} most to say {classes[target]}."
    )


def pull(value: float) -> str:
    """By how much a picture pulls, in log odds, with its sign."""
    return f"{'+' if value >= 0 else '-'}{three_digits(abs(value))}"


def suspected(wrong: int, pictures: int) -> str:
    """How many labels the network contradicts."""
    if not wrong:
        return f"The network gives the most probability to the label of each of the {pictures:,} pictures."
    return f"The network contradicts the label of {count(wrong, 'picture')} of the {pictures:,} that it learned from."
