"""Occlusion: how much the score drops when a patch is covered."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

from dashboard.inspection.attribution.baselines import baseline, baseline_choice
from dashboard.inspection.attribution.method import (
    Method,
    Paper,
    Parameters,
    RawAttribution,
    Task,
    mean_channels,
    number,
)


@dataclass(frozen=True)
class Settings(Parameters):
    """Of Occlusion."""

    window: int = number(32, 1, 112, "Window (px)", "Side of the square that covers the photo.")
    stride: int = number(
        16, 1, 112, "Stride (px)", "How far the square moves each time. Smaller is finer and slower."
    )
    baseline: str = baseline_choice("mean", "What the square shows instead of the photo.")


def _defaults(size: tuple[int, int]) -> Settings:
    window = max(2, min(size) // 7)
    return Settings(window=window, stride=max(1, window // 2))


def _square(settings: Settings, size: tuple[int, int]) -> tuple[int, int]:
    """Window and stride that fit an input of height x width: no window beyond it, no gap between windows."""
    window = min(settings.window, *size)
    return window, min(settings.stride, window)


def _windows(settings: Settings, size: tuple[int, int]) -> int:
    window, stride = _square(settings, size)
    return math.prod(math.ceil((side - window) / stride) + 1 for side in size)


def _preview(settings: Settings, size: tuple[int, int]) -> Settings:
    """Four windows along either side, without overlap."""
    window = max(settings.window, min(size) // 4)
    return dataclasses.replace(settings, window=window, stride=window)


def _run(task: Task) -> RawAttribution:
    from captum.attr import Occlusion

    settings: Settings = task.parameters
    channels, height, width = task.inputs.shape[1:]
    window, stride = _square(settings, (height, width))
    cover = baseline(settings.baseline, task.inputs, task.preprocessing)
    values = Occlusion(task.explained).attribute(
        task.inputs.clone(),
        sliding_window_shapes=(channels, window, window),
        strides=(channels, stride, stride),
        baselines=cover,
        perturbations_per_eval=task.at_once(_windows(settings, (height, width))),
    )
    return RawAttribution(values, baseline=cover)


METHOD = Method(
    name="occlusion",
    title="Occlusion",
    group="change",
    question="What happens when this part is hidden?",
    reading="Blue patches are needed: covering them lowers the score. Orange ones are in the way: covering them "
    "raises it.",
    formula=r"O_{ij} = \frac{1}{|W_{ij}|} \sum_{w \in W_{ij}} \big( f(x) - f(x_{\setminus w}) \big)",
    paper=Paper(
        "Zeiler and Fergus 2013, Visualizing and Understanding Convolutional Networks",
        "https://arxiv.org/abs/1311.2901",
    ),
    signed=True,
    cost="slow",
    forward_only=True,
    local=True,
    run=_run,
    join=mean_channels,
    # One is of the photo itself.
    pictures=lambda parameters, size: 1 + _windows(parameters, size),
    parameters=Settings,
    defaults=_defaults,
    preview=_preview,
)
