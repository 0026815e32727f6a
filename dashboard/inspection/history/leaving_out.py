"""Leaving out: what the score loses where one film had not been chosen."""

from __future__ import annotations

from dashboard.inspection.attribution.method import Paper
from dashboard.inspection.history.method import HistoryMethod, HistoryTask, RawHistoryAttribution


def _run(task: HistoryTask) -> RawHistoryAttribution:
    import torch

    count = len(task.ids)
    # The whole history last.
    chosen = torch.cat([~torch.eye(count, dtype=torch.bool), torch.ones(1, count, dtype=torch.bool)])
    worths = task.worth(chosen)
    return RawHistoryAttribution(worths[-1] - worths[:-1], complete=False)


METHOD = HistoryMethod(
    name="leaving_out",
    title="Leaving out",
    question="What does the score lose had one film not been chosen?",
    reading="Blue films speak for the recommendation, orange ones against it. Films of one taste stand in for each "
    "other: each can be missed, and all get little.",
    paper=Paper("Covert, Lundberg and Lee 2021, Explaining by Removing", "https://arxiv.org/abs/2011.14878"),
    run=_run,
)
