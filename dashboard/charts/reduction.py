"""Curves as a screen can show them: fewer points that keep the peaks, and smoothed ones."""

from __future__ import annotations

import numpy as np

POINTS = 4000  # of one curve that are sent to a browser
FEWEST = 5  # first, last, and of one bucket the least, the greatest and a gap


def reduce_points(
    steps: np.ndarray,
    values: np.ndarray,
    points: int = POINTS,
    start: float | None = None,
    end: float | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """A curve, or a range of it, with at most so many points.

    The points between the first and the last are put in buckets of equal counts; of each stay the least, the greatest
    and, so that gaps stay gaps, the first that is NaN. Order is kept; what is few enough comes back as it is.

    Args:
        steps: (n,) any order, repetitions allowed.
        values: (n,) may be NaN or infinite.
        points: at most so many, at least 5.
        start: first step of the range, included; None for the curve's first.
        end: last step of the range, included; None for the curve's last.

    Returns:
        Steps and values of shape (m,), m <= points.

    Raises:
        ValueError: if points is less than 5, or steps and values differ in shape.
    """
    if points < FEWEST or steps.shape != values.shape:
        raise ValueError(
            f"{points} points of steps {steps.shape} and values {values.shape}: at least 5, same shapes"
        )
    if start is not None or end is not None:
        inside = (steps >= (-np.inf if start is None else start)) & (
            steps <= (np.inf if end is None else end)
        )
        steps, values = steps[inside], values[inside]
    if steps.size <= points:
        return steps, values
    kept = _peaks(values, points)
    return steps[kept], values[kept]


def smooth(values: np.ndarray, weight: float) -> np.ndarray:
    """A curve's exponential moving average without the bias towards zero at its beginning, as TensorBoard draws it.

    s[k] = w s[k-1] + (1 - w) x[k], s[-1] = 0, divided by 1 - w^(k+1), over the finite values; what is not finite
    stays, and so does a constant curve.

    Args:
        values: (n,) in the order of time.
        weight: w, in [0, 1); 0 changes nothing.

    Raises:
        ValueError: if the weight is not in [0, 1).
    """
    if not 0 <= weight < 1:
        raise ValueError(f"a smoothing weight of {weight}: it is at least 0 and less than 1")
    result = np.array(values, np.float64)
    finite = np.isfinite(result)
    own = result[finite]
    if not own.size or (own == own[0]).all():
        return result
    average = (1 - weight) * own
    shift = 1
    # After each round a value holds the weighted sum of twice as many; what is farther away weighs nothing.
    while shift < own.size and weight**shift > np.finfo(float).eps / 1024:
        average[shift:] += weight**shift * average[:-shift]
        shift *= 2
    beginning = average[:shift]  # where there is a bias
    beginning /= 1 - weight ** np.arange(1.0, beginning.size + 1)
    result[finite] = average
    return result


def _peaks(values: np.ndarray, points: int) -> np.ndarray:
    """Indices of at most so many values: first, last, and what stands out in between; ascending, (m,)."""
    inner = np.asarray(values[1:-1], np.float64)
    gaps = np.isnan(inner)
    buckets = (points - 2) // (3 if gaps.any() else 2)
    width = -(-inner.size // buckets)
    # The last value fills the last bucket up; the first of equals is chosen, which is the true one.
    rows = np.pad(inner, (0, -inner.size % width), mode="edge").reshape(-1, width)  # (buckets, width)
    firsts = np.arange(len(rows)) * width + 1
    kept = np.zeros(values.size, bool)
    kept[[0, -1]] = True
    for extreme in (np.fmin, np.fmax):
        kept[firsts + (rows == extreme.reduce(rows, axis=1)[:, None]).argmax(axis=1)] = True
    broken = np.isnan(rows).any(axis=1)
    kept[(firsts + np.isnan(rows).argmax(axis=1))[broken]] = True
    return np.flatnonzero(kept)
