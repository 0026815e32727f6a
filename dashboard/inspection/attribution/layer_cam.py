"""Layer-CAM: Grad-CAM with a weight for each place instead of one for each channel, so that early layers serve too."""

from __future__ import annotations

from dashboard.inspection.attribution import grad_cam
from dashboard.inspection.attribution.layer_gradients import activations_and_gradients
from dashboard.inspection.attribution.method import Method, Paper, RawAttribution, Task, sum_channels


def _run(task: Task) -> RawAttribution:
    maps, gradient = activations_and_gradients(task)
    return RawAttribution((gradient.relu() * maps).sum(1, keepdim=True).relu())


METHOD = Method(
    name="layer_cam",
    title="Layer-CAM",
    group="where",
    question="Which places of this layer speak for the class?",
    reading="Bright places are active and would raise the score if they were more so. Early layers give fine maps, "
    "late ones coarse ones: choose a layer and compare.",
    formula=r"L_{ij} = \mathrm{ReLU}\Big(\sum_k \mathrm{ReLU}\Big("
    r"\frac{\partial f(x)}{\partial A^k_{ij}}\Big) A^k_{ij}\Big)",
    paper=Paper(
        "Jiang et al. 2021, LayerCAM: Exploring Hierarchical Class Activation Maps for Localization",
        "https://mmcheng.net/mftp/Papers/21TIP_LayerCAM.pdf",
    ),
    signed=False,
    cost="instant",
    run=_run,
    own=True,
    join=sum_channels,
    pictures=lambda parameters, size: 1,
    limit=grad_cam.refusal,
    needs_layer=True,
)
