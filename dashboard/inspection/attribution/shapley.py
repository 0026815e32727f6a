"""Shapley value sampling: what a part adds, averaged over orders in which the picture is put together."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dashboard.inspection.attribution.method import Method, Paper, RawAttribution, Task, number, sum_channels
from dashboard.inspection.attribution.superpixels import Superpixels, SuperpixelSettings, adapt, part_count


@dataclass(frozen=True)
class Settings(SuperpixelSettings):
    """Of Shapley value sampling."""

    n_permutations: int = number(
        40,
        4,
        400,
        "Orders",
        "Random orders in which the parts are put together. More orders, steadier values.",
    )


def _pictures(settings: Settings, size: tuple[int, int]) -> int:
    # Either half begins with the photo hidden.
    return 2 + settings.n_permutations * part_count(settings, size)


def orders_and_reverses(parts: int, orders: int) -> Iterator[Sequence[int]]:
    """Random orders, each followed by its reverse, so that who comes early once comes late once.

    Reference:
        Mitchell et al. 2022, Sampling Permutations for Shapley Value Estimation, https://arxiv.org/abs/2104.12199.
    """
    import torch

    for drawn in range(0, orders, 2):
        order = torch.randperm(parts).tolist()
        yield from (order, order[::-1])[: orders - drawn]


def _run(task: Task) -> RawAttribution:
    from captum.attr import ShapleyValueSampling

    mosaic = Superpixels.of(task)
    orders = task.parameters.n_permutations
    at_once = task.at_once(mosaic.count)
    half = orders // 4 * 2  # an order and its reverse stay together
    method = ShapleyValueSampling(mosaic)
    method.permutation_generator = orders_and_reverses
    # Two calls go on drawing where one would: their mean is what one call with all orders finds.
    first, second = (
        method.attribute(
            mosaic.shown, baselines=mosaic.hidden, n_samples=count, perturbations_per_eval=at_once
        )
        for count in (half, orders - half)
    )
    values = (half * first + (orders - half) * second) / orders
    return RawAttribution(
        mosaic.paint(values),
        baseline=mosaic.cover,
        complete=True,
        total=float(values.sum()),
        halves=(mosaic.paint(first), mosaic.paint(second)),
    )


METHOD = Method(
    name="shapley",
    title="Shapley Values",
    group="change",
    question="What does each part add, whatever came before it?",
    reading="The photo is put together part by part, in many random orders; a part's value is what the score gains "
    "when it comes in, on average. All parts together add up to the score's change from the baseline to the photo.",
    formula=r"\phi_p = \frac{1}{K} \sum_{k=1}^{K} \big( f(x_{S_k(p) \cup p}) - f(x_{S_k(p)}) \big)",
    paper=Paper(
        "Castro, Gómez and Tejada 2009, Polynomial calculation of the Shapley value based on sampling",
        "https://doi.org/10.1016/j.cor.2008.04.004",
    ),
    signed=True,
    cost="slow",
    forward_only=True,
    run=_run,
    join=sum_channels,
    pictures=_pictures,
    parameters=Settings,
    defaults=lambda size: adapt(Settings(), size),
    sampled=True,
    preview=lambda parameters, size: dataclasses.replace(parameters, n_permutations=4),
)
