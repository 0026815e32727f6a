"""What more training pictures or another width would bring: a small sweep over each, and a law of its errors."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.kinds import KINDS, PICTURES
from models.training import runs
from models.training.config import Config, settings
from models.training.effect import PARTS, SURE
from models.training.runs import Run
from models.training.setting import Value
from models.training.sweep import plan as plans
from models.training.sweep import trials as trial_files
from models.training.sweep.axis import Axis
from models.training.sweep.plan import GRID, Plan
from models.training.sweep.trials import FINISHED, Trial

DATA, WIDTH, SEED = "train_samples", "width", "seed"
# Degree of the law in logarithms. More pictures never harm; a network can be too small and too large for its data.
DEGREES = {DATA: 1, WIDTH: 2}
# Each half as large as the one before, with so many seeds.
SIZES, SEEDS = 5, 3
# Of fewer pictures than that halving says nothing.
FEWEST_PICTURES = 160


@dataclass(frozen=True)
class Change:
    """What another size does to the errors.

    Attributes:
        ratio: errors there over errors at the largest size that was tried.
        low: lower end of its 95 % interval.
        high: upper end.
    """

    ratio: float
    low: float
    high: float

    @property
    def helps(self) -> bool:
        """Whether it can be told that errors fall."""
        return self.high < 1

    @property
    def harms(self) -> bool:
        """Whether it can be told that errors grow."""
        return self.low > 1


@dataclass(frozen=True, eq=False)
class ScalingCurve:
    """Errors over the number of training pictures or the width of the network, and the law that was fitted to them.

    Attributes:
        axis: DATA or WIDTH.
        part: of the pictures: "test", or "validation" where there are no test pictures.
        sizes: training pictures, or width, of each trial, (N,).
        errors: share of the pictures that each gets wrong, in [0, 1], (N,).
        places: sizes at which the law is told, from the least to twice the most, (P,).
        law: expected error there, (P,).
        low: lower end of its 95 % band, (P,).
        high: upper end.
        half: what half of the largest size does.
        double: what twice the largest size does.
        runs: id of each trial's run.
        things: what is learned from, in words.
    """

    axis: str
    part: str
    sizes: NDArray[np.float64]
    errors: NDArray[np.float64]
    places: NDArray[np.float64]
    law: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    half: Change
    double: Change
    runs: tuple[str, ...]
    things: str = KINDS[PICTURES].many


def plan(config: Config, axis: str, pictures: int) -> Plan | None:
    """The sweep that tells: five sizes up to the run's own, three seeds each; None where the least would be too small.

    Args:
        config: of the run.
        axis: DATA or WIDTH.
        pictures: that it learned from.
    """
    halves = [2**halvings for halvings in reversed(range(SIZES))]
    sizes: tuple[Value, ...]
    if axis == DATA:
        sizes = tuple(pictures // half for half in halves)
        too_small = pictures < FEWEST_PICTURES
    else:
        sizes = tuple(config.width / half for half in halves)
        too_small = float(sizes[0]) < (settings()[WIDTH].low or 0.0)
    if too_small:
        return None
    seeds = tuple(range(config.seed, config.seed + SEEDS))
    axes = (Axis(axis, choices=sizes), Axis(SEED, choices=seeds))
    return Plan(axes, trials=SIZES * SEEDS, strategy=GRID, halving=0)


def alone(config: Config) -> Config:
    """A run's configuration as a sweep's trials share it: not that of a fold or trial."""
    return dataclasses.replace(config, fold=0, folds=1, trial=0, parent="")


def curves(sweep: Run) -> list[ScalingCurve]:
    """What a sweep over pictures or width says, and what the newest sweep over the other says of the same run.

    Nothing where it is a sweep over something else, or says nothing yet.

    Raises:
        UserError: if the plan of the sweep is damaged.
    """
    planned = plans.read(sweep.path)
    things = KINDS[sweep.config.reads].many
    own = scaling_curve(planned, trial_files.read_all(sweep, planned))
    if own is None:
        return []
    found = [own]
    for other in runs.listing(sweep.path.parent).runs:
        if other.is_sweep and other.config == sweep.config and other.id != sweep.id:
            planned = plans.read(other.path)
            curve = scaling_curve(planned, trial_files.read_all(other, planned))
            if curve is not None and curve.axis != own.axis:
                found.append(curve)
                break
    return [dataclasses.replace(curve, things=things) for curve in found]


def scaling_curve(plan: Plan, trials: Sequence[Trial]) -> ScalingCurve | None:
    """What the trials of a sweep over one size say; None where they say nothing yet, or it is no such sweep.

    The law is error = a n^-b over the number n of pictures, and has another factor n^(c log n) over a width, so that
    errors may fall and grow again: a polynomial in logarithms, fitted by least squares; the band is the polynomial's.
    It knows of no floor below which errors never fall, so it is told up to twice as much and no further (Hestness et
    al., Deep learning scaling is predictable, empirically, 2017).

    Args:
        plan: of the sweep; it varies the size and, at most, the seed.
        trials: that have begun.
    """
    names = {axis.name for axis in plan.axes}
    axis = next((axis for axis in DEGREES if {axis} <= names <= {axis, SEED}), "")
    # All pictures there are, which 0 stands for, are no number.
    over = [trial for trial in trials if axis and trial.state == FINISHED and float(trial.values[axis]) > 0]
    for part, score in PARTS.items():
        scores = [trial.run.status().scores.get(score) for trial in over]
        if over and None not in scores:
            sizes = np.array([float(trial.values[axis]) for trial in over])
            errors = np.array([1 - (score or 0.0) for score in scores])
            # A law has no place for an error of nothing: it counts as half a picture.
            least = [0.5 / max(1, _pictures(trial.run, part)) for trial in over]
            # With one size more than the law has numbers it is told whether errors follow it.
            if len(set(sizes.tolist())) >= DEGREES[axis] + 2:
                return _fit(
                    axis, part, sizes, np.maximum(errors, least), tuple(trial.run.id for trial in over)
                )
    return None


def _pictures(run: Run, part: str) -> int:
    return run.facts().counts.get(part, 1)


def _fit(
    axis: str, part: str, sizes: NDArray[np.float64], errors: NDArray[np.float64], runs: tuple[str, ...]
) -> ScalingCurve:
    from scipy.stats import t

    degree, middle, largest = DEGREES[axis], np.log(sizes).mean(), float(sizes.max())

    def terms(sizes: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.vander(np.log(sizes) - middle, degree + 1, increasing=True)

    design, free = terms(sizes), len(sizes) - degree - 1
    inverse = np.linalg.inv(design.T @ design)
    weights = inverse @ design.T @ np.log(errors)
    rest = np.log(errors) - design @ weights
    sure = float(t.ppf((1 + SURE) / 2, free)) * math.sqrt(float(rest @ rest) / free)

    def told(rows: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
        """What the law says of sums of its terms: value, lower and upper end."""
        line, margin = rows @ weights, sure * np.sqrt(np.einsum("pi,ij,pj->p", rows, inverse, rows))
        return np.exp(line), np.exp(line - margin), np.exp(line + margin)

    def change(factor: float) -> Change:
        there, here = terms(np.array([factor * largest])), terms(np.array([largest]))
        return Change(*(float(end[0]) for end in told(there - here)))

    places = np.geomspace(sizes.min(), 2 * largest, 61)
    law, low, high = told(terms(places))
    return ScalingCurve(axis, part, sizes, errors, places, law, low, high, change(0.5), change(2), runs)
