"""Deconvolution: the way back through the network with a ReLU at each ReLU, whatever it let through forward."""

from __future__ import annotations

from dashboard.inspection.attribution.guided_backprop import caution, refusal
from dashboard.inspection.attribution.method import Method, Paper, RawAttribution, Task, sum_channels
from dashboard.inspection.attribution.saliency import gradient


def _run(task: Task) -> RawAttribution:
    from captum.attr import Deconvolution

    from dashboard.inspection.engine.guided_rules import rectifying_module
    from dashboard.inspection.engine.routing import one_module_per_call

    explained = one_module_per_call(task.explained, task.inputs, rectifying_module)
    values = Deconvolution(explained).attribute(task.inputs.clone().requires_grad_())
    return RawAttribution(values, warning=caution(task.survey))


METHOD = Method(
    name="deconvolution",
    title="Deconvolution",
    group="sensitivity",
    question="Which patterns would the network paint for this class?",
    reading="Patterns that the class's filters stand for, painted back onto the photo. What the photo holds comes in "
    "only through max pooling: read it for the filters, not for the decision.",
    formula=r"R^{l}_i = \mathbf{1}[R^{l+1}_i > 0] \; R^{l+1}_i",
    paper=Paper(
        "Zeiler and Fergus 2013, Visualizing and Understanding Convolutional Networks",
        "https://arxiv.org/abs/1311.2901",
    ),
    signed=True,
    cost="instant",
    run=_run,
    join=sum_channels,
    # One finds the rectifiers.
    pictures=lambda parameters, size: 2,
    limit=refusal,
    twin=("the plain gradient", gradient),
)
