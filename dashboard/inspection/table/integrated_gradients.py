"""Integrated Gradients: gradients added up on the way from the mean row to this one."""

from __future__ import annotations

import numpy as np
import torch

from dashboard.inspection.attribution.method import Paper
from dashboard.inspection.table.method import RawTableAttribution, TableMethod, TableTask

# Points are doubled until the values miss the change by a smaller share than this, or there are so many.
FIRST, MOST, WANTED = 64, 8192, 1e-4


def _run(task: TableTask) -> RawTableAttribution:
    mean = torch.zeros_like(task.row)
    with torch.no_grad():
        nothing, explained = task.score(torch.stack([mean, task.row])).double().tolist()
    points = FIRST
    while True:
        values = _integrate(task, points)
        missed = abs(float(values.sum()) - (explained - nothing))
        if missed <= WANTED * abs(explained - nothing) or points >= MOST:
            return RawTableAttribution(values, nothing, complete=True)
        points *= 2


def _integrate(task: TableTask, points: int) -> torch.Tensor:
    """By the midpoint rule: a network of ReLUs has kinks on the way, at which no higher order helps."""
    places = torch.from_numpy((np.arange(points) + 0.5) / points).to(task.row.dtype)[:, None]
    rows = (places * task.row).requires_grad_()
    (gradients,) = torch.autograd.grad(task.score(rows).sum(), rows)
    return task.by_column(gradients.double().mean(0) * task.row.double())


METHOD = TableMethod(
    name="integrated_gradients",
    title="Integrated Gradients",
    question="How much of the score does each column account for, from the mean row on?",
    reading="Blue columns speak for the class, orange ones against it. All together they add up to the score's change "
    "from the mean of all rows to this one; how far they miss it is the gap.",
    paper=Paper(
        "Sundararajan, Taly and Yan 2017, Axiomatic Attribution for Deep Networks",
        "https://arxiv.org/abs/1703.01365",
    ),
    run=_run,
    differentiates=True,
)
