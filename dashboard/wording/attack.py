"""What small changes do to an answer: found or not, in words that claim no more than was tried."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.inspection.whatif.corruptions import CORRUPTIONS
from dashboard.inspection.whatif.margin import Decision
from dashboard.records.pictures import Prediction
from dashboard.records.whatif import Attacked, Harmless, How, RobustAccuracy
from dashboard.wording.answer import class_label, figure
from dashboard.wording.numbers import enumeration, percent, rate, three_digits, with_article

# How each search is called.
SEARCHES: dict[How, str] = {
    "one step": "one step along the gradient (FGSM)",
    "many steps": "many steps (PGD)",
    "random search": "random search",
}
# From this share of zeros on, there is hardly a gradient to follow.
FLAT = 0.9


def finding(title: str, before: Prediction, found: Attacked, decision: Decision) -> str:
    """What the search found, or that it found nothing.

    Args:
        title: of the network.
        before: its answer to the picture.
        found: by the search.
        decision: that was to change.
    """
    if found.smallest is None:
        return f"No change of at most {found.eps}/255 was found that {_goal(before, decision)}."
    after, size = found.smallest.prediction, found.smallest.eps
    least = f"A change of {'one level' if size == 1 else f'{size} levels'} of 255 is enough"
    if decision.alone:
        name = class_label(before, decision.index)
        turned = "no" if decision.yes else "yes"
        figures = f"{figure(after, decision.index)}, {figure(before, decision.index)} before"
        return f"{least}: {title} now says {turned} to {name} ({figures})."
    old, new = before.winner, after.winner
    return (
        f"{least}: {title} then says {with_article(class_label(after, new))} ({figure(after, new)}), no longer "
        f"{with_article(class_label(before, old))} ({figure(before, old)})."
    )


def _goal(before: Prediction, decision: Decision) -> str:
    name = class_label(before, decision.index)
    if decision.alone:
        return f"makes the network say {'no' if decision.yes else 'yes'} to {name}"
    return f"makes the network say {'anything but ' if decision.holds else ''}{with_article(name)}"


def worth(found: Attacked) -> str:
    """How much the finding says, and what was tried."""
    if found.smallest is None:
        return f"{_tried(found)}. That is no robustness: another search may find one."
    if found.smallest.eps == 1:
        return (
            "It is rounded to 8 bits, as any picture file is, and one level is the least that these can hold."
        )
    if not found.failed:
        return "It is rounded to 8 bits, as any picture file is; whether a smaller one does it was not tried."
    return (
        f"It is rounded to 8 bits, as any picture file is. With {found.failed} of 255, {found.restarts} restarts of "
        f"{found.steps} steps found none, which does not say that there is none."
    )


def _tried(found: Attacked) -> str:
    searches = {
        "one step": "one step along the gradient",
        "many steps": f"{found.restarts} restarts of {found.steps} steps",
        "random search": f"a random search of {found.queries:,} pictures",
    }
    tried = enumeration([searches[trial.how] for trial in found.trials])
    return f"{tried[:1].upper()}{tried[1:]} found none"


def masking(found: Attacked) -> str:
    """Whether the gradient seems to hide the way to a change, after one step along it found none.

    It is what Athalye et al. 2018 name as signs: one step does better than many, a search without a gradient better
    than one with it.
    """
    one, many, blind = (found.trial(how) for how in ("one step", "many steps", "random search"))
    if one is None or many is None:
        weak = "No gradient reaches the picture, so all that is left is to change squares at random and keep what helps"
        return f"{weak}: a weak search, which says little where it finds nothing."
    if found.flat is not None and found.flat >= FLAT:
        return (
            f"The gradient is 0 in {percent(found.flat)} of the picture's numbers: there is hardly anything to follow, "
            "so finding nothing says little."
        )
    if one.found and not many.found:
        return "One step found what many steps did not: a sign that the gradient misleads."
    if one.found:
        return "One step along the gradient is enough to find one: nothing hides it."
    if many.found:
        return (
            "One step along the gradient is not enough and many are, as they should be: nothing speaks for a masked "
            "gradient."
        )
    if blind is not None and blind.found:
        return (
            "A random search found what following the gradient did not: the gradient is masked, and searches along it "
            "say nothing about this network."
        )
    if one.margin < many.margin or (blind is not None and blind.margin < many.margin):
        nearer = "One step" if one.margin < many.margin else "A random search"
        return (
            f"{nearer} came nearer to a change than many steps along the gradient: a sign that it misleads."
        )
    return (
        "Many steps came nearer to a change than one step or a random search did, as they should: nothing speaks for a "
        "masked gradient."
    )


def harmless(found: Harmless, answer: str) -> str:
    """Which of the everyday changes loses the answer first.

    Args:
        found: what each did.
        answer: that may be lost.
    """
    firsts = {name: found.first(kind) for kind, name in enumerate(found.names)}
    lost = {name: place for name, place in firsts.items() if place is not None}
    if not lost:
        return f"None of {len(firsts)} everyday changes loses {answer} in the five strengths that were tried."
    least = min(lost.values())
    names = [name for name, place in lost.items() if place == least]
    said = enumeration([f"{CORRUPTIONS[name].title} ({parameter(found, name, least)})" for name in names])
    first = f"{said} {'loses' if len(names) == 1 else 'lose'} {answer} first, at strength {least + 1} of 5"
    kept = [CORRUPTIONS[name].title for name, place in firsts.items() if place is None]
    return (
        f"{first}; {enumeration(kept)} never {'does' if len(kept) == 1 else 'do'}." if kept else f"{first}."
    )


def parameter(found: Harmless, name: str, place: int) -> str:
    """The parameter of a change in one of its strengths, as people read it."""
    value = float(found.values[found.names.index(name), place])
    return CORRUPTIONS[name].parameter.format(three_digits(value))


def robustness(robust: RobustAccuracy) -> str:
    """What a set under attack says."""
    last, first = robust.right[-1] / robust.count, robust.right[0] / robust.count
    most, interval = int(robust.eps[-1]), f"{rate(robust.low[-1])} to {rate(robust.high[-1])}"
    return (
        f"Of {robust.count:,} test pictures {rate(first)} are right as they are; for {rate(last)} ({interval}) "
        f"{robust.restarts} restarts of {robust.steps} steps found no change of at most {most}/255 that makes them "
        "wrong. A stronger search can only find more."
    )


def labels(found: Harmless, classes: Sequence[str], reading: str) -> list[list[str]]:
    """What stands in the cells: how sure, and the new answer where it is another one."""
    several = reading == "one of several"
    return [
        [
            classes[found.winner[kind, place]]
            if lost and several
            else percent(float(found.strength[kind, place]))
            for place, lost in enumerate(row)
        ]
        for kind, row in enumerate(found.flipped)
    ]
