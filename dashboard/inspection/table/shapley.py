"""Shapley values: what a column adds, averaged over the orders in which columns become known."""

from __future__ import annotations

from dashboard.inspection.attribution.method import Paper
from dashboard.inspection.engine.coalitions import by_all_sets, by_orders
from dashboard.inspection.table.method import RawTableAttribution, TableMethod, TableTask

# Up to so many columns every set of them is asked for.
FEW = 10
# Orders, each with its reverse, where there are more.
PAIRS, SEED = 64, 0


def _run(task: TableTask) -> RawTableAttribution:
    return _exact(task) if len(task.row) <= FEW else _sampled(task)


def _exact(task: TableTask) -> RawTableAttribution:
    return RawTableAttribution(by_all_sets(task.expect, len(task.row)), task.nothing_known(), complete=True)


def _sampled(task: TableTask) -> RawTableAttribution:
    found = by_orders(task.expect, len(task.row), PAIRS, SEED)
    return RawTableAttribution(
        found.values, task.nothing_known(), complete=True, errors=found.errors, halves=found.halves
    )


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
