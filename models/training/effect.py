"""What one change of settings did: a run beside the run that it changes, and how sure the difference is."""

from __future__ import annotations

import dataclasses
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.kinds import KINDS, PICTURES
from models.runtime.errors import UserError
from models.training.config import Config, settings
from models.training.runs import Run
from models.training.runs import status as states

SURE = 0.95
# Test pictures nobody has chosen by; validation pictures have chosen the best checkpoint.
PARTS = {"test": "test_top1", "validation": "best_top1"}
# What two runs of the same settings may differ in: the seeds, and where they are trained and recorded.
ASIDE = ("seed", "weights_seed", "order_seed", "noise_seed", "threads", "device", "every_k", "keep_mb")


@dataclass(frozen=True)
class Effect:
    """How often two networks are right, and how far apart they are.

    Attributes:
        part: of the pictures: "test", or "validation" where there are no test pictures.
        pictures: how many.
        before: share that is right without the change, in [0, 1]; the mean over the seeds.
        after: share that is right with it.
        low: lower end of the 95 % interval of after - before, in [-1, 1].
        high: upper end.
        seeds: how many runs there are of each. The interval of one is that of the pictures alone; of several, that of
            the seeds.
        things: what the networks read, in words.
    """

    part: str
    pictures: int
    before: float
    after: float
    low: float
    high: float
    seeds: int
    things: str = KINDS[PICTURES].many

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0 or self.high < 0


def effect(before: Run, after: Run, others: Sequence[Run]) -> Effect | None:
    """What sets two runs apart in what they reach.

    Args:
        before: without the change.
        after: with it.
        others: runs among which those of the same settings but another seed are looked for.

    Returns:
        None as long as one of them is not finished, or where they are not measured on the same pictures.
    """
    if (before.config.dataset, before.config.data) != (after.config.dataset, after.config.data):
        return None
    with_before, with_after = repetitions(before, others), repetitions(after, others)
    for part in PARTS:
        scores = {
            seed: (_score(with_before[seed], part), _score(with_after[seed], part))
            for seed in with_before.keys() & with_after.keys()
        }
        pairs = [(old, new) for old, new in scores.values() if old is not None and new is not None]
        counts = {_pictures(run, part) for run in (before, after)}
        if pairs and len(counts) == 1 and (pictures := counts.pop()):
            old, new = (statistics.mean(values) for values in zip(*pairs, strict=True))
            low, high = (
                difference_interval(old, new, pictures)
                if len(pairs) == 1
                else paired_interval([after - before for before, after in pairs])
            )
            things = KINDS[before.config.reads].many
            return Effect(part, pictures, old, new, low=low, high=high, seeds=len(pairs), things=things)
    return None


def repetitions(run: Run, others: Sequence[Run]) -> dict[int, Run]:
    """Seed -> run, of a run and those that differ from it in nothing but the seed and where they were trained."""
    same = [other for other in others if essence(other.config) == essence(run.config)]
    return {other.config.seed: other for other in same} | {run.config.seed: run}


def difference_interval(before: float, after: float, count: int) -> tuple[float, float]:
    """The 95 % interval of after - before, of two shares of so many examples each.

    Newcombe's hybrid score interval, from Wilson's of each share. It takes the two as independent: both networks see
    the same pictures, and where they tend to be right on the same ones it is wider than it need be.

    Reference: Newcombe, Interval estimation for the difference between independent proportions: comparison of eleven
    methods, Statistics in Medicine 17, 1998, method 10.
    """
    return counts_interval(round(before * count), count, round(after * count), count)


def count_interval(right: int, count: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share: so many of so many.

    Reference: Wilson, Probable inference, the law of succession, and statistical inference, JASA 22, 1927.
    """
    from scipy.stats import binomtest

    low, high = binomtest(right, count).proportion_ci(SURE, method="wilson")
    return float(low), float(high)


def counts_interval(before: int, of_before: int, after: int, of_after: int) -> tuple[float, float]:
    """The same as `difference_interval` of shares of two sets: so many of so many, before and after."""
    (low_before, high_before), (low_after, high_after) = (
        count_interval(before, of_before),
        count_interval(after, of_after),
    )
    old, new = before / of_before, after / of_after
    return (
        new - old - math.hypot(new - low_after, high_before - old),
        new - old + math.hypot(high_after - new, old - low_before),
    )


def same_examples_interval(before: NDArray[np.bool_], after: NDArray[np.bool_]) -> tuple[float, float]:
    """The 95 % interval of how much more often one is right than another on the same examples.

    Args:
        before: whether the one is right about each of N examples.
        after: whether the other is.

    Newcombe's hybrid score interval for pairs, which knows on how many examples both are right: narrower than
    `difference_interval` where they agree.

    Reference: Newcombe, Improved confidence intervals for the difference between binomial proportions based on paired
    data, Statistics in Medicine 17, 1998, method 10.
    """
    count = len(before)
    both, neither = int((before & after).sum()), int((~before & ~after).sum())
    rights = int(before.sum()), int(after.sum())
    one, other = (right / count for right in rights)
    (low_one, high_one), (low_other, high_other) = (count_interval(right, count) for right in rights)
    agreement = both * neither - (rights[0] - both) * (rights[1] - both)
    # Corrected for what few examples let appear, where they agree.
    corrected = max(agreement - count / 2, 0) if agreement > 0 else agreement
    margins = math.prod((*rights, count - rights[0], count - rights[1]))
    phi = corrected / math.sqrt(margins) if margins else 0.0

    def reach(up: float, down: float) -> float:
        return math.sqrt(max(up**2 - 2 * phi * up * down + down**2, 0.0))

    difference = other - one
    return (
        difference - reach(other - low_other, high_one - one),
        difference + reach(high_other - other, one - low_one),
    )


def paired_interval(differences: Sequence[float]) -> tuple[float, float]:
    """The 95 % interval of a mean of differences, each of two runs of one seed; at least two.

    Reference: Student, The probable error of a mean, Biometrika 6, 1908; seeds as pairs as in Bouthillier et al.,
    Accounting for variance in machine learning benchmarks, MLSys 2021.
    """
    from scipy.stats import t

    count = len(differences)
    mean, spread = statistics.mean(differences), statistics.stdev(differences)
    margin = float(t.ppf((1 + SURE) / 2, count - 1)) * spread / math.sqrt(count)
    return mean - margin, mean + margin


def corrected_interval(differences: Sequence[float], ratio: float) -> tuple[float, float]:
    """The 95 % interval of a mean of differences over folds, whose training pictures overlap; at least two.

    As if the folds were independent it would be too narrow: what one fold says the others say in part.

    Args:
        differences: of two settings on the same fold and seed.
        ratio: pictures that a fold keeps back over those that it learns from.

    Reference: Nadeau and Bengio, Inference for the generalization error, Machine Learning 52, 2003 (corrected
    resampled t-test), for repeated folds as in Bouckaert and Frank, PAKDD 2004.
    """
    from scipy.stats import t

    count = len(differences)
    mean, spread = statistics.mean(differences), statistics.stdev(differences)
    margin = float(t.ppf((1 + SURE) / 2, count - 1)) * spread * math.sqrt(1 / count + ratio)
    return mean - margin, mean + margin


def essence(config: Config) -> Config:
    """What a configuration comes down to, without the seed and what only says where it is trained and kept."""
    return dataclasses.replace(config, **{name: settings()[name].default for name in ASIDE})  # type: ignore[arg-type]  # fields of Config


def _score(run: Run, part: str) -> float | None:
    status = run.status()
    return status.scores.get(PARTS[part]) if status.state == states.FINISHED else None


def _pictures(run: Run, part: str) -> int | None:
    try:
        return run.facts().counts.get(part)
    except UserError:
        return None
