"""The best of a sweep, tried again: is it better than the defaults and the runner-up, or was it luck?"""

from __future__ import annotations

import dataclasses
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.kinds import KINDS, PICTURES
from models.runtime.errors import UserError
from models.training import runs
from models.training.config import Config
from models.training.effect import PARTS, corrected_interval, essence
from models.training.runs import Run
from models.training.runs import status as states
from models.training.sweep import plan as plans
from models.training.sweep import trials

BEST, RUNNER_UP, DEFAULTS = "the best", "the runner-up", "the settings that it began with"
FOLDS, SEEDS = 5, 2


@dataclass(frozen=True)
class Comparison:
    """How the best settings of a sweep do against others, on folds and seeds that none was chosen by.

    Attributes:
        other: RUNNER_UP or DEFAULTS.
        part: of the pictures: "test", or "validation" where there are no test pictures.
        best: share that is right with the best settings, in [0, 1]; the mean over folds and seeds.
        against: share that is right with the others.
        low: lower end of the 95 % interval of best - against, in [-1, 1].
        high: upper end.
        folds: of each cross-validation.
        seeds: cross-validations of each.
        things: what the networks read, in words.
    """

    other: str
    part: str
    best: float
    against: float
    low: float
    high: float
    folds: int
    seeds: int
    things: str = KINDS[PICTURES].many

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0 or self.high < 0


def contenders(sweep: Run) -> dict[str, Config]:
    """What is to be tried again, by name: the best first; those that are the same settings once.

    Raises:
        UserError: if no trial is finished, or the sweep's plan is damaged.
    """
    ranked = trials.rank(trials.read_all(sweep, plans.read(sweep.path)))
    if not ranked:
        raise UserError(f"No trial of sweep {sweep.id} is finished yet; wait for one.")
    configs = {BEST: ranked[0].run.config, DEFAULTS: sweep.config}
    if len(ranked) > 1:
        configs[RUNNER_UP] = ranked[1].run.config
    alone = {name: dataclasses.replace(config, trial=0, parent="") for name, config in configs.items()}
    kept: dict[str, Config] = {}
    for name, config in alone.items():
        if essence(config) not in map(essence, kept.values()):
            kept[name] = config
    return kept


def cross_validations(sweep: Run, *, folds: int = FOLDS, seeds: int = SEEDS) -> list[Config]:
    """The runs that tell: a cross-validation of each contender with each of some seeds of their own.

    Raises:
        UserError: if no trial is finished.
    """
    # Not the seed that the trials were chosen with.
    own = [sweep.config.seed + number for number in range(1, seeds + 1)]
    return [
        dataclasses.replace(config, folds=folds, seed=seed)
        for seed in own
        for config in contenders(sweep).values()
    ]


def repetitions(sweep: Run) -> list[Run]:
    """The cross-validations of a sweep's contenders that were started."""
    return [
        run for run in runs.listing(sweep.path.parent).runs if run.origin == sweep.id and run.config.folds > 1
    ]


def compare(sweep: Run) -> list[Comparison]:
    """What the cross-validations of a sweep's contenders say; nothing as long as one of them goes on.

    Raises:
        UserError: if no trial is finished.
    """
    known = [
        run for run in runs.listing(sweep.path.parent).runs if run.origin == sweep.id and run.config.folds > 1
    ]
    scores = {name: _scores(config, known) for name, config in contenders(sweep).items()}
    best = scores.pop(BEST)
    found = [_comparison(name, best, other) for name, other in scores.items()]
    things = KINDS[sweep.config.reads].many
    return [dataclasses.replace(comparison, things=things) for comparison in found if comparison is not None]


@dataclass(frozen=True)
class _Scores:
    """Of one contender: (seed, fold) -> share that is right, by part; pictures kept back over those learned from."""

    parts: Mapping[str, Mapping[tuple[int, int], float]]
    ratio: float


def _scores(config: Config, known: Sequence[Run]) -> _Scores:
    parts: dict[str, dict[tuple[int, int], float]] = {part: {} for part in PARTS}
    ratio = 0.0
    for run in known:
        if essence(run.config) != essence(dataclasses.replace(config, folds=run.config.folds)):
            continue
        # Each picture is kept back once, so a fold learns from the others' parts.
        ratio = 1 / (run.config.folds - 1)
        for fold in run.children():
            status = states.read(fold.path)
            for part, score in PARTS.items():
                if status.state == states.FINISHED and score in status.scores:
                    parts[part][run.config.seed, fold.config.fold] = status.scores[score]
    return _Scores(parts, ratio)


def _comparison(name: str, best: _Scores, other: _Scores) -> Comparison | None:
    for part in PARTS:
        mine, theirs = best.parts[part], other.parts[part]
        both = sorted(mine.keys() & theirs.keys())
        if len(both) < 2:
            continue
        low, high = corrected_interval([mine[place] - theirs[place] for place in both], best.ratio)
        return Comparison(
            name,
            part,
            statistics.mean(mine[place] for place in both),
            statistics.mean(theirs[place] for place in both),
            low,
            high,
            folds=len({fold for _, fold in both}),
            seeds=len({seed for seed, _ in both}),
        )
    return None
