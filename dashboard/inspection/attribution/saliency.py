"""Saliency: the gradient's size at each pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.inspection.attribution.method import Method, Paper, RawAttribution, Task, max_abs_channel

if TYPE_CHECKING:
    from torch import Tensor


def gradient(task: Task) -> Tensor:
    """The signed gradient of the explained quantity at the input, (1, C, H, W)."""
    from captum.attr import Saliency

    values: Tensor = Saliency(task.explained).attribute(task.inputs.clone().requires_grad_(), abs=False)
    return values


METHOD = Method(
    name="saliency",
    title="Saliency",
    group="sensitivity",
    question="Which pixels would change the answer most?",
    reading="Bright pixels are those where a small change of colour moves the score most. It says where the network "
    "is sensitive, not what speaks for or against the class.",
    formula=r"S_{ij} = \max_c \left| \frac{\partial f(x)}{\partial x_{cij}} \right|",
    paper=Paper(
        "Simonyan, Vedaldi and Zisserman 2013, Deep Inside Convolutional Networks",
        "https://arxiv.org/abs/1312.6034",
    ),
    signed=False,
    cost="instant",
    run=lambda task: RawAttribution(gradient(task)),
    join=max_abs_channel,
    pictures=lambda parameters, size: 1,
)
