"""Layer Conductance: how much of the change from a baseline flows through each place of a layer."""

from __future__ import annotations

import dataclasses
import math

from dashboard.inspection.attribution.baselines import baseline
from dashboard.inspection.attribution.grad_cam import refusal
from dashboard.inspection.attribution.layer_integrated_gradients import Settings
from dashboard.inspection.attribution.method import Method, Paper, RawAttribution, Task, sum_channels


def _run(task: Task) -> RawAttribution:
    from captum.attr import LayerConductance

    from dashboard.inspection.attribution.completeness import change_through

    layer = task.tap()
    start = baseline(task.parameters.baseline, task.inputs, task.preprocessing)
    part, whole = change_through(task.explained, layer, task.inputs, start)
    values = LayerConductance(task.explained, layer).attribute(
        task.inputs.clone(),
        start,
        n_steps=task.parameters.layer_steps,
        internal_batch_size=max(2, task.batch),  # it takes differences within a batch
    )
    # Where something flows past the layer, nothing says what its conductance must add up to.
    return RawAttribution(values.detach(), baseline=start, complete=math.isclose(part, whole, rel_tol=1e-3))


METHOD = Method(
    name="layer_conductance",
    title="Layer Conductance",
    group="where",
    question="Through which places of a layer does the score flow?",
    reading="Blue places carry what speaks for the class on the way from the baseline to the photo, orange ones what "
    "speaks against it. Where everything flows through the layer, they add up to the score's change.",
    formula=r"C_j = \int_0^1 \frac{\partial f}{\partial a_j} \, "
    r"\frac{d a_j(x' + \alpha (x - x'))}{d \alpha} \, d\alpha",
    paper=Paper(
        "Dhamdhere, Sundararajan and Yan 2018, How Important Is a Neuron?", "https://arxiv.org/abs/1805.12233"
    ),
    signed=True,
    cost="slow",
    run=_run,
    paired=True,
    join=sum_channels,
    # Three for what must flow through, and both ends of the way; ends that batches share are seen twice.
    pictures=lambda parameters, size: 4 + parameters.layer_steps,
    limit=refusal,
    parameters=Settings,
    defaults=lambda size: Settings(),
    needs_layer=True,
    preview=lambda parameters, size: dataclasses.replace(parameters, layer_steps=10),
)
