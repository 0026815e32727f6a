"""Sentences about a sweep: how far it is, and what went best."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from dashboard.records.sweep import SweepTrials, Tried
from dashboard.wording.numbers import duration, enumeration, lower, percent, rate, si
from models.training.sweep.confirmation import Comparison
from models.training.sweep.importance import FEWEST, Importance

GIVEN_UP, FAILED = "given up", "failed"
# Shares of the validation pictures that are as good as the same where something costs less: one point.
CLOSE = 0.01
OPTIMISTIC = (
    "The best of many trials on one set of validation pictures looks better than it is: it is the best partly by "
    "luck. Whether it is better is told by trying it again on other folds and seeds, beside what it is to beat."
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
    share = f"{percent(best.score)} of the validation {tried.things} right"
    return f"The best of {of} gets {share}, with {settings(tried, best)}."


def settings(tried: SweepTrials, trial: Tried) -> str:
    """The settings of a trial: "learning rate 0.003 and dropout 0.2"."""
    phrases = [
        f"{label[:1].lower()}{label[1:]} {value:g}"
        if isinstance(value, int | float)
        else f"{label.lower()} {value}"
        for label, value in zip(tried.labels, trial.values, strict=True)
    ]
    return enumeration(phrases)


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


def importance(tried: SweepTrials, measured: Sequence[Importance]) -> str:
    """Which settings matter, as far as the finished trials tell.

    Args:
        tried: by the sweep.
        measured: by setting, the one that matters most first; empty where there are too few trials.
    """
    finished, others = len(tried.finished), len(tried.scored) - len(tried.finished)
    if not measured:
        missing = FEWEST - finished
        verb = "is" if missing == 1 else "are"
        return f"Which settings matter is said from {FEWEST} finished trials on; {missing} {verb} missing."
    clear = [
        f"{lower(setting.name)} accounts for {_share(setting.share)} of the spread of the scores "
        f"(95 % interval {_share(setting.low)} to {_share(setting.high)})"
        for setting in measured
        if setting.is_clear
    ]
    unclear = [lower(setting.name) for setting in measured if not setting.is_clear]
    rest = f"{enumeration(unclear)} cannot be told from having no influence" if unclear else ""
    aside = f" Left out are {others} that did not come to their end." if others else ""
    return f"Over {finished} finished trials {'; '.join(filter(None, [enumeration(clear), rest]))}.{aside}"


def _share(share: float) -> str:
    return f"{100 * share:.0f} %"


def cheaper(tried: SweepTrials, cost: str) -> str:
    """Whether a trial that costs less comes close to the best.

    Args:
        tried: by the sweep, one finished at least.
        cost: "parameters", "flops" or "seconds".
    """
    front = tried.front(cost)
    best = front[-1]
    close = next(trial for trial in front if (trial.score or 0.0) >= (best.score or 0.0) - CLOSE)
    most = f"the best ({rate(best.score or 0.0)}, {_cost(best, cost)})"
    if close == best:
        return f"No cheaper trial comes within a point of {most}."
    return f"Trial {close.number} comes within a point of {most}: {rate(close.score or 0.0)}, {_cost(close, cost)}."


def _cost(trial: Tried, cost: str) -> str:
    return _COSTS[cost](trial)


_COSTS: dict[str, Callable[[Tried], str]] = {
    "parameters": lambda trial: f"{si(trial.parameters)} parameters",
    "flops": lambda trial: f"{si(trial.flops)} FLOPs",
    "seconds": lambda trial: duration(trial.seconds),
}


def compared(comparison: Comparison) -> str:
    """How the best settings do against others, on what none was chosen by."""
    difference = 100 * (comparison.best - comparison.against)
    interval = f"95 % interval {100 * comparison.low:.1f} to {100 * comparison.high:.1f}"
    begin = f"Tried again over {comparison.folds} folds"
    if comparison.seeds > 1:
        begin += f" and {comparison.seeds} seeds"
    if not comparison.is_clear:
        return (
            f"{begin}, the best cannot be told apart from {comparison.other}: {difference:+.1f} points of the "
            f"{comparison.part} {comparison.things} ({interval})."
        )
    word = "better" if difference > 0 else "worse"
    return (
        f"{begin}, the best is {word} than {comparison.other}: {rate(comparison.best)} of the {comparison.part} "
        f"{comparison.things} right instead of {rate(comparison.against)} ({difference:+.1f} points, {interval})."
    )


HOW_COMPARED = (
    "The interval is Nadeau and Bengio's (2003), a t-test whose spread is corrected for the training pictures that "
    "folds share; folds and seeds are none that the sweep chose by."
)

HOW_IMPORTANT = (
    "What a random forest's error grows by on trials that it has not seen when a setting's value is taken from another "
    "trial. The interval is over parts of the trials, Nadeau and Bengio's (2003)."
)
