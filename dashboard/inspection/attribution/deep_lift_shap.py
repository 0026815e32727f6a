"""DeepLIFT SHAP: DeepLIFT, averaged over several baselines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.inspection.attribution.baselines import BASELINES, all_baselines
from dashboard.inspection.attribution.method import Method, Paper, RawAttribution, Task, sum_channels
from dashboard.inspection.attribution.saliency import gradient

if TYPE_CHECKING:
    from torch import Tensor


def _run(task: Task) -> RawAttribution:
    from captum.attr import DeepLiftShap

    from dashboard.inspection.engine.deep_lift_rules import rescaling_network

    starts = all_baselines(task.inputs, task.preprocessing)
    explained = rescaling_network(task.explained, task.inputs, task.survey)
    values = DeepLiftShap(explained).attribute(task.inputs.clone(), starts)
    return RawAttribution(values.detach(), baseline=starts, complete=True)


def _plain(task: Task) -> Tensor:
    starts = all_baselines(task.inputs, task.preprocessing)
    return gradient(task) * (task.inputs - starts.mean(0, keepdim=True))


METHOD = Method(
    name="deep_lift_shap",
    title="DeepLIFT SHAP",
    group="pixels",
    question="What does each pixel bring, whatever nothing looks like?",
    reading="DeepLIFT averaged over several baselines: black, white, mean colours, blur and noise. Blue speaks for "
    "the class, orange against it; all pixels add up to the score's change from the baselines' average.",
    formula=r"\phi_i = \mathbb{E}_{x'} \big[ (x_i - x'_i) \, m_i(x, x') \big]",
    paper=Paper(
        "Lundberg and Lee 2017, A Unified Approach to Interpreting Model Predictions",
        "https://arxiv.org/abs/1705.07874",
    ),
    signed=True,
    cost="instant",
    run=_run,
    paired=True,
    join=sum_channels,
    # One finds the activations; the photo goes beside each baseline.
    pictures=lambda parameters, size: 1 + 2 * len(BASELINES),
    twin=("the plain gradient times the change", _plain),
)
