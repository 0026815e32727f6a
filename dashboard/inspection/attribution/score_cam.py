"""Score-CAM: channels weighted by the score that is left when only what they light up is shown."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.inspection.attribution import grad_cam
from dashboard.inspection.attribution.baselines import baseline, baseline_choice
from dashboard.inspection.attribution.layer_gradients import activations_and_gradients
from dashboard.inspection.attribution.method import (
    Method,
    Paper,
    Parameters,
    RawAttribution,
    Task,
    choice,
    sum_channels,
)
from dashboard.records.network import LayerCall

if TYPE_CHECKING:
    from torch import Tensor

ALL = "all"


@dataclass(frozen=True)
class Settings(Parameters):
    """Of Score-CAM."""

    baseline: str = baseline_choice("mean", "What is shown where a channel is dark.")
    n_channels: str = choice(
        ALL, (ALL, "16", "64", "256"), "Channels", "How many are asked: those that vary most over the photo."
    )


def _run(task: Task) -> RawAttribution:
    import torch

    maps = _varied_channels(activations_and_gradients(task)[0], task.parameters.n_channels)
    cover = baseline(task.parameters.baseline, task.inputs, task.preprocessing)
    with torch.no_grad():
        scores = torch.cat([_scores(task, cover, some) for some in torch.split(maps[0], task.batch)])  # (C,)
    # A channel that is the same everywhere lights up no part of the picture.
    alike = maps[0].amax((1, 2)) == maps[0].amin((1, 2))
    # The baseline's own score, which the paper takes off, cancels here.
    weights = scores.masked_fill(alike, -math.inf).softmax(0).nan_to_num()[:, None, None]  # (C, 1, 1)
    return RawAttribution((weights * maps).sum(1, keepdim=True).relu(), baseline=cover)


def _varied_channels(maps: Tensor, count: str) -> Tensor:
    """The channels that vary most: (1, C, h, w) -> (1, count, h, w)."""
    if count == ALL or int(count) >= maps.shape[1]:
        return maps
    return maps[:, maps[0].var((1, 2)).topk(int(count)).indices]


def _scores(task: Task, cover: Tensor, maps: Tensor) -> Tensor:
    """The scores of the picture seen through each of some channels: (C, h, w) -> (C,)."""
    from torch.nn import functional

    masks = functional.interpolate(maps[:, None], task.size, mode="bilinear", align_corners=False)
    bottom, top = masks.amin((2, 3), keepdim=True), masks.amax((2, 3), keepdim=True)
    masks = ((masks - bottom) / (top - bottom)).nan_to_num()  # (C, 1, H, W), each from 0 to 1
    scores: Tensor = task.answers(cover + masks * (task.inputs - cover))
    return scores


def _channels(settings: Settings, layer: LayerCall) -> int:
    return layer.channels if settings.n_channels == ALL else min(int(settings.n_channels), layer.channels)


METHOD = Method(
    name="score_cam",
    title="Score-CAM",
    group="where",
    question="Which regions keep the score up on their own?",
    reading="Each channel of the layer is asked for the score of the photo seen through it; bright regions are where "
    "the channels with the best scores are active. No gradient is taken.",
    formula=r"L = \mathrm{ReLU}\Big(\sum_k \alpha_k A^k\Big), \quad "
    r"\alpha = \mathrm{softmax}_k\, f\big(x \odot \mathrm{scaled}(A^k)\big)",
    paper=Paper("Wang et al. 2020, Score-CAM", "https://arxiv.org/abs/1910.01279"),
    signed=False,
    cost="slow",
    run=_run,
    own=True,
    join=sum_channels,
    pictures=lambda parameters, size: 1,
    layer_pictures=_channels,
    limit=grad_cam.refusal,
    parameters=Settings,
    defaults=lambda size: Settings(),
    needs_layer=True,
    asks=True,
    preview=lambda parameters, size: dataclasses.replace(parameters, n_channels="16"),
)
