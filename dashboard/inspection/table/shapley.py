"""Shapley values: what a column adds, averaged over the orders in which columns become known."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from dashboard.inspection.attribution.method import Paper
from dashboard.inspection.engine.coalitions import by_all_sets
from dashboard.inspection.engine.progress import Progress, ignore
from dashboard.inspection.table.method import AT_ONCE, RawTableAttribution, TableMethod, TableTask

# Up to so many columns every set of them is asked for.
FEW = 10
# Orders for each background row, each with its reverse, where there are more.
PAIRS, SEED = 16, 0


def _run(task: TableTask) -> RawTableAttribution:
    return _exact(task) if task.count <= FEW else _sampled(task)


def _exact(task: TableTask) -> RawTableAttribution:
    return RawTableAttribution(by_all_sets(task.expect, task.count), task.nothing_known(), complete=True)


def _sampled(task: TableTask) -> RawTableAttribution:
    pairs = sample(task.score, task.row[None], task.background, task.column, PAIRS)[:, 0]
    return RawTableAttribution(
        pairs.mean(0),
        task.nothing_known(),
        complete=True,
        errors=pairs.std(0) / math.sqrt(PAIRS),
        halves=(pairs[: PAIRS // 2].mean(0), pairs[PAIRS // 2 :].mean(0)),
    )


def sample(
    score: Callable[[Tensor], Tensor],
    rows: Tensor,
    background: Tensor,
    column: Tensor,
    pairs: int,
    progress: Progress = ignore,
) -> Tensor:
    """Shapley values by random orders, each gone through forwards and backwards, which halves what chance adds.

    Each background row has orders of its own: for as many answers of the network, they know far more of the others
    than the same few orders for all.

    Args:
        score: (N, F) -> (N,).
        rows: (R, F), that are explained.
        background: (B, F), that stand for "anything".
        column: (F,) the column that each number comes from.
        pairs: orders for each row and background row, each with its reverse.
        progress: told the share done; what it raises ends the work.

    Returns:
        (pairs, R, C) float64, of each pair the mean over the background; their mean are the values.

    Reference: Mitchell et al., Sampling permutations for Shapley value estimation, JMLR 23, 2022.
    """
    generator, count = torch.Generator().manual_seed(SEED), int(column[-1]) + 1
    found = torch.zeros(pairs, len(rows), count, dtype=torch.float64)
    meetings = torch.split(torch.arange(len(rows) * len(background)), max(1, AT_ONCE // (2 * count)))
    steps, whole = torch.arange(1.0, count)[:, None], torch.equal(column, torch.arange(count))
    with torch.no_grad():
        ends, starts = score(rows).double(), score(background).double()
        for pair in range(pairs):
            for number, meeting in enumerate(meetings):
                progress((pair + number / len(meetings)) / pairs)
                row, other = meeting // len(background), meeting % len(background)
                places = torch.argsort(torch.rand(len(meeting), count, generator=generator), 1)
                # 1 where a column is known: after as many steps as its place and one; nothing and all are known
                # already. Read backwards, what was known is what is not.
                known = (steps - places[:, None]).clamp_(0, 1)  # (P, C - 1, C)
                if not whole:
                    known = known[..., column]
                this, that = rows[row][:, None], background[other][:, None]
                mixed = torch.stack(
                    [
                        torch.addcmul(that, known, this - that),
                        torch.addcmul(this, known, that - this),
                    ]
                )
                between = score(mixed.flatten(0, 2)).double().reshape(2, len(meeting), -1)
                start, end = starts[other][:, None], ends[row][:, None]
                forwards = torch.cat([start, between[0], end], 1).diff(dim=1).gather(1, places)
                # From all known down to nothing, in the same order: each step is what leaving adds, with its sign.
                backwards = torch.cat([end, between[1], start], 1).diff(dim=1).gather(1, places)
                found[pair].index_add_(0, row, (forwards - backwards) / (2 * len(background)))
    return found


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
