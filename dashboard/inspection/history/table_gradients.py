"""Integrated Gradients through the table of films, which are refused where both towers read it.

On the way from an empty table to the real one the film that is recommended moves as well. What its row accounts for
belongs to no film of the history, so that theirs miss the change of the score.
"""

from __future__ import annotations

from dashboard.inspection.attribution.method import Paper
from dashboard.inspection.history.method import HistoryMethod, HistoryTask, RawHistoryAttribution

POINTS = 256
TABLE = "embedding.weight"


def _run(task: HistoryTask) -> RawHistoryAttribution:
    import torch
    from torch.func import functional_call

    table = task.network.get_parameter(TABLE).detach()
    total = torch.zeros_like(table)
    # By the midpoint rule.
    for point in range(POINTS):
        rows = ((point + 0.5) / POINTS * table).requires_grad_()
        with torch.enable_grad():
            score = functional_call(task.network, {TABLE: rows}, (task.ids[None],))[0, task.film]
        (gradient,) = torch.autograd.grad(score, rows)
        total += gradient / POINTS
    return RawHistoryAttribution((total * table).double().sum(1)[task.ids], complete=True)


METHOD = HistoryMethod(
    name="table_gradients",
    title="Gradients",
    question="How much of the score does each film's row of the table account for?",
    reading="",
    paper=Paper(
        "Sundararajan, Taly and Yan 2017, Axiomatic Attribution for Deep Networks",
        "https://arxiv.org/abs/1703.01365",
    ),
    run=_run,
    refusal="Gradients are not drawn here: both towers read one table of films, so that what is recommended moves with "
    "what was chosen, and they miss the change of score that they promise to add up to",
)
