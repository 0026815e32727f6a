"""What became of the answer when a part of the picture was painted over, and which part decides it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dashboard.records.pictures import Prediction
from dashboard.records.whatif import Marked, Region
from dashboard.wording.answer import YES, class_label, figure, headline
from dashboard.wording.contract import Doubt
from dashboard.wording.numbers import percent, three_digits, with_article

# How fills are called.
FILLS = {
    "black": "Black",
    "white": "White",
    "mean": "Mean colour",
    "average": "Own mean",
    "blur": "Blur",
    "noise": "Noise",
    "photo": "Another photo",
}
# The same in a sentence.
COVERED = {
    "black": "black",
    "white": "white",
    "mean": "the mean colour of the training data",
    "average": "the picture's own mean colour",
    "blur": "the picture out of focus",
    "noise": "noise",
    "photo": "another photo",
}


def finding(
    title: str,
    before: Prediction,
    after: Prediction,
    target: int,
    *,
    hidden: np.ndarray,
    only: bool,
    doubts: Sequence[Doubt] = (),
) -> str:
    """What painting did to the answer, as a sentence.

    Args:
        title: of the network.
        before: its answer to the picture.
        after: its answer to what is left.
        target: what is looked at where the network does not choose one of several.
        hidden: (rows, columns) bool, what is not seen.
        only: whether what was painted is what is kept.
        doubts: about the answer, the gravest first.
    """
    if not hidden.any():
        return headline(title, before, doubts)
    share = float(hidden.mean())
    place = f"with {_part(1 - share)} alone" if only else f"without {_part(share)}"
    if not doubts:
        place = place[:1].upper() + place[1:]
    opening = f"{doubts[0].opening}: " if doubts else ""
    return f"{opening}{place}, {_change(title, before, after, target)}."


def _part(share: float) -> str:
    return "all of the picture" if share == 1 else f"{percent(share)} of the picture"


def _change(title: str, before: Prediction, after: Prediction, target: int) -> str:
    if before.reading != "one of several":
        name, then, now = class_label(before, target), figure(before, target), figure(after, target)
        if before.reading == "values":
            return f"{title} gives {now} for {name}, {then} before"
        is_yes = after.strength(target) >= YES
        turned = (before.strength(target) >= YES) != is_yes
        said = f"{'now' if turned else 'still'} says {'yes' if is_yes else 'no'}"
        return f"{title} {said} to {name} ({now}, {then} before)"
    old, new = before.winner, after.winner
    figures = f"{figure(after, old)}, {figure(before, old)} before"
    if old == new:
        return f"{title} still says {with_article(class_label(before, old))}: {figures}"
    return (
        f"{title} says {with_article(class_label(after, new))} ({figure(after, new)}), no longer "
        f"{with_article(class_label(before, old))} ({figures})"
    )


def line(before: Prediction, after: Prediction, index: int) -> tuple[str, str]:
    """A class, and its figures now and before."""
    return class_label(before, index), f"{figure(after, index)}, {figure(before, index)} before"


def hint(marked: Marked | None, method: str, title: str) -> str:
    """How much of what a map marks lies in what is painted.

    Args:
        marked: None where the map marks nothing.
        method: title of it.
        title: of the explained class.
    """
    if marked is None:
        return f"By {method} nothing speaks for {title}, so nothing of it can be painted."
    if marked.area in (0.0, 1.0):
        return f"What is painted is held against what {method} marks for {title}, once it is a part of the picture."
    times = marked.share / marked.area
    said = (
        f"{method} had put {percent(marked.share)} of what speaks for {title} into the {percent(marked.area)} of the "
        "picture that are painted"
    )
    if times >= 1.25:
        return f"{said}: {three_digits(times)} times as much as an even map would."
    return f"{said}: {'about as much as' if times >= 0.8 else 'less than'} an even map would."


def region(found: Region, prediction: Prediction, target: int, fill: str) -> str:
    """What the search for the smallest region found.

    Args:
        found: by the search.
        prediction: the answer to the whole picture.
        target: what is looked at where each class is by itself.
        fill: name of what stands where the picture is hidden.
    """
    index = prediction.winner if prediction.reading == "one of several" else target
    answer, cover = class_label(prediction, index), COVERED[fill]
    count = len(found.chosen)
    if not found.found:
        if found.aim == "keeps":
            return f"No region was found that keeps the answer ({answer}) with {cover} around it."
        return f"The answer stays {answer} even where all of the picture is {cover}."
    if not count:
        if found.aim == "keeps":
            return f"Nothing of the picture is needed: {cover} alone gets the answer ({answer})."
        return "Nothing has to be hidden: the answer is another one already."
    size = (
        f"{count} of {found.count} superpixels ({percent(float(found.cells.mean()))} of the picture) "
        f"{'is' if count == 1 else 'are'} enough to"
    )
    return f"{size} {'keep' if found.aim == 'keeps' else 'lose'} the answer ({answer})."


def region_worth(found: Region, fill: str) -> str:
    """What the search tried, and what stood where the picture was hidden; empty where there is no region."""
    if not found.found or not len(found.chosen):
        return ""
    place = "around them" if found.aim == "keeps" else "in their place"
    tried = (
        "no smaller set of superpixels does it, for all were tried"
        if found.smallest
        else "none of them can be left out; whether other superpixels do it with fewer was not tried"
    )
    return f"With {COVERED[fill]} {place}, {tried}."
