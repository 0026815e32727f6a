"""The curves of a run, and what they say."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.records.curves import Line
from dashboard.runs import Watched
from models.runtime.errors import UserError
from models.tensorboard import scalars
from models.tensorboard.series import Series
from models.tensorboard.tags import tag_label
from models.training.verdict import Curves, Verdict, judge

# Quantities that everybody wants to see first, in this order.
FIRST = ("loss", "accuracy")


def curves(one: Watched, series: Sequence[Series], colour: int) -> dict[str, list[Line]]:
    """A run's curves so far: title of the quantity -> its lines."""
    charts: dict[str, list[Line]] = {}
    for each in series:
        words = tag_label(each.tag, each.part)
        line = Line(one.title, words.split, each.steps, each.values, colour)
        charts.setdefault(words.title, []).append(line)
    return charts


def verdict(one: Watched, series: Sequence[Series]) -> Verdict | None:
    """What the curves of our own run show; None for a log or a cross-validation."""
    if one.run is None or one.run.is_parent:
        return None
    values = {each.tag: each.values for each in series}
    tags = (scalars.EPOCH_LOSS, scalars.EPOCH_TOP1, scalars.VALIDATION_LOSS, scalars.VALIDATION_TOP1)
    if any(tag not in values for tag in tags):
        return None
    epochs = min(len(values[tag]) for tag in tags)
    try:
        facts = one.run.facts()
    except UserError:
        # Without them nobody can say what chance does to the numbers.
        return None
    return judge(
        Curves(*(values[tag][:epochs] for tag in tags)),
        one.run.config,
        classes=len(facts.classes),
        validated=facts.counts["validation"],
    )
