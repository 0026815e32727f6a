"""How much each setting of a sweep matters: what a forest that learned from some trials loses on others without it."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.training.effect import corrected_interval
from models.training.setting import Value

# Finished trials; of fewer, chance alone made shares of 94 % where it was tried.
FEWEST = 20
FOLDS, REPEATS, TREES = 5, 3, 20
# Values of other trials that stand in for a trial's own.
STAND_INS = 30


@dataclass(frozen=True)
class Importance:
    """How much of the spread of the scores one setting accounts for.

    Attributes:
        name: of the setting.
        share: of the variance of the scores, alone and together with others; 1 is all of it, and what only fits noise
            falls below 0.
        low: lower end of the 95 % interval of the share.
        high: upper end.
    """

    name: str
    share: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether the share can be told from zero."""
        return self.low > 0


def importances(settings: Mapping[str, Sequence[Value]], scores: Sequence[float]) -> list[Importance]:
    """How much each setting matters, the one that matters most first; none of fewer than FEWEST trials.

    Random forests learn the score of four fifths of the trials and foretell it for the last fifth, in turn. A setting
    is worth what the squared error grows by there when its value is taken from other trials: twice the variance that
    it accounts for (Gregorutti et al., Correlation and variable importance in random forests, Statistics and
    Computing 27, 2017), which is Sobol's total index where the forest is right and settings are chosen independently.
    The interval over the fifths is Nadeau and Bengio's.

    Args:
        settings: name -> its value in each finished trial, (N,) of numbers or of names.
        scores: of these trials, (N,).
    """
    if len(scores) < FEWEST:
        return []
    encoded = [_encode(values) for values in settings.values()]
    ends = np.cumsum([block.shape[1] for block in encoded])
    columns = [slice(end - block.shape[1], end) for end, block in zip(ends, encoded, strict=True)]
    inputs, outputs = np.concatenate(encoded, axis=1), np.asarray(scores, dtype=np.float64)
    draws = np.random.default_rng(0)
    losses = np.array(
        [
            _losses(inputs, outputs, held_out, columns, draws)
            for _ in range(REPEATS)
            for held_out in np.array_split(draws.permutation(len(outputs)), FOLDS)
        ]
    )  # (REPEATS * FOLDS, settings)
    # Of scores that are all the same there is nothing to account for.
    shares = losses / (2 * outputs.var() or 1.0)
    measured = [
        Importance(name, statistics.mean(values), *corrected_interval(values, 1 / (FOLDS - 1)))
        for name, values in zip(settings, shares.T.tolist(), strict=True)
    ]
    return sorted(measured, key=lambda importance: -importance.share)


def _encode(values: Sequence[Value]) -> NDArray[np.float64]:
    """Numbers as one column, names as one column each; trees do not care how numbers are scaled."""
    if any(isinstance(value, str) for value in values):
        return np.array([[value == name for name in dict.fromkeys(values)] for value in values], dtype=float)
    return np.array(values, dtype=float)[:, None]


def _losses(
    inputs: NDArray[np.float64],
    outputs: NDArray[np.float64],
    held_out: NDArray[np.int64],
    columns: Sequence[slice],
    draws: np.random.Generator,
) -> list[float]:
    """By how much the squared error on trials that are held out grows without each setting."""
    from sklearn.ensemble import RandomForestRegressor

    others = np.setdiff1d(draws.permutation(len(outputs)), held_out)
    forest = RandomForestRegressor(TREES, min_samples_leaf=2, random_state=int(draws.integers(2**31)))
    forest.fit(inputs[others], outputs[others])
    stand_ins = draws.permutation(others)[:STAND_INS]
    mixed = np.repeat(inputs[held_out], len(stand_ins), axis=0)
    targets = np.repeat(outputs[held_out], len(stand_ins))
    error = np.mean((forest.predict(inputs[held_out]) - outputs[held_out]) ** 2)
    losses = []
    for block in columns:
        without = mixed.copy()
        without[:, block] = np.tile(inputs[stand_ins, block], (len(held_out), 1))
        losses.append(float(np.mean((forest.predict(without) - targets) ** 2) - error))
    return losses
