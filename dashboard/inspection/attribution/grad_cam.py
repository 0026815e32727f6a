"""Grad-CAM: where the channels that matter for the class are active."""

from __future__ import annotations

from dashboard.inspection.attribution.layer_gradients import activations_and_gradients
from dashboard.inspection.attribution.method import Method, Paper, RawAttribution, Task, sum_channels
from dashboard.records.network import Survey


def refusal(survey: Survey) -> str | None:
    """Why there is no layer to read, or None."""
    if survey.grid_calls():
        return None
    return "No layer of this network keeps a grid over the picture that the answer depends on: there is no map to read."


def _run(task: Task) -> RawAttribution:
    maps, gradient = activations_and_gradients(task)
    return RawAttribution((gradient.mean((2, 3), keepdim=True) * maps).sum(1, keepdim=True).relu())


METHOD = Method(
    name="grad_cam",
    title="Grad-CAM",
    group="where",
    question="Where does the network look for this class?",
    reading="Bright regions hold what speaks for the class, as the chosen layer sees it. The map is as coarse as that "
    "layer's grid and shows nothing that speaks against.",
    formula=r"L = \mathrm{ReLU}\Big(\sum_k \alpha_k A^k\Big), \quad "
    r"\alpha_k = \frac{1}{hw} \sum_{ij} \frac{\partial f(x)}{\partial A^k_{ij}}",
    paper=Paper("Selvaraju et al. 2017, Grad-CAM", "https://arxiv.org/abs/1610.02391"),
    signed=False,
    cost="instant",
    run=_run,
    own=True,
    join=sum_channels,
    pictures=lambda parameters, size: 1,
    limit=refusal,
    needs_layer=True,
)
