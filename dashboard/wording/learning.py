"""How an answer changed while the network learned, in a sentence."""

from __future__ import annotations

from dashboard.records.learning import Learning
from dashboard.wording.numbers import percent, short_title


def headline(learning: Learning, target: int, title: str) -> str:
    """Since when a run's network gives its answer, and how its probability of the class went.

    Args:
        learning: the picture at several steps.
        target: class index.
        title: of the run.
    """
    steps, shares = learning.steps, learning.probabilities[:, target]
    name, before, after = learning.classes[target], percent(shares[0]), percent(shares[-1])
    if len(steps) == 1:
        return f"{title} keeps one checkpoint, of step {int(steps[0]):,}: {after} for {name}."
    place = learning.since()
    answer = learning.classes[int(learning.logits[-1].argmax())]
    since = f"from step {int(steps[place]):,} on" if place else f"at each of its {len(steps)} checkpoints"
    return f"{title} says {answer} {since}: {name} goes from {before} to {after}."


def no_film(title: str) -> str:
    """That nobody can see how a network of that title came about."""
    return f"{short_title(title)} is one set of weights, of which no earlier one was kept: it has no film."


def selection(learning: Learning, count: int, noun: str) -> str:
    """How many of a layer's channels are looked at, each called by that noun."""
    channels = learning.maps.shape[1]
    if count == channels:
        return f"All {channels} {noun}s."
    return f"The {count} {noun}s of {channels:,} that are strongest over all steps."
