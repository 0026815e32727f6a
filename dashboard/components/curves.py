"""The curves of a run, and what they say."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard import cache
from dashboard.charts.curves import Line
from dashboard.runs import Watched
from models.errors import UserError
from models.training import scalars
from models.training.series import Series
from models.training.tags import shown
from models.training.verdict import Curves, Verdict, judge


def curves_of(one: Watched, colour: int) -> dict[str, list[Line]]:
    """A run's curves so far: title of the quantity -> its lines."""
    charts: dict[str, list[Line]] = {}
    for series in _series(one):
        words = shown(series.tag, series.part)
        line = Line(one.title, words.split, series.steps, series.values, colour)
        charts.setdefault(words.title, []).append(line)
    return charts


def problems_of(one: Watched) -> tuple[str, ...]:
    """What could not be read of a run's logs."""
    return cache.event_reader(str(one.folder)).problems()


def verdict(one: Watched) -> Verdict | None:
    """What the curves of our own run show; None for a log or a cross-validation."""
    if one.run is None or one.run.is_parent:
        return None
    values = {series.tag: series.values for series in _series(one)}
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


def _series(one: Watched) -> Sequence[Series]:
    reader = cache.event_reader(str(one.folder))
    reader.refresh()
    return reader.series()
