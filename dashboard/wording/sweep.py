"""Sentences about a sweep: how far it is, and what went best."""

from __future__ import annotations

from collections import Counter

from dashboard.records.sweep import SweepTrials, Tried
from dashboard.wording.numbers import percent

GIVEN_UP, FAILED = "given up", "failed"
OPTIMISTIC = (
    "The best of many trials on one set of validation pictures looks better than it is: it is the best partly by "
    "luck. Its test accuracy was not chosen by; other seeds of it say how far to trust the difference."
)


def headline(title: str, tried: SweepTrials, *, active: bool) -> str:
    """What is said of a sweep on top.

    Args:
        title: of the sweep.
        tried: until now.
        active: whether it goes on.
    """
    over = sum(trial.state != "open" for trial in tried.trials)
    best = next((trial for trial in tried.trials if trial.number == tried.best), None)
    of = f"{over} of {tried.count} trials" if active or over < tried.count else f"{tried.count} trials"
    if best is None or best.score is None:
        return f"{title}: {of}, none is finished yet."
    share = f"{percent(best.score)} of the validation pictures right"
    return f"{title}: the best of {of} gets {share}, with {settings(tried, best)}."


def settings(tried: SweepTrials, trial: Tried) -> str:
    """The settings of a trial: "learning rate 0.003 and dropout 0.2"."""
    phrases = [
        f"{label[:1].lower()}{label[1:]} {value:g}"
        if isinstance(value, int | float)
        else f"{label.lower()} {value}"
        for label, value in zip(tried.labels, trial.values, strict=True)
    ]
    return " and ".join(filter(None, [", ".join(phrases[:-1]), phrases[-1]]))


def ended(tried: SweepTrials) -> str:
    """How the trials that are over ended; empty where all are finished."""
    count = Counter(trial.state for trial in tried.trials)
    parts = [
        f"{count[state]} {'was' if count[state] == 1 else 'were'} {words}"
        for state, words in (
            (GIVEN_UP, "given up early, as others did better at the same epoch"),
            (FAILED, "broken off, as a loss was no number any more"),
        )
        if count[state]
    ]
    return f"Of the trials {' and '.join(parts)}." if parts else ""
