"""Runs that can be looked at: ours, and anybody's TensorBoard logs in a folder that the operator named."""

from __future__ import annotations

import dataclasses
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dashboard.records.sweep import SweepTrials, Tried
from models.kinds import KINDS
from models.runtime import settings
from models.runtime.errors import UserError
from models.tensorboard.folders import find_runs
from models.training import runs
from models.training.effect import Effect, effect
from models.training.runs import Run, names
from models.training.runs import status as states
from models.training.setting import Value
from models.training.sweep import plan as plans
from models.training.sweep import trials
from models.training.sweep.axis import Axis

LOG = "log:"
# Of a sweep's trials so many have their curves drawn.
BEST_TRIALS = 3


@dataclass(frozen=True)
class CurveSource:
    """One run whose curves are shown.

    Attributes:
        name: as in the address.
        title: as on the page.
        folder: where its event files are.
        run: our own run, or None for somebody else's log.
    """

    name: str
    title: str
    folder: Path
    run: Run | None = None


def source_of(run: Run) -> CurveSource:
    """One of our own runs."""
    return CurveSource(run.id, names.title(run), run.path, run)


def find_source(name: str) -> CurveSource:
    """The run of that name.

    Raises:
        UserError: if there is none.
    """
    if not name.startswith(LOG):
        run = runs.find(name)
        return source_of(run)
    for other in find_logs():
        if other.name == name:
            return other
    raise UserError("There is no such log in the folder that this server shows; choose one from the list.")


def default_names() -> tuple[str, ...]:
    """What is shown until a person chooses: the newest run, else somebody's log, else an example."""
    own, logs, examples = runs.listing().runs[:1], find_logs()[:1], runs.examples()[-1:]
    return (
        tuple(run.id for run in own) or tuple(log.name for log in logs) or tuple(run.id for run in examples)
    )


@dataclass(frozen=True)
class Change:
    """What sets a run apart from the one that it changes.

    Attributes:
        before: the run that it changes.
        settings: what was changed, a few words each.
        finished: whether both are trained; until then another epoch may change what is said of it.
        measured: what both reach, once they are, where they are measured on the same pictures.
    """

    before: CurveSource
    settings: tuple[str, ...]
    finished: bool
    measured: Effect | None


def change_of(source: CurveSource) -> Change | None:
    """What a run changes; None where it changes no other run that there still is."""
    run = source.run
    before = None if run is None else names.origin(run)
    if run is None or before is None:
        return None
    finished = all(each.status().state == states.FINISHED for each in (before, run))
    everything = runs.known() if finished else ()
    return Change(
        source_of(before),
        # Another seed is no change of its own: it is what the interval is about.
        tuple(names.phrases(dataclasses.replace(before.config, seed=run.config.seed), run.config)),
        finished,
        effect(before, run, everything) if finished else None,
    )


def parts_of(source: CurveSource) -> list[CurveSource]:
    """What has curves of its own: folds of a cross-validation that have begun, a sweep's best, else the run itself."""
    if source.run is None or not source.run.is_parent:
        return [source]
    if source.run.is_sweep:
        return [
            CurveSource(trial.run.id, f"Trial {trial.number}", trial.run.path, trial.run)
            for trial in trials.rank(trials.read_all(source.run, plans.read(source.run.path)))[:BEST_TRIALS]
        ]
    return [
        CurveSource(fold.id, f"Fold {fold.config.fold}", fold.path, fold) for fold in source.run.children()
    ]


def colours_of(sources: Sequence[CurveSource], count: int) -> dict[str, int]:
    """Each run's place among so many colours: its own, whatever the order, unless an older one beside it has that.

    Returns:
        Name -> place, from 0.
    """
    places: dict[str, int] = {}
    # Logs come last: they tell no age before they are read.
    for source in sorted(
        sources, key=lambda one: (one.run is None, one.run.created if one.run else 0.0, one.name)
    ):
        place = _own_colour(source, count)
        while place % count in places.values() and len(places) < count:
            place += 1
        places[source.name] = place % count
    return places


def _own_colour(source: CurveSource, count: int) -> int:
    run, examples = source.run, _example_names()
    if run is not None and run.is_example:
        # The last ones are kept for them: what is tried with an example never takes its colour.
        return count - 1 - examples.index(run.id)
    own = run.number if run is not None and run.number else zlib.crc32(source.name.encode())
    return own % max(1, count - len(examples))


@cache
def _example_names() -> tuple[str, ...]:
    return tuple(run.id for run in runs.examples())


def find_logs() -> list[CurveSource]:
    """All runs of the operator's folder of logs."""
    root = settings.LOGS.path()
    if root is None:
        return []
    names = [(path, path.relative_to(root).as_posix()) for path in find_runs(root)]
    return [CurveSource(f"{LOG}{name}", f"{name} (log)", path) for path, name in names]


def trials_of(sweep: Run) -> SweepTrials:
    """What a sweep has tried until now. Raises UserError where its plan is damaged."""
    plan = plans.read(sweep.path)
    begun = trials.read_all(sweep, plan)
    best = next((trial.number for trial in trials.rank(begun)), None)
    return SweepTrials(
        labels=tuple(axis.setting.label.partition(" (")[0] for axis in plan.axes),
        logarithmic=tuple(axis.log for axis in plan.axes),
        trials=tuple(
            Tried(
                trial.run.id,
                trial.number,
                tuple(_display(axis, trial.values[axis.name]) for axis in plan.axes),
                trial.score,
                trial.state,
                parameters=trial.parameters,
                flops=trial.flops,
                seconds=trial.seconds,
            )
            for trial in begun
        ),
        count=plan.count,
        best=best,
        things=KINDS[sweep.config.reads].many,
    )


def _display(axis: Axis, value: Value) -> Value:
    """A value as people read it: the title of a choice, without what the network's title says of its sides."""
    title = axis.setting.choices.get(str(value))
    return value if title is None else names.SIDES.sub("", title)
