"""Principal component analysis: the axes along which features vary most."""

from __future__ import annotations

import numpy as np

from dashboard.records.embedding import PrincipalAxes

# A share of the variance below this is rounding.
NOTHING = 1e-12


def principal_axes(values: np.ndarray, count: int) -> PrincipalAxes:
    """The first right singular vectors of the centred features.

    They are found in the smaller of the two matrices of inner products, which has the same squared singular values:
    a full decomposition of 2,000 pictures by 2,048 features would take many times as long.

    Args:
        values: (N, D), finite, N at least 1.
        count: how many axes.

    Reference: Pearson, On lines and planes of closest fit to systems of points in space, 1901.
    """
    mean = values.mean(0, dtype=np.float64)
    centred = values - mean  # (N, D)
    wide = centred.shape[1] > centred.shape[0]
    inner = centred @ centred.T if wide else centred.T @ centred
    squares, vectors = np.linalg.eigh(inner)  # rising
    squares, vectors = np.clip(squares[::-1][:count], 0, None), vectors[:, ::-1][:, :count]
    total = float(np.trace(inner))
    shares = squares / total if total > 0 else np.zeros_like(squares)
    there = shares > NOTHING
    rows = (vectors.T @ centred if wide else vectors.T)[there]
    if wide:
        rows /= np.sqrt(squares[there])[:, None]
    axes = np.zeros((count, centred.shape[1]))
    axes[: len(rows)] = _fix_signs(rows)
    return PrincipalAxes(mean, axes, np.pad(np.where(there, shares, 0.0), (0, count - len(shares))))


def _fix_signs(axes: np.ndarray) -> np.ndarray:
    """The same axes, each with its largest entry positive: which way an axis points is nobody's choice."""
    largest = np.take_along_axis(axes, np.abs(axes).argmax(1)[:, None], axis=1)
    return np.asarray(axes * np.sign(largest))
