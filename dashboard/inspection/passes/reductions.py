"""What is known of many values without keeping them: each reduction is made of a part and merged with another.

Counts and extremes of two halves merged are those of the whole, bit by bit, in whatever order; moments are so to the
rounding of float64.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from dashboard.inspection.engine.capture import flatten, mean_and_squares

# Of one channel's histogram, half of them below zero.
BINS = 128
LOWEST_EXPONENT = -30


def finite(values: Tensor) -> tuple[Tensor, int]:
    """Values as float32 with zeros in the place of what is no number, and how many those were."""
    values = values.float()
    low, high = torch.aminmax(flatten(values))
    if bool(low.isfinite() & high.isfinite()):
        return values, 0
    return values.nan_to_num(0.0, 0.0, 0.0), values.numel() - int(values.isfinite().sum())


def count(truths: Tensor, axis: int) -> Tensor:
    """How many are true along an axis, int64; torch adds truths up as int64 nine times as slowly."""
    return truths.sum(axis, dtype=torch.int32).long()


@dataclass(frozen=True, eq=False)
class Moments:
    """Count, mean and sum of squared differences from it, of each channel.

    Attributes:
        count: (C,) float64, whole numbers.
        mean: (C,) float64.
        squares: (C,) float64.
    """

    count: Tensor
    mean: Tensor
    squares: Tensor

    @classmethod
    def of(cls, values: Tensor) -> Moments:
        """Of finite values of shape (C, n), n at least 1, computed in their own precision."""
        mean = values.mean(1)
        # Two plain sums: torch's own variance takes thirty times as long on a processor, its norms of rows eight.
        apart = values - mean[:, None]
        squares = torch.linalg.vecdot(apart, apart).double()
        return cls(torch.full_like(squares, values.shape[1]), mean.double(), squares)

    @classmethod
    def of_all(cls, values: Tensor) -> Moments:
        """Of float32 values of any shape, all in one channel; not finite where one is not."""
        numbers = (values.numel(), *mean_and_squares(values))
        return cls(*(torch.tensor([number], dtype=torch.float64) for number in numbers))

    def merge(self, other: Moments) -> Moments:
        """Of both parts together (Chan, Golub and LeVeque, 1983)."""
        count = self.count + other.count
        apart = other.mean - self.mean
        squares = self.squares + other.squares + apart**2 * (self.count * other.count / count)
        return Moments(count, self.mean + apart * (other.count / count), squares)

    @property
    def std(self) -> Tensor:
        """(C,) standard deviation."""
        return (self.squares / self.count).sqrt()


@dataclass(frozen=True, eq=False)
class ChannelHistogram:
    """Counts of each channel in equal bins around zero, whose width is a power of two that fits the largest value.

    Wider bins are made of whole narrower ones, so that histograms of any ranges merge without a rest. Zero is always
    the edge between two bins.

    Attributes:
        counts: (C, BINS) int64.
        exponents: (C,) int64; the channel's bins reach from -2^e to 2^e.
    """

    counts: Tensor
    exponents: Tensor

    @classmethod
    def of(cls, values: Tensor) -> ChannelHistogram:
        """Of finite values of shape (C, n), n at least 1."""
        largest = values.abs().amax(1)
        # |x| < 2^e for the e of frexp, which is 0 for zero.
        exponents = torch.frexp(largest).exponent.long().clamp(min=LOWEST_EXPONENT)
        exponents[largest == 0] = LOWEST_EXPONENT
        # Powers of two scale without rounding, and so do sums of whole numbers of this size.
        scales = torch.exp2(-1.0 - exponents.double()).to(values.dtype) * BINS
        first = torch.arange(len(values), dtype=values.dtype) * BINS + BINS // 2
        bins = (values * scales[:, None]).floor_().add_(first[:, None]).int()
        return cls(torch.bincount(bins.flatten(), minlength=len(values) * BINS).reshape(-1, BINS), exponents)

    def merge(self, other: ChannelHistogram) -> ChannelHistogram:
        """Of both parts together."""
        exponents = torch.maximum(self.exponents, other.exponents)
        return ChannelHistogram(self._widen(exponents) + other._widen(exponents), exponents)

    def _widen(self, exponents: Tensor) -> Tensor:
        """The counts in the bins of these exponents, none smaller than the own: (C, BINS)."""
        steps = (exponents - self.exponents)[:, None]
        places = torch.arange(BINS) - BINS // 2  # the bin's place, counted from zero
        target = torch.bitwise_right_shift(places[None], steps.clamp(max=62)) + BINS // 2
        return torch.zeros_like(self.counts).scatter_add_(1, target, self.counts)


@dataclass(frozen=True, eq=False)
class Extremes:
    """The pictures on which each channel has its largest values; of equal ones the first pictures.

    Attributes:
        values: (C, k), the largest first; minus infinity where there are fewer pictures.
        pictures: (C, k) int64, index of each picture; -1 where there is none.
        places: (C, k) int64, where in the picture's map, counted row by row.
    """

    values: Tensor
    pictures: Tensor
    places: Tensor

    @classmethod
    def of(cls, values: Tensor, places: Tensor, pictures: Tensor, k: int) -> Extremes:
        """Of one value of each picture and channel.

        Args:
            values: (N, C).
            places: (N, C) int64.
            pictures: (N,) int64, each once.
            k: how many are kept.
        """
        indices = pictures[:, None].expand(values.shape)
        missing = max(0, k - len(values))
        whole = cls(values.T, indices.T, places.T)
        if missing:
            shape = (values.shape[1], missing)
            nothing = cls(
                torch.full(shape, -torch.inf, dtype=values.dtype),
                torch.full(shape, -1),
                torch.zeros(shape, dtype=torch.int64),
            )
            whole = whole._concatenate(nothing)
        return whole._keep(k)

    def merge(self, other: Extremes) -> Extremes:
        """Of both parts together."""
        return self._concatenate(other)._keep(self.values.shape[1])

    def _concatenate(self, other: Extremes) -> Extremes:
        return Extremes(
            torch.cat((self.values, other.values), 1),
            torch.cat((self.pictures, other.pictures), 1),
            torch.cat((self.places, other.places), 1),
        )

    def _keep(self, k: int) -> Extremes:
        """The first k by value, and of equal values by picture."""
        by_picture = self.pictures.argsort(dim=1, stable=True)
        by_value = self.values.gather(1, by_picture).argsort(dim=1, descending=True, stable=True)
        order = by_picture.gather(1, by_value)[:, :k]
        return Extremes(
            self.values.gather(1, order), self.pictures.gather(1, order), self.places.gather(1, order)
        )
