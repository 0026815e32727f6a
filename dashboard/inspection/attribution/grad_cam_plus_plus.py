"""Grad-CAM++: Grad-CAM whose channels are weighted so that each occurrence of the class counts."""

from __future__ import annotations

from dashboard.inspection.attribution import grad_cam
from dashboard.inspection.attribution.layer_gradients import activations_and_gradients
from dashboard.inspection.attribution.method import Method, Paper, RawAttribution, Task, sum_channels


def _run(task: Task) -> RawAttribution:
    maps, gradient = activations_and_gradients(task)
    rise = gradient.relu()
    # alpha = g^2 / (2 g^2 + sum(A) g^3) where g > 0, and nothing elsewhere. The paper differentiates exp(score),
    # which puts one positive factor before everything: a cell more or less bright, never another picture.
    alpha = 1 / (2 + maps.sum((2, 3), keepdim=True) * rise)
    weights = (alpha * rise).sum((2, 3), keepdim=True)  # (1, C, 1, 1)
    warning = (
        "The formula supposes a layer without negative values, as behind a ReLU; some of this layer's channels are "
        "weighted the wrong way round."
    )
    return RawAttribution(
        (weights * maps).sum(1, keepdim=True).relu(), warning=warning if bool((alpha < 0).any()) else ""
    )


METHOD = Method(
    name="grad_cam_plus_plus",
    title="Grad-CAM++",
    group="where",
    question="Where are all the things that speak for this class?",
    reading="As Grad-CAM, with each place weighted by itself, so that a second object or a small one shows too. Bright "
    "regions speak for the class; nothing that speaks against is shown.",
    formula=r"w_k = \sum_{ij} \alpha^k_{ij} \, \mathrm{ReLU}(g^k_{ij}), \quad \alpha^k_{ij} = "
    r"\frac{(g^k_{ij})^2}{2 (g^k_{ij})^2 + \sum_{ab} A^k_{ab} (g^k_{ij})^3}, \quad "
    r"g^k_{ij} = \frac{\partial f(x)}{\partial A^k_{ij}}",
    paper=Paper("Chattopadhay et al. 2018, Grad-CAM++", "https://arxiv.org/abs/1710.11063"),
    signed=False,
    cost="instant",
    run=_run,
    own=True,
    join=sum_channels,
    pictures=lambda parameters, size: 1,
    limit=grad_cam.refusal,
    needs_layer=True,
)
