"""Guided Backpropagation: the gradient, with everything negative stopped at each ReLU."""

from __future__ import annotations

import warnings

from dashboard.inspection.attribution.method import Method, Paper, RawAttribution, Task, sum_channels
from dashboard.inspection.attribution.saliency import gradient
from dashboard.records.network import Survey

# Captum announces at every call that it sets hooks and removes them. It sets them on a private copy here.
warnings.filterwarnings("ignore", message="Setting backward hooks on ReLU activations", category=UserWarning)


def refusal(survey: Survey) -> str | None:
    """Why a rule for ReLUs cannot take hold of a network, or None."""
    if _rectifiers(survey) or not survey.nonlinearities:
        return None
    names = ", ".join(survey.nonlinearities)
    return (
        f"It changes what a ReLU passes back, and this network has none (it uses {names}): "
        "the map would be the plain gradient."
    )


def caution(survey: Survey) -> str:
    """What limits a rule for ReLUs on a network that has other activations too; empty where it has none."""
    rectifiers, activations = _rectifiers(survey), sum(survey.nonlinearities.values())
    if rectifiers == activations:
        return ""
    return f"Only {rectifiers} of {activations} activations are ReLUs; the others pass the plain gradient."


def _rectifiers(survey: Survey) -> int:
    return survey.nonlinearities.get("ReLU", 0)


def _run(task: Task) -> RawAttribution:
    from captum.attr import GuidedBackprop

    from dashboard.inspection.engine.guided_rules import rectifying_module
    from dashboard.inspection.engine.routing import one_module_per_call

    explained = one_module_per_call(task.explained, task.inputs, rectifying_module)
    values = GuidedBackprop(explained).attribute(task.inputs.clone().requires_grad_())
    return RawAttribution(values, warning=caution(task.survey))


METHOD = Method(
    name="guided_backprop",
    title="Guided Backprop",
    group="sensitivity",
    question="Which fine structures excite the network?",
    reading="Sharp outlines of what drives the score up. It stays close to the edges of the photo whatever the class "
    "is: read it for detail, not for the decision.",
    formula=r"R^{l}_i = \mathbf{1}[a^l_i > 0] \; \mathbf{1}[R^{l+1}_i > 0] \; R^{l+1}_i",
    paper=Paper("Springenberg et al. 2014, Striving for Simplicity", "https://arxiv.org/abs/1412.6806"),
    signed=True,
    cost="instant",
    run=_run,
    join=sum_channels,
    # One finds the rectifiers.
    pictures=lambda parameters, size: 2,
    limit=refusal,
    twin=("the plain gradient", gradient),
)
