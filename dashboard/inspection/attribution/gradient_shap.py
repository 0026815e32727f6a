"""Gradient SHAP: gradients at random points between the photo and several baselines."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.inspection.attribution import sampling
from dashboard.inspection.attribution.baselines import BASELINES, all_baselines
from dashboard.inspection.attribution.method import (
    Method,
    Paper,
    Parameters,
    RawAttribution,
    Task,
    sum_channels,
)
from dashboard.inspection.attribution.outcome import MARKED_AGREEMENT, MARKED_GAP

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Settings(Parameters):
    """Of Gradient SHAP."""

    n_points: str = sampling.samples(
        "Random points",
        "Points on the ways from the baselines. Adaptive adds points until two halves agree and the map adds up, at "
        "most 1,000.",
    )


def _run(task: Task) -> RawAttribution:
    import torch
    from captum.attr import GradientShap

    from dashboard.inspection.attribution.completeness import change

    starts, shap = all_baselines(task.inputs, task.preprocessing), GradientShap(task.explained)
    whole = change(task.explained, task.inputs, starts)

    def draw(samples: int) -> Tensor:
        # Captum takes all samples of a call at once, and draws others where calls are of other sizes.
        sizes = [min(sampling.DRAWN, samples - begun) for begun in range(0, samples, sampling.DRAWN)]
        points = [size * shap.attribute(task.inputs.clone(), starts, n_samples=size) for size in sizes]
        return torch.stack(points).sum(0) / samples

    def steady(halves: sampling.Halves) -> bool:
        gap = whole.gap(float((halves[0] + halves[1]).sum(dtype=torch.float64)) / 2)
        return gap <= MARKED_GAP and sampling.agreement(sum_channels, halves) >= MARKED_AGREEMENT

    values, halves = sampling.draw_halves(draw, task.parameters.n_points, steady)
    return RawAttribution(values, baseline=starts, complete=True, halves=halves)


METHOD = Method(
    name="gradient_shap",
    title="Gradient SHAP",
    group="pixels",
    question="How much does each pixel count, whatever nothing looks like?",
    reading="Blue speaks for the class, orange against it, averaged over several baselines: black, white, mean "
    "colours, blur and noise. All pixels add up to the score's change from their average, but for chance.",
    formula=r"\phi_i = \mathbb{E}_{x', \alpha \sim U(0, 1)} \left[ (x_i - x'_i) \, "
    r"\frac{\partial f(x' + \alpha (x - x'))}{\partial x_i} \right]",
    paper=Paper(
        "Lundberg and Lee 2017, A Unified Approach to Interpreting Model Predictions",
        "https://arxiv.org/abs/1705.07874",
    ),
    signed=True,
    cost="slow",
    run=_run,
    join=sum_channels,
    # What the map must add up to is found with the photo and all baselines.
    pictures=lambda parameters, size: 1 + len(BASELINES) + sampling.pictures(parameters.n_points),
    parameters=Settings,
    defaults=lambda size: Settings(),
    sampled=True,
    adaptive=True,
    preview=lambda parameters, size: dataclasses.replace(parameters, n_points="10"),
)
