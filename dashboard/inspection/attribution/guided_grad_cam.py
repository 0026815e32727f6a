"""Guided Grad-CAM: the fine structures of Guided Backprop, where Grad-CAM sees the class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.inspection.attribution import grad_cam, guided_backprop
from dashboard.inspection.attribution.method import Method, Paper, RawAttribution, Task, sum_channels
from dashboard.inspection.attribution.saliency import gradient

if TYPE_CHECKING:
    from torch import Tensor, nn

    from dashboard.inspection.engine.explained_score import ExplainedScore


def _prepare(task: Task) -> tuple[ExplainedScore, nn.Module]:
    """The repaired network, and the layer to read in it."""
    from dashboard.inspection.engine.guided_rules import rectifying_module
    from dashboard.inspection.engine.routing import one_module_per_call

    layer = task.tap()  # before the network is wrapped
    return one_module_per_call(task.explained, task.inputs, rectifying_module), layer


def _run(task: Task) -> RawAttribution:
    from captum.attr import GuidedGradCam

    explained, layer = _prepare(task)
    values = GuidedGradCam(explained, layer).attribute(
        task.inputs.clone().requires_grad_(), interpolate_mode="bilinear"
    )
    return RawAttribution(values, warning=guided_backprop.caution(task.survey))


def _gradient_times_cam(task: Task) -> Tensor:
    """The plain gradient in the place of the guided one."""
    from captum.attr import LayerAttribution, LayerGradCam

    explained, layer = _prepare(task)
    cam = LayerGradCam(explained, layer).attribute(task.inputs.clone(), relu_attributions=True)
    scaled: Tensor = LayerAttribution.interpolate(cam, task.size, "bilinear")
    return gradient(task) * scaled


METHOD = Method(
    name="guided_grad_cam",
    title="Guided Grad-CAM",
    group="where",
    question="Which fine structures speak for this class?",
    reading="The outlines of Guided Backprop, kept where Grad-CAM sees the class and dark elsewhere. Compare two "
    "classes: only what differs between their maps is about the class.",
    formula=r"G = R^0 \odot \mathrm{upsampled}(L_\text{Grad-CAM})",
    paper=Paper("Selvaraju et al. 2017, Grad-CAM", "https://arxiv.org/abs/1610.02391"),
    signed=True,
    cost="instant",
    run=_run,
    join=sum_channels,
    # One finds the rectifiers.
    pictures=lambda parameters, size: 3,
    limit=lambda survey: guided_backprop.refusal(survey) or grad_cam.refusal(survey),
    needs_layer=True,
    power=2,
    twin=("the plain gradient times Grad-CAM", _gradient_times_cam),
)
