"""Shapley values of parts whose sets are worth something: by all sets, or by orders in which the parts come in."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

# Sets (N, C), bool -> what each is worth, (N,) float64.
Worth = Callable[["Tensor"], "Tensor"]


@dataclass(frozen=True, eq=False)
class Sampled:
    """Shapley values of random orders.

    Attributes:
        values: (C,) float64.
        errors: (C,) their standard errors.
        halves: the values of either half of the orders.
    """

    values: Tensor
    errors: Tensor
    halves: tuple[Tensor, Tensor]


def by_all_sets(worth: Worth, count: int) -> Tensor:
    """What each of so many parts adds, (C,) float64, as Shapley defines it: by all sets, 2 to the power of C."""
    import torch

    sets = torch.arange(2**count)
    members = (sets[:, None] >> torch.arange(count)) % 2 == 1
    worths, sizes = worth(members).double(), members.sum(1)
    # A set of s others comes right before a part in s! (C - s - 1)! of C! orders.
    shares = torch.tensor(
        [1 / (count * math.comb(count - 1, size)) for size in range(count)], dtype=torch.float64
    )
    return torch.stack(
        [
            (shares[sizes[without]] * (worths[without + 2**part] - worths[without])).sum()
            for part in range(count)
            for without in [sets[~members[:, part]]]
        ]
    )


def by_orders(worth: Worth, count: int, pairs: int, seed: int) -> Sampled:
    """The same by random orders, each gone through forwards and backwards, which halves what chance adds.

    Args:
        worth: of sets.
        count: of parts.
        pairs: of an order and its reverse, at least two.
        seed: of the orders.

    Reference: Mitchell et al., Sampling permutations for Shapley value estimation, JMLR 23, 2022.
    """
    import torch

    generator = torch.Generator().manual_seed(seed)
    orders = torch.stack([torch.randperm(count, generator=generator) for _ in range(pairs)])
    gains = (_added(worth, orders) + _added(worth, orders.flip(1))) / 2  # (pairs, C)
    return Sampled(
        gains.mean(0),
        gains.std(0) / math.sqrt(pairs),
        (gains[: pairs // 2].mean(0), gains[pairs // 2 :].mean(0)),
    )


def _added(worth: Worth, orders: Tensor) -> Tensor:
    """What each part adds when it comes in, for each order: (P, C) -> (P, C)."""
    import torch

    pairs, count = orders.shape
    # Place of each part in each order: a part is there after as many steps as its place and one.
    places = torch.argsort(orders, 1)
    steps = torch.arange(count + 1)
    members = places[:, None] < steps[:, None]  # (P, C + 1, C)
    worths = worth(members.reshape(-1, count)).double().reshape(pairs, count + 1)
    return worths.diff(dim=1).gather(1, places)
