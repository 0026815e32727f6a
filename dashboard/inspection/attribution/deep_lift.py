"""DeepLIFT: each activation's slope is taken between the baseline and the photo, not at the photo."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.inspection.attribution.baselines import baseline, baseline_choice
from dashboard.inspection.attribution.method import (
    Method,
    Paper,
    Parameters,
    RawAttribution,
    Task,
    sum_channels,
)
from dashboard.inspection.attribution.saliency import gradient

if TYPE_CHECKING:
    from torch import Tensor

# Captum announces at every call that it sets hooks and removes them. It sets them on a private copy here.
warnings.filterwarnings("ignore", message="Setting forward, backward hooks", category=UserWarning)


@dataclass(frozen=True)
class Settings(Parameters):
    """Of DeepLIFT."""

    baseline: str = baseline_choice(
        "black",
        "The picture that stands for nothing there. Parts of the photo that look like it get no credit.",
    )


def _start(task: Task) -> Tensor:
    return baseline(task.parameters.baseline, task.inputs, task.preprocessing)


def _run(task: Task) -> RawAttribution:
    from captum.attr import DeepLift

    from dashboard.inspection.engine.deep_lift_rules import rescaling_network

    start = _start(task)
    explained = rescaling_network(task.explained, task.inputs, task.survey)
    values = DeepLift(explained).attribute(task.inputs.clone().requires_grad_(), start)
    return RawAttribution(values.detach(), baseline=start, complete=True)


METHOD = Method(
    name="deep_lift",
    title="DeepLIFT",
    group="pixels",
    question="How much of the change from a baseline does each pixel bring?",
    reading="Blue speaks for the class, orange against it. All pixels together add up to the score's change from "
    "the baseline to the photo, in a single pass; how far they miss it is the gap.",
    formula=r"m_{\Delta x \Delta y} = \frac{y - y'}{x - x'} \text{ at each activation}, \quad "
    r"R_i = (x_i - x'_i) \, m_i",
    paper=Paper(
        "Shrikumar, Greenside and Kundaje 2017, Learning Important Features",
        "https://arxiv.org/abs/1704.02685",
    ),
    signed=True,
    cost="instant",
    run=_run,
    paired=True,
    join=sum_channels,
    # One finds the activations; photo and baseline go together.
    pictures=lambda parameters, size: 3,
    parameters=Settings,
    defaults=lambda size: Settings(),
    twin=(
        "the plain gradient times the change",
        lambda task: gradient(task) * (task.inputs - _start(task)),
    ),
)
