"""What makes runs of the same settings differ: a small sweep that draws each source of chance anew, alone."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from models.kinds import KINDS, PICTURES
from models.training.config import Config
from models.training.effect import PARTS, SURE
from models.training.sweep.axis import Axis
from models.training.sweep.plan import EACH, Plan
from models.training.sweep.scaling import alone
from models.training.sweep.trials import FINISHED, Trial

# Setting that draws -> what it draws, where the others are held: the seed itself then parts the pictures only.
CHANCES = {
    "weights_seed": "first weights",
    "order_seed": "order of the pictures",
    "seed": "which pictures are kept back",
    "noise_seed": "which labels are wrong",
}
# Draws of each source, and the part of the labels that is wrong where the run has none.
DRAWS, NOISE = 8, 0.02
# Fewer draws of a source say nothing of its spread.
FEWEST = 3
SIMULATED = 20_000


@dataclass(frozen=True)
class Source:
    """What one source of chance does to how often a network is right.

    Attributes:
        name: of the source, as in CHANCES.
        deviation: standard deviation of the share that is right over its draws, the other sources held.
        low: lower end of its 95 % interval.
        high: upper end.
        share: its variance over the sum of those of all sources, in [0, 1].
        share_low: lower end of the 95 % interval of that share.
        share_high: upper end.
        draws: how many there were.
    """

    name: str
    deviation: float
    low: float
    high: float
    share: float
    share_low: float
    share_high: float
    draws: int


@dataclass(frozen=True)
class Spread:
    """Sources of chance, the one that does most first.

    Attributes:
        part: of the pictures: "test", or "validation" where there are no test pictures.
        sources: each with its interval.
        like: names of those that cannot be told from the first.
        noise: part of the labels that is wrong.
        things: what is learned from, in words.
    """

    part: str
    sources: tuple[Source, ...]
    like: tuple[str, ...]
    noise: float
    things: str = KINDS[PICTURES].many


def plan(config: Config) -> Plan:
    """The sweep that tells: each source of chance drawn anew, the others held.

    Args:
        config: of the run.
    """
    # 0 would stand for the seed itself.
    draws = tuple(range(config.seed + 1, config.seed + 1 + DRAWS))
    axes = tuple(Axis(name, choices=draws) for name in CHANCES)
    return Plan(axes, trials=1 + len(axes) * (DRAWS - 1), strategy=EACH, halving=0)


def noisy(config: Config) -> Config:
    """A run's configuration as the trials share it: of a run of its own, with some wrong labels."""
    return dataclasses.replace(alone(config), label_noise=config.label_noise or NOISE)


def spread(plan: Plan, trials: Sequence[Trial]) -> Spread | None:
    """What the trials of a sweep say of the sources of chance; None where they say nothing yet, or it is no such sweep.

    Args:
        plan: of the sweep; it draws each source alone.
        trials: that have begun.
    """
    if plan.strategy != EACH or {axis.name for axis in plan.axes} != CHANCES.keys():
        return None
    over = [trial for trial in trials if trial.state == FINISHED]
    first = {axis.name: axis.grid()[0] for axis in plan.axes}
    for part, score in PARTS.items():
        scores = [trial.run.status().scores.get(score) for trial in over]
        shares = [share for share in scores if share is not None]
        if not over or len(shares) < len(over):
            continue
        drawn = {
            name: [
                share
                for trial, share in zip(over, shares, strict=True)
                if all(trial.values[other] == first[other] for other in first if other != name)
            ]
            for name in CHANCES
        }
        if min(map(len, drawn.values())) >= FEWEST:
            return _measure(part, drawn, max(trial.run.config.label_noise for trial in over))
    return None


def _measure(part: str, drawn: dict[str, list[float]], noise: float) -> Spread:
    from scipy.stats import chi2, f

    variances = {name: float(np.var(shares, ddof=1)) for name, shares in drawn.items()}
    total = sum(variances.values())
    tail = (1 - SURE) / 2
    shares = _share_intervals(tuple(variances.values()), tuple(map(len, drawn.values())))
    sources = []
    for (name, variance), (share_low, share_high) in zip(variances.items(), shares, strict=True):
        free = len(drawn[name]) - 1
        low, high = (math.sqrt(variance * free / float(chi2.ppf(end, free))) for end in (1 - tail, tail))
        share = variance / total if total else 1 / len(variances)
        sources.append(
            Source(CHANCES[name], math.sqrt(variance), low, high, share, share_low, share_high, free + 1)
        )
    sources.sort(key=lambda source: -source.deviation)
    top = sources[0]
    # Any could have come out largest, and any be held against it: that many tests make each the stricter.
    bound = (1 - SURE) / (len(sources) * (len(sources) - 1))
    like = tuple(
        source.name
        for source in sources[1:]
        if top.deviation**2 <= float(f.ppf(1 - bound, top.draws - 1, source.draws - 1)) * source.deviation**2
    )
    return Spread(part, tuple(sources), like, noise)


# A page asks for its headline and again for its chart, each second while a sweep goes on.
@lru_cache(maxsize=32)
def _share_intervals(variances: tuple[float, ...], draws: tuple[int, ...]) -> list[tuple[float, float]]:
    """95 % intervals of each variance's share of their sum.

    Generalised intervals: each true variance is taken to be the measured one over a chi-squared draw, again and again
    (Weerahandi, Generalized confidence intervals, JASA 88, 1993).

    Args:
        variances: as measured, of scores that are normal.
        draws: that each was measured from.
    """
    chance = np.random.default_rng(0)
    true = np.stack(
        [
            variance * (count - 1) / chance.chisquare(count - 1, SIMULATED)
            for variance, count in zip(variances, draws, strict=True)
        ]
    )
    total = true.sum(0)
    if not total.all():
        return [(0.0, 1.0)] * len(variances)
    low, high = np.quantile(true / total, ((1 - SURE) / 2, (1 + SURE) / 2), axis=1)
    return list(zip(low.tolist(), high.tolist(), strict=True))
