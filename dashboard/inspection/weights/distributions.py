"""How the numbers of every tensor are spread: all statistics and a histogram, in bounded memory."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor, nn

from dashboard.inspection.engine.progress import Progress, each, ignore
from dashboard.inspection.weights.tensors import facts, pieces
from dashboard.records.histogram import Histogram
from dashboard.records.weights import Distributions, TensorFacts, TensorSummary
from models.classifier import Weights

# Bins are cut from the numbers' own bits: sign, exponent and the first five bits of the mantissa. They are the same
# for all tensors, none wider than 1/32 of its value, and finding one costs a shift.
MANTISSA = 5
_SHIFT = 23 - MANTISSA
_HALF = 1 << (8 + MANTISSA)
# Of the bins of one sign, those that hold numbers: behind them come infinity and NaN.
_FINITE = 255 << MANTISSA
# Eight bits with a sign tell 127 sizes apart; what is below half a step becomes 0.
NEAR = 254


def distributions(
    weights: Weights, module: nn.Module | None = None, progress: Progress = ignore
) -> Distributions:
    """How the numbers of all tensors are spread.

    Args:
        weights: of any network; read once or twice from front to back, a tensor at a time.
        module: the network that they belong to, if it is known.
        progress: told the share that is done; raises to cancel.
    """
    tensors = each(facts(weights.tensors, module), progress, lambda tensor: tensor.count)
    return Distributions(tuple(summary(tensor, weights.tensors[tensor.name]) for tensor in tensors))


def summary(facts: TensorFacts, tensor: Tensor) -> TensorSummary:
    """How a tensor's numbers are spread, in double precision.

    Args:
        facts: what the tensor is.
        tensor: any shape and dtype; may hold NaN and infinities, may be empty.
    """
    ends = _Ends()
    for piece in pieces(tensor):
        ends.take(piece)
    count = ends.finite
    if not count:
        return TensorSummary(facts, ends.nan, ends.infinite, 0, 0, *(math.nan,) * 5, _histogram(_no_bins()))
    sums = _Sums(max(abs(ends.low), abs(ends.high)) / NEAR, binned=tensor.is_floating_point())
    for piece in pieces(tensor):
        sums.take(piece, whole=ends.nan + ends.infinite == 0)
    mean, variance, fourth = sums.moments(count)
    constant = ends.low == ends.high
    flat = constant or variance <= 0 or not math.isfinite(fourth)
    return TensorSummary(
        facts=facts,
        nan=ends.nan,
        infinite=ends.infinite,
        zeros=sums.zeros,
        near_zeros=sums.near,
        mean=ends.low if constant else mean,
        std=0.0 if constant else math.sqrt(max(variance, 0.0)),
        low=ends.low,
        high=ends.high,
        kurtosis=math.nan if flat else fourth / variance**2 - 3,
        histogram=_histogram(sums.bins),
    )


class _Ends:
    """What must be known of a tensor before all else: its ends, and what is not finite."""

    def __init__(self) -> None:
        self.low, self.high = math.inf, -math.inf
        self.finite = self.nan = self.infinite = 0

    def take(self, piece: Tensor) -> None:
        values = _real(piece)
        low, high = float(values.min()), float(values.max())  # NaN where one of them is
        if not math.isfinite(high - low):
            self.nan += int(np.isnan(values).sum())
            self.infinite += int(np.isinf(values).sum())
            values = values[np.isfinite(values)]
            if not len(values):
                return
            low, high = float(values.min()), float(values.max())
        self.low, self.high = min(self.low, low), max(self.high, high)
        self.finite += len(values)


class _Sums:
    """Sums of powers, small numbers and bins, in as few passes over a piece as there are."""

    def __init__(self, near: float, *, binned: bool) -> None:
        self.zeros = self.near = 0
        self.bins = _no_bins()
        self._threshold, self._binned = near, binned
        # The mean of the first piece: powers of what is left of it lose nothing where all numbers are far from 0.
        self._origin: float | None = None
        self._powers = np.zeros(4)

    def take(self, piece: Tensor, *, whole: bool) -> None:
        values = _real(piece)
        if not whole:
            values = values[np.isfinite(values)]
        sizes = np.abs(values)
        near = int(np.count_nonzero(sizes <= values.dtype.type(self._threshold)))
        self.near += near
        if near:
            self.zeros += int(np.count_nonzero(sizes == 0))
        if self._binned:
            counts = _bin_counts(values)
            self.bins[: len(counts)] += counts
        deviations = values.astype(np.float64)
        if self._origin is None:
            self._origin = float(deviations.mean()) if len(deviations) else None
        deviations -= self._origin or 0.0
        squares = np.square(deviations)
        # einsum, because dot products are shared out to threads that are too little worked to be worth their waiting.
        self._powers += (
            deviations.sum(),
            squares.sum(),
            np.einsum("i,i", deviations, squares),
            np.einsum("i,i", squares, squares),
        )

    def moments(self, count: int) -> tuple[float, float, float]:
        """Mean, and second and fourth central moment, of so many numbers."""
        shift, second, third, fourth = (float(power) / count for power in self._powers)
        return (
            (self._origin or 0.0) + shift,
            second - shift**2,
            fourth - 4 * shift * third + 6 * shift**2 * second - 3 * shift**4,
        )


def _real(piece: Tensor) -> np.ndarray:
    """Numbers to calculate with: float32, or float64 where float32 would lose some."""
    wide = piece.dtype == torch.float64 or piece.dtype in _WIDE
    return np.asarray(piece.to(torch.float64 if wide else torch.float32).numpy())


# Whole numbers of 32 bits and more are no float32.
_WIDE = (torch.int32, torch.int64, torch.uint32, torch.uint64)


def _no_bins() -> np.ndarray:
    return np.zeros(2 * _HALF, np.int64)


def _bin_counts(values: np.ndarray) -> np.ndarray:
    """Counts in the bins of the numbers' own bits, up to the last that holds one: those above 0 first, by size."""
    single = values
    if values.dtype == np.float64:
        largest = np.finfo(np.float32).max
        single = np.clip(values, -largest, largest).astype(np.float32)
    places = (single.view(np.uint32) >> _SHIFT).view(np.int32)
    return np.asarray(torch.bincount(torch.from_numpy(places)).numpy())


def _histogram(counts: np.ndarray) -> Histogram:
    """The bins that hold something, by value."""
    kept = np.flatnonzero(counts)
    below, above = kept[kept >= _HALF][::-1] - _HALF, kept[kept < _HALF]
    return Histogram(
        left=np.concatenate([-_EDGES[below + 1], _EDGES[above]]),
        right=np.concatenate([-_EDGES[below], _EDGES[above + 1]]),
        counts=np.concatenate([counts[below + _HALF], counts[above]]),
    )


def _edges(places: np.ndarray) -> np.ndarray:
    """Where bins begin, as sizes: the float32 whose first bits are the bin's number."""
    edges = (np.minimum(places, _FINITE).astype(np.int32) << _SHIFT).view(np.float32)
    # The last bin ends at infinity, where nothing can be.
    return np.where(np.isfinite(edges), edges, np.finfo(np.float32).max)


_EDGES = _edges(np.arange(_HALF + 1))
