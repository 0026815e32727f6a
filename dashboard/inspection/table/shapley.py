"""Shapley values: what a column adds, averaged over the orders in which columns become known."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from dashboard.inspection.attribution.method import Paper
from dashboard.inspection.table.method import RawTableAttribution, TableMethod, TableTask

# Up to so many columns every set of them is asked for.
FEW = 10
# Orders, each with its reverse, where there are more.
PAIRS, SEED = 64, 0


def _run(task: TableTask) -> RawTableAttribution:
    return _exact(task) if task.count <= FEW else _sampled(task)


def _exact(task: TableTask) -> RawTableAttribution:
    """By all sets of columns, as Shapley defines it."""
    count = task.count
    sets = torch.arange(2**count)
    known = (sets[:, None] >> torch.arange(count)) % 2 == 1
    worth, sizes = task.expect(known), known.sum(1)
    share = torch.tensor(
        [
            math.factorial(size) * math.factorial(count - size - 1) / math.factorial(count)
            for size in range(count)
        ],
        dtype=torch.float64,
    )
    values = torch.stack(
        [
            (share[sizes[without]] * (worth[without + 2**column] - worth[without])).sum()
            for column in range(count)
            for without in [sets[~known[:, column]]]
        ]
    )
    return RawTableAttribution(values, float(worth[0]), complete=True)


def _sampled(task: TableTask) -> RawTableAttribution:
    """By random orders, each gone through forwards and backwards, which halves what chance adds.

    Reference: Mitchell et al., Sampling permutations for Shapley value estimation, JMLR 23, 2022.
    """
    count, generator = task.count, torch.Generator().manual_seed(SEED)
    orders = torch.stack([torch.randperm(count, generator=generator) for _ in range(PAIRS)])
    pairs = (_added(task, orders) + _added(task, orders.flip(1))) / 2  # (PAIRS, C)
    halves = pairs[: PAIRS // 2].mean(0), pairs[PAIRS // 2 :].mean(0)
    return RawTableAttribution(
        pairs.mean(0),
        task.nothing_known(),
        complete=True,
        errors=pairs.std(0) / math.sqrt(PAIRS),
        halves=halves,
    )


def _added(task: TableTask, orders: Tensor) -> Tensor:
    """What each column adds when it becomes known, for each order: (P, C) -> (P, C)."""
    pairs, count = orders.shape
    # Place of each column in each order: a column is known after as many steps as its place and one.
    places = torch.argsort(orders, 1)
    steps = torch.arange(count + 1)
    known = places[:, None] < steps[:, None]  # (P, C + 1, C)
    worth = task.expect(known.reshape(-1, count)).reshape(pairs, count + 1)
    return worth.diff(dim=1).gather(1, places)


METHOD = TableMethod(
    name="shapley",
    title="Shapley values",
    question="What does each column add to what is expected of other rows?",
    reading="Blue columns speak for the class, orange ones against it. All together they lead from the mean score of "
    "rows that were learned from to this row's.",
    paper=Paper(
        "Shapley 1953; Lundberg and Lee 2017, A Unified Approach to Interpreting Model Predictions",
        "https://arxiv.org/abs/1705.07874",
    ),
    run=_run,
)
