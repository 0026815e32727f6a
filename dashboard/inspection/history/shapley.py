"""Shapley values: what a film adds, averaged over the orders in which the history could have come about."""

from __future__ import annotations

from dashboard.inspection.attribution.method import Paper
from dashboard.inspection.engine.coalitions import by_all_sets, by_orders
from dashboard.inspection.history.method import HistoryMethod, HistoryTask, RawHistoryAttribution

# Up to so many films every set of them is asked for.
FEW = 10
# Orders, each with its reverse, where there are more.
PAIRS, SEED = 64, 0


def _run(task: HistoryTask) -> RawHistoryAttribution:
    count = len(task.ids)
    if count <= FEW:
        return RawHistoryAttribution(by_all_sets(task.worth, count), complete=True)
    found = by_orders(task.worth, count, PAIRS, SEED)
    return RawHistoryAttribution(found.values, complete=True, errors=found.errors, halves=found.halves)


METHOD = HistoryMethod(
    name="shapley",
    title="Shapley values",
    question="What does each film add, whatever was chosen before it?",
    reading="Blue films speak for the recommendation, orange ones against it. All together they lead from the score "
    "of who chose nothing to this one; films of one taste share what they say.",
    paper=Paper(
        "Shapley 1953; Lundberg and Lee 2017, A Unified Approach to Interpreting Model Predictions",
        "https://arxiv.org/abs/1705.07874",
    ),
    run=_run,
)
