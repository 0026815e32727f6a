"""What more training pictures would bring: a small sweep over their number, and the power law of its errors."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.training.config import Config
from models.training.effect import PARTS, SURE
from models.training.runs import Run
from models.training.sweep.axis import Axis
from models.training.sweep.plan import GRID, Plan
from models.training.sweep.trials import FINISHED, Trial

SIZE, SEED = "train_samples", "seed"
# Each half as many pictures as the one before, with so many seeds.
SIZES, SEEDS = 5, 3
# So many sizes tell whether errors follow a line; of fewer pictures than that halving says nothing.
FEWEST_SIZES, FEWEST_PICTURES = 3, 160


@dataclass(frozen=True, eq=False)
class DataCurve:
    """Errors over the number of training pictures, and the law that was fitted to them.

    Attributes:
        part: of the pictures: "test", or "validation" where there are no test pictures.
        sizes: training pictures of each trial, (N,).
        errors: share of the pictures that each gets wrong, in [0, 1], (N,).
        places: numbers of pictures at which the law is told, from the least to twice the most, (P,).
        law: expected error there, (P,).
        low: lower end of its 95 % band, (P,).
        high: upper end.
        exponent: by which power of the number of pictures errors fall.
        exponent_low: lower end of its 95 % interval.
        exponent_high: upper end.
        runs: id of each trial's run.
    """

    part: str
    sizes: NDArray[np.int64]
    errors: NDArray[np.float64]
    places: NDArray[np.float64]
    law: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    exponent: float
    exponent_low: float
    exponent_high: float
    runs: tuple[str, ...]

    @property
    def helps(self) -> bool:
        """Whether it can be told that errors fall with more pictures."""
        return self.exponent_low > 0


def plan(config: Config, pictures: int) -> Plan | None:
    """The sweep that tells: five sizes up to those that a run learned from, three seeds each; None of too few pictures.

    Args:
        config: of the run.
        pictures: that it learned from.
    """
    if pictures < FEWEST_PICTURES:
        return None
    sizes = tuple(pictures // 2**halvings for halvings in reversed(range(SIZES)))
    seeds = tuple(range(config.seed, config.seed + SEEDS))
    axes = (Axis(SIZE, choices=sizes), Axis(SEED, choices=seeds))
    return Plan(axes, trials=SIZES * SEEDS, strategy=GRID, halving=0)


def alone(config: Config) -> Config:
    """A run's configuration as a sweep's trials share it: not that of a fold or trial."""
    return dataclasses.replace(config, fold=0, folds=1, trial=0, parent="")


def data_curve(plan: Plan, trials: Sequence[Trial]) -> DataCurve | None:
    """What the trials of a sweep over the number of training pictures say; None where they say nothing yet.

    The law is error = a n^-b, a line in logarithms, fitted by least squares; the band is that of the line. It knows of
    no floor below which errors never fall, so it is told up to twice as many pictures and no further (Hestness et al.,
    Deep learning scaling is predictable, empirically, 2017).

    Args:
        plan: of the sweep; it varies the number of pictures and, at most, the seed.
        trials: that have begun.
    """
    if not {SIZE} <= {axis.name for axis in plan.axes} <= {SIZE, SEED}:
        return None
    # All pictures there are, which 0 stands for, are no number.
    over = [trial for trial in trials if trial.state == FINISHED and int(trial.values[SIZE]) > 0]
    for part, score in PARTS.items():
        scores = [trial.run.status().scores.get(score) for trial in over]
        if over and None not in scores:
            sizes = np.array([int(trial.values[SIZE]) for trial in over])
            errors = np.array([1 - (score or 0.0) for score in scores])
            # A law has no place for an error of nothing: it counts as half a picture.
            least = [0.5 / max(1, _pictures(trial.run, part)) for trial in over]
            if len(set(sizes.tolist())) >= FEWEST_SIZES:
                return _fit(part, sizes, np.maximum(errors, least), tuple(trial.run.id for trial in over))
    return None


def _pictures(run: Run, part: str) -> int:
    return run.facts().counts.get(part, 1)


def _fit(
    part: str, sizes: NDArray[np.int64], errors: NDArray[np.float64], runs: tuple[str, ...]
) -> DataCurve:
    from scipy.stats import t

    logs = np.log(sizes)
    middle = logs.mean()
    spread = float(np.sum((logs - middle) ** 2))
    slope = float(np.sum((logs - middle) * np.log(errors)) / spread)
    height = float(np.log(errors).mean())
    rest = np.log(errors) - height - slope * (logs - middle)
    deviation = math.sqrt(float(np.sum(rest**2)) / (len(sizes) - 2))
    sure = float(t.ppf((1 + SURE) / 2, len(sizes) - 2)) * deviation
    places = np.geomspace(sizes.min(), 2 * sizes.max(), 61)
    line = height + slope * (np.log(places) - middle)
    band = sure * np.sqrt(1 / len(sizes) + (np.log(places) - middle) ** 2 / spread)
    margin = sure / math.sqrt(spread)
    return DataCurve(
        part,
        sizes,
        errors,
        places,
        np.exp(line),
        np.exp(line - band),
        np.exp(line + band),
        -slope,
        -slope - margin,
        -slope + margin,
        runs,
    )
