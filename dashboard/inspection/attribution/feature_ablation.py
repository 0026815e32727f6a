"""Feature Ablation: how much the score drops when a part of the picture is taken out."""

from __future__ import annotations

from dashboard.inspection.attribution.method import Method, Paper, RawAttribution, Task, sum_channels
from dashboard.inspection.attribution.superpixels import Superpixels, SuperpixelSettings, adapt, part_count


def _run(task: Task) -> RawAttribution:
    from captum.attr import FeatureAblation

    mosaic = Superpixels.of(task)
    drops = FeatureAblation(mosaic).attribute(
        mosaic.shown, baselines=mosaic.hidden, perturbations_per_eval=task.at_once(mosaic.count)
    )
    return RawAttribution(mosaic.paint(drops), baseline=mosaic.cover)


METHOD = Method(
    name="feature_ablation",
    title="Feature Ablation",
    group="change",
    question="What does the answer lose without this part?",
    reading="Blue parts are needed: taking one out lowers the score by the value shown. Orange ones are in the way. "
    "What two parts do only together is counted for both or for none.",
    formula=r"A_p = f(x) - f(x_{\setminus p})",
    paper=Paper(
        "Zeiler and Fergus 2013, Visualizing and Understanding Convolutional Networks",
        "https://arxiv.org/abs/1311.2901",
    ),
    signed=True,
    cost="slow",
    forward_only=True,
    local=True,
    run=_run,
    join=sum_channels,
    # One is of the photo itself.
    pictures=lambda parameters, size: 1 + part_count(parameters, size),
    parameters=SuperpixelSettings,
    defaults=lambda size: adapt(SuperpixelSettings(), size),
)
