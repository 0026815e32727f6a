"""Integrated Gradients: gradients added up on the way from a baseline to the picture."""

from __future__ import annotations

import math
from dataclasses import dataclass

from dashboard.inspection.attribution.method import (
    Finding,
    Method,
    Paper,
    Parameters,
    Task,
    choice,
    number,
    summed,
)

# Captum's own default expands the input to all steps at once: gigabytes, and three times slower on two cores.
BATCH = 10


@dataclass(frozen=True)
class Settings(Parameters):
    """Of Integrated Gradients."""

    baseline: str = choice(
        "black",
        ("black", "white", "mean", "blur", "noise"),
        "Baseline",
        "The picture that stands for nothing there. Parts of the photo that look like it get no credit.",
    )
    n_steps: int = number(
        50, 10, 320, "Steps", "Points on the way from the baseline to the photo. More steps, smaller gap."
    )


def _run(task: Task) -> Finding:
    from captum.attr import IntegratedGradients

    from dashboard.inspection.attribution.baselines import baseline

    start = baseline(task.parameters.baseline, task.inputs, task.preprocessing)
    values = IntegratedGradients(task.explained).attribute(
        task.inputs.clone(), start, n_steps=task.parameters.n_steps, internal_batch_size=BATCH
    )
    return Finding(values, baseline=start, complete=True)


METHOD = Method(
    name="integrated_gradients",
    title="Integrated Gradients",
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
    join=summed,
    passes=lambda parameters, size: math.ceil(parameters.n_steps / BATCH),
    parameters=Settings,
    defaults=lambda size: Settings(),
)
