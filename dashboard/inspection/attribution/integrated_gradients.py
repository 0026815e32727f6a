"""Integrated Gradients: gradients added up on the way from a baseline to the picture."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.inspection.attribution.baselines import baseline, baseline_choice
from dashboard.inspection.attribution.method import (
    Method,
    Paper,
    Parameters,
    RawAttribution,
    Task,
    choice,
    sum_channels,
)

if TYPE_CHECKING:
    from torch import Tensor

ADAPTIVE = "adaptive"


@dataclass(frozen=True)
class Settings(Parameters):
    """Of Integrated Gradients."""

    baseline: str = baseline_choice(
        "black",
        "The picture that stands for nothing there. Parts of the photo that look like it get no credit.",
    )
    n_steps: str = choice(
        ADAPTIVE,
        (ADAPTIVE, "10", "20", "50", "100", "200", "320"),
        "Steps",
        "Points on the way from the baseline to the photo. Adaptive adds points until the map adds up, at most 320.",
    )


def _run(task: Task) -> RawAttribution:
    from captum.attr import IntegratedGradients

    settings: Settings = task.parameters
    start = baseline(settings.baseline, task.inputs, task.preprocessing)
    if settings.n_steps == ADAPTIVE:
        return _adaptive(task, start)
    steps = int(settings.n_steps)
    # Captum's own default expands the input to all steps at once: gigabytes, and three times slower on two cores.
    values = IntegratedGradients(task.explained).attribute(
        task.inputs.clone(), start, n_steps=steps, internal_batch_size=task.at_once(steps)
    )
    return RawAttribution(values, baseline=start, complete=True)


def _adaptive(task: Task, start: Tensor) -> RawAttribution:
    from dashboard.inspection.attribution.adaptive_steps import StraightPath, refine_until_exact
    from dashboard.inspection.attribution.completeness import change

    whole = change(task.explained, task.inputs, start)
    values, warning = refine_until_exact(StraightPath(task, start).maps(), whole)
    return RawAttribution(values, baseline=start, complete=True, warning=warning)


def _pictures(settings: Settings, size: tuple[int, int]) -> int:
    if settings.n_steps != ADAPTIVE:
        return int(settings.n_steps)
    from dashboard.inspection.attribution.adaptive_steps import most_pictures

    return 2 + most_pictures()


METHOD = Method(
    name="integrated_gradients",
    title="Integrated Gradients",
    group="pixels",
    question="How much of the score does each pixel account for?",
    reading="Blue speaks for the class, orange against it. All pixels together add up to the score's change from "
    "the baseline to the photo; how far they miss it is the gap.",
    formula=r"\mathrm{IG}_i = (x_i - x'_i) \int_0^1 \frac{\partial f(x' + \alpha (x - x'))}{\partial x_i} \, d\alpha",
    paper=Paper(
        "Sundararajan, Taly and Yan 2017, Axiomatic Attribution for Deep Networks",
        "https://arxiv.org/abs/1703.01365",
    ),
    signed=True,
    cost="slow",
    run=_run,
    join=sum_channels,
    pictures=_pictures,
    parameters=Settings,
    defaults=lambda size: Settings(),
    adaptive=True,
    preview=lambda parameters, size: dataclasses.replace(parameters, n_steps="20"),
)
