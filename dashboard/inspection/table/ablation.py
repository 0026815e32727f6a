"""Ablation: what the score loses where one column is as in other rows."""

from __future__ import annotations

import torch

from dashboard.inspection.attribution.method import Paper
from dashboard.inspection.table.method import RawTableAttribution, TableMethod, TableTask


def _run(task: TableTask) -> RawTableAttribution:
    everything_but = ~torch.eye(task.count, dtype=torch.bool)
    with torch.no_grad():
        explained = float(task.score(task.row[None])[0])
    return RawTableAttribution(explained - task.expect(everything_but), task.nothing_known(), complete=False)


METHOD = TableMethod(
    name="ablation",
    title="Ablation",
    question="What does the score lose without a column?",
    reading="Each column alone is replaced by what it is in other rows. Columns that say the same stand in for each "
    "other: either can be missed, and both get little.",
    paper=Paper("Covert, Lundberg and Lee 2021, Explaining by Removing", "https://arxiv.org/abs/2011.14878"),
    run=_run,
)
