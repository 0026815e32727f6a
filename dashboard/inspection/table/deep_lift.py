"""DeepLIFT: each activation's slope is taken between the mean row and this one, not at this one."""

from __future__ import annotations

import torch

from dashboard.inspection.attribution.method import Paper
from dashboard.inspection.table.method import RawTableAttribution, TableMethod, TableTask


def _run(task: TableTask) -> RawTableAttribution:
    from captum.attr import DeepLift

    mean = torch.zeros_like(task.row)
    with torch.no_grad():
        nothing = float(task.score(mean[None])[0])
    found = DeepLift(task.network).attribute(
        task.row[None].clone().requires_grad_(), mean[None], target=task.target
    )
    return RawTableAttribution(task.by_column(found[0].detach().double()), nothing, complete=True)


METHOD = TableMethod(
    name="deep_lift",
    title="DeepLIFT",
    question="How much of the change from the mean row does each column bring, in a single pass?",
    reading="Blue columns speak for the class, orange ones against it. All together they add up to the score's change "
    "from the mean of all rows to this one; how far they miss it is the gap.",
    paper=Paper(
        "Shrikumar, Greenside and Kundaje 2017, Learning Important Features",
        "https://arxiv.org/abs/1704.02685",
    ),
    run=_run,
    differentiates=True,
)
