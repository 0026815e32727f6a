"""Layer Integrated Gradients: gradients at a layer, added up on the way from what it makes of a baseline."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from dashboard.inspection.attribution.baselines import baseline, baseline_choice
from dashboard.inspection.attribution.grad_cam import refusal
from dashboard.inspection.attribution.method import (
    Method,
    Paper,
    Parameters,
    RawAttribution,
    Task,
    number,
    sum_channels,
)


@dataclass(frozen=True)
class Settings(Parameters):
    """Of what goes from a baseline to the photo and watches a layer."""

    baseline: str = baseline_choice("black", "The picture that stands for nothing there.")
    layer_steps: int = number(
        50, 10, 320, "Steps (layer)", "Points on the way from the baseline. More steps, smaller gap."
    )


def _run(task: Task) -> RawAttribution:
    from captum.attr import LayerIntegratedGradients

    from dashboard.inspection.attribution.completeness import change_through

    layer = task.tap()
    start = baseline(task.parameters.baseline, task.inputs, task.preprocessing)
    part, _ = change_through(task.explained, layer, task.inputs, start)
    steps = task.parameters.layer_steps
    values = LayerIntegratedGradients(task.explained, layer).attribute(
        task.inputs.clone(), start, n_steps=steps, internal_batch_size=task.at_once(steps)
    )
    return RawAttribution(values.detach(), baseline=start, complete=True, change=part)


METHOD = Method(
    name="layer_integrated_gradients",
    title="Layer Integrated Gradients",
    group="where",
    question="How much of the score does each place of a layer account for?",
    reading="Blue places speak for the class as the chosen layer sees them, orange ones against it. They add up to "
    "what the layer brings to the score, compared with what it makes of the baseline.",
    formula=r"\mathrm{IG}_i = (a_i - a'_i) \int_0^1 "
    r"\frac{\partial f(a' + \alpha (a - a'))}{\partial a_i} \, d\alpha, \quad a = \mathrm{layer}(x)",
    paper=Paper(
        "Sundararajan, Taly and Yan 2017, Axiomatic Attribution for Deep Networks",
        "https://arxiv.org/abs/1703.01365",
    ),
    signed=True,
    cost="slow",
    run=_run,
    paired=True,
    join=sum_channels,
    # Three for what the layer brings, two for its ends.
    pictures=lambda parameters, size: 5 + parameters.layer_steps,
    limit=refusal,
    parameters=Settings,
    defaults=lambda size: Settings(),
    needs_layer=True,
    preview=lambda parameters, size: dataclasses.replace(parameters, layer_steps=10),
)
