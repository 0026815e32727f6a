"""The curves of a run, what they say, and how far it is, in words."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.records.curves import Line
from dashboard.runs import CurveSource
from dashboard.wording.numbers import duration, percent, si
from models.runtime.errors import UserError
from models.tensorboard import scalars
from models.tensorboard.series import Series
from models.tensorboard.tags import tag_label
from models.training.runs import Run
from models.training.runs.facts import Facts
from models.training.runs.status import Status
from models.training.verdict import Curves, Verdict, judge

# Quantities that everybody wants to see first, in this order.
FIRST = ("loss", "accuracy")
# Of more classes the first and the last are named.
SHOWN_CLASSES = 12


def curves(run: CurveSource, series: Sequence[Series], colour: int) -> dict[str, list[Line]]:
    """A run's curves so far: title of the quantity -> its lines."""
    charts: dict[str, list[Line]] = {}
    for logged in series:
        words = tag_label(logged.tag, logged.part)
        line = Line(run.title, words.split, logged.steps, logged.values, colour)
        charts.setdefault(words.title, []).append(line)
    return charts


def verdict(watched: CurveSource, series: Sequence[Series]) -> Verdict | None:
    """What the curves of our own run show; None for a log or a cross-validation."""
    if watched.run is None or watched.run.is_parent:
        return None
    values = {logged.tag: logged.values for logged in series}
    tags = (scalars.EPOCH_LOSS, scalars.EPOCH_TOP1, scalars.VALIDATION_LOSS, scalars.VALIDATION_TOP1)
    if any(tag not in values for tag in tags):
        return None
    epochs = min(len(values[tag]) for tag in tags)
    try:
        facts = watched.run.facts()
    except UserError:
        # Without them nobody can say what chance does to the numbers.
        return None
    return judge(
        Curves(*(values[tag][:epochs] for tag in tags)),
        watched.run.config,
        classes=len(facts.classes),
        validated=facts.counts["validation"],
    )


def headline(run: CurveSource, judged: Verdict | None) -> str:
    """What is said of a run on top: its verdict, how its folds fare, or its name."""
    if judged is not None:
        return judged.sentence
    if run.run is not None and run.run.is_parent:
        return folds(run.run)
    return f"Run {run.title}" if run.run else f"Somebody's log: {run.title}"


def report_headline(runs: Sequence[CurveSource], judged: Verdict | None, *, own: bool) -> str:
    """What a report says of runs, at least one.

    Args:
        runs: the first is the one that the verdict is about.
        judged: its verdict.
        own: whether the network of the report is a checkpoint of it.
    """
    sentence = (
        f"How {' and '.join(run.title for run in runs)} learned." if judged is None else judged.sentence
    )
    if own:
        return sentence
    return f"Run {runs[0].title}, which is another network: {sentence[:1].lower()}{sentence[1:]}"


def folds(run: Run) -> str:
    """How far a cross-validation is, or how often its networks are right."""
    scores = run.status().scores
    if "spread_best_top1" not in scores:
        return f"Cross-validation: {run.status().epoch} of {run.config.folds} folds are done."
    mean, spread = scores["best_top1"], scores["spread_best_top1"]
    return f"Over {run.config.folds} folds it is right for {percent(mean)}, give or take {100 * spread:.1f} points."


def progress(status: Status) -> str:
    """How far a run is, and how long it will take."""
    left = "" if status.remaining is None else f", {duration(status.remaining)} left"
    epoch = min(status.epoch + 1, status.epochs)
    return f"Epoch {epoch} of {status.epochs}, step {status.step:,} of {status.steps:,}{left}"


def measures(status: Status) -> list[str]:
    """Size, speed, accuracy and time of a run, as far as they are known."""
    scores = status.scores
    known = [f"{si(status.parameters)} parameters"] if status.parameters else []
    if status.images_per_second and status.active:
        known.append(f"{si(status.images_per_second)} images per second")
    if "best_top1" in scores:
        known.append(f"best validation accuracy {percent(scores['best_top1'])}")
    if "test_top1" in scores:
        known.append(f"test accuracy {percent(scores['test_top1'])}")
    if status.seconds:
        known.append(f"{duration(status.seconds)} of training")
    return known


def data(facts: Facts) -> str:
    """What a run learns from, and its classes in the order of its outputs."""
    told = {"train": "pictures to learn from", "validation": "kept back", "test": "to test it at the end"}
    counts = ", ".join(f"{count:,} {told[part]}" for part, count in facts.counts.items())
    names = facts.classes
    if len(names) > SHOWN_CLASSES:
        names = (*names[: SHOWN_CLASSES - 2], "…", names[-1])
    return f"{facts.title}: {counts}. {len(facts.classes)} classes, in this order: {', '.join(names)}."
