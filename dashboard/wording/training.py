"""The curves of a run, what they say, and how far it is, in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dashboard.runs import Change, CurveSource
from dashboard.wording.numbers import duration, lower, percent, rate, si
from models.kinds import KINDS, PICTURES
from models.runtime.errors import UserError
from models.tensorboard import scalars
from models.tensorboard.series import Series
from models.training.effect import Effect
from models.training.runs import Run
from models.training.runs import status as states
from models.training.runs.facts import Facts
from models.training.runs.status import Status
from models.training.verdict import TOO_EARLY, Curves, Verdict, judge

# Quantities that everybody wants to see first, in this order.
FIRST = ("loss", "accuracy")
# Of more classes the first and the last are named.
SHOWN_CLASSES = 12
# Steps whose accuracy is averaged where one number is said of a run that learns: one batch alone jumps.
LATEST = 30
# What the quantities that not everybody knows say, and what is healthy.
EXPLANATIONS = {
    "gradient norm": (
        "How steep the loss is where the weights are. Healthy: level, or falling slowly; jumps to ten times as much "
        "and more ask for a lower learning rate."
    ),
    "update ratio": (
        "How far a step moves the weights, as a part of their length. Healthy: about 0.001; from 0.01 on training is "
        "unsteady, below 0.0001 it hardly moves."
    ),
    "images per second": (
        "Pictures learned from in a second. Healthy: level; dips tell that something else wants the processor."
    ),
}


def verdict(watched: CurveSource, series: Sequence[Series]) -> Verdict | None:
    """What the curves of our own run show; None for a log or a cross-validation."""
    if watched.run is None or watched.run.is_parent:
        return None
    tags = (scalars.EPOCH_LOSS, scalars.EPOCH_TOP1, scalars.VALIDATION_LOSS, scalars.VALIDATION_TOP1)
    values = {
        logged.tag: dict(zip(logged.steps.tolist(), logged.values.tolist(), strict=True)) for logged in series
    }
    # Validation pictures are measured at each checkpoint within an epoch as well.
    ends = [step for step in values.get(tags[0], ()) if all(step in values.get(tag, ()) for tag in tags)]
    if not ends:
        return None
    try:
        facts = watched.run.facts()
    except UserError:
        # Without them nobody can say what chance does to the numbers.
        return None
    return judge(
        Curves(*(np.array([values[tag][step] for step in ends]) for tag in tags)),
        watched.run.config,
        classes=len(facts.classes),
        validated=facts.counts["validation"],
    )


def headline(source: CurveSource, judged: Verdict | None, accuracy: float | None = None) -> str:
    """What is said of a run on top: how far it is while it trains, how it ended, and in the end what its curves show.

    Args:
        source: the run.
        judged: its verdict.
        accuracy: share of the latest training pictures that were right, in [0, 1]; None where nothing was logged.
    """
    if source.run is None:
        return f"Somebody's log: {source.title}"
    if source.run.is_parent:
        return f"{source.title}: {folds(source.run)}"
    status, many = source.run.status(), KINDS[source.run.config.reads].many
    if status.state != states.FINISHED:
        return _BEGINNINGS[status.state].format(source.title) + _reached(status, accuracy, many)
    if judged is not None:
        return f"{source.title}: {judged.finding}."
    return f"{source.title} is trained{_reached(status, accuracy, many)}"


def reason(source: CurveSource, judged: Verdict | None) -> str:
    """What stands below the headline: what shows the verdict, or the verdict as far as there is one; may be empty."""
    if judged is None or source.run is None:
        return ""
    if source.run.status().state == states.FINISHED:
        return f"{judged.reason[:1].upper()}{judged.reason[1:]}."
    return "" if judged.kind == TOO_EARLY else f"So far: {lower(judged.sentence)}"


_BEGINNINGS = {
    states.WAITING: "{} waits until the run before it is trained",
    states.STARTING: "{} is starting: its data is read and its network is built",
    states.RUNNING: "Training {}",
    states.PAUSED: "{} is paused",
    states.STOPPING: "{} is being stopped",
    states.STOPPED: "{} was stopped",
    states.FAILED: "{} broke off",
    states.INTERRUPTED: "{} was interrupted",
    states.STALLED: "{} gives no sign of life",
    states.UNREADABLE: "What {} does cannot be read",
}


def _reached(status: Status, accuracy: float | None, many: str) -> str:
    """How a sentence about a run goes on: what it has reached, after how many steps, and how long it still takes."""
    if not status.step:
        return ": the first steps are on their way." if status.state == states.RUNNING else "."
    after = f"after {status.step:,}"
    best = status.scores.get("best_top1")
    if not status.active and best is not None:
        # Of its best checkpoint, which may be older than the last step.
        return f" {after} of {status.steps:,} steps: at best {percent(best)} of the validation {many} right."
    reached = "" if accuracy is None else f": {percent(accuracy)} of the latest training {many} right"
    of = "" if status.active else f" of {status.steps:,}"
    remaining = status.remaining if status.state == states.RUNNING else None
    left = "" if remaining is None else f", {duration(remaining)} left"
    return f"{reached} {after}{of} steps{left}."


def recent_accuracy(series: Sequence[Series]) -> float | None:
    """Share of the training pictures of the last steps that were right, in [0, 1]; None where nothing was logged."""
    values = next((logged.values for logged in series if logged.tag == scalars.TRAIN_TOP1), ())
    return float(np.mean(values[-LATEST:])) if len(values) else None


def effect(change: Change, before: Verdict | None, after: Verdict | None) -> str:
    """What a change of settings did, in one sentence; empty as long as nothing can be told.

    Args:
        change: of a run.
        before: verdict on the run without it.
        after: verdict on the run with it.
    """
    if not change.finished or not change.settings:
        return ""
    known = (_memorising(before, after), "" if change.measured is None else _difference(change.measured))
    parts = "; ".join(part for part in known if part)
    return f"With {' and '.join(change.settings)} {parts}." if parts else ""


def changed(change: Change) -> str:
    """That a run is the change of another one, as long as what it did cannot be told."""
    settings = " and ".join(change.settings) or "nothing changed"
    return f"This is {change.before.title} with {settings}; what that does shows as it trains."


def _memorising(before: Verdict | None, after: Verdict | None) -> str:
    if before is None or after is None or TOO_EARLY in (before.kind, after.kind):
        return ""
    old, new = before.since, after.since
    if old is None and new is None:
        return ""
    if new is None:
        return f"the network does not memorise; without, it began to at epoch {old}"
    if old is None:
        return f"memorising begins at epoch {new}; without, it does not"
    return f"memorising begins at epoch {new}" + (", as without" if new == old else f" instead of {old}")


def _difference(measured: Effect) -> str:
    each = "one run each" if measured.seeds == 1 else f"{measured.seeds} runs each"
    on_average = "" if measured.seeds == 1 else " on average"
    if measured.is_clear and measured.seeds == 1:
        # One run each can differ by its seed alone, however many pictures there are.
        tell = f"more than other {measured.things} would explain, though another seed may tell otherwise"
    else:
        tell = f"which {each} {'tell' if measured.is_clear else 'cannot tell'} apart"
    interval = f"{100 * measured.low:.1f} to {100 * measured.high:.1f} points"
    return (
        f"{rate(measured.after)} of the {measured.part} {measured.things} are right{on_average} instead of "
        f"{rate(measured.before)}, {tell} (95 % interval of the difference {interval})"
    )


def effect_method(measured: Effect) -> str:
    """How the interval of a difference was made, for the fine print."""
    if measured.seeds > 1:
        return (
            f"The interval is Student's over {measured.seeds} pairs of runs, each pair of one seed (Student 1908; "
            "Bouthillier et al. 2021): it says what another seed may change, on these "
            f"{measured.pictures:,} {measured.part} {measured.things}."
        )
    return (
        f"The interval is Newcombe's (1998, method 10) for two shares of {measured.pictures:,} {measured.things}: it "
        f"says what other {measured.things} may change. Both runs saw the same ones, so it is rather too wide; of what "
        "another seed changes it knows nothing."
    )


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
    return f"Run {runs[0].title}, which is another network: {lower(sentence)}"


def folds(run: Run) -> str:
    """How far a cross-validation is, or how often its networks are right."""
    scores = run.status().scores
    if "spread_best_top1" not in scores:
        return f"{run.status().epoch} of {run.config.folds} folds are done."
    mean, spread = scores["best_top1"], scores["spread_best_top1"]
    return f"over {run.config.folds} folds it is right for {percent(mean)}, give or take {100 * spread:.1f} points."


def progress(status: Status, part: str = "Epoch") -> str:
    """How far a run is, by its epochs or trials, and how long it will take."""
    left = "" if status.remaining is None else f", {duration(status.remaining)} left"
    epoch = min(status.epoch + 1, status.epochs)
    steps = "" if part != "Epoch" else f", step {status.step:,} of {status.steps:,}"
    return f"{part} {epoch} of {status.epochs}{steps}{left}"


def measures(status: Status, reads: str = PICTURES) -> list[str]:
    """Size, speed, accuracy and time of a run on that kind of input, as far as they are known."""
    scores = status.scores
    speed = status.images_per_second if status.active else None
    known = (
        f"{si(status.parameters)} parameters" if status.parameters else "",
        f"{si(speed)} {'images' if reads == PICTURES else KINDS[reads].many} per second" if speed else "",
        f"best validation accuracy {percent(scores['best_top1'])}" if "best_top1" in scores else "",
        f"test accuracy {percent(scores['test_top1'])}" if "test_top1" in scores else "",
        f"{duration(status.seconds)} of training" if status.seconds else "",
    )
    return [*filter(None, known)]


def data(facts: Facts) -> str:
    """What a run learns from, and its classes in the order of its outputs."""
    told = {
        "train": f"{KINDS[facts.format.reads].many} to learn from",
        "validation": "kept back",
        "test": "to test it at the end",
    }
    counts = ", ".join(f"{count:,} {told[part]}" for part, count in facts.counts.items())
    names = facts.classes
    if len(names) > SHOWN_CLASSES:
        names = (*names[: SHOWN_CLASSES - 2], "…", names[-1])
    return f"{facts.title}: {counts}. {len(facts.classes)} classes, in this order: {', '.join(names)}."


def answers_so_far(step: int, right: int, count: int, first: tuple[int, int] | None) -> str:
    """How many of some test pictures a network classifies right after a step, and how many at first.

    Args:
        step: optimizer steps taken.
        right: pictures that are classified right.
        count: of all.
        first: step and pictures that were right then; None where that is this step.
    """
    now = f"The checkpoint after {step:,} steps classifies {right} of these {count} test pictures right"
    return f"{now}." if first is None else f"{now}; the one after {first[0]:,} classified {first[1]}."


def short_share(share: float) -> str:
    """A probability in the width of a thumbnail."""
    return f"{100 * share:.0f} %" if share < 0.995 else ">99 %"
