"""SmoothGrad: the gradient, averaged over slightly noisy copies of the photo."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.inspection.attribution import sampling
from dashboard.inspection.attribution.method import (
    Method,
    Paper,
    Parameters,
    RawAttribution,
    Task,
    max_abs_channel,
    number,
)

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Settings(Parameters):
    """Of what looks at noisy copies."""

    n_copies: str = sampling.samples(
        "Noisy copies",
        "More are slower and steadier. Adaptive adds copies until two halves agree, at most 1,000.",
    )
    noise: int = number(
        15,
        1,
        50,
        "Noise (% of range)",
        "Standard deviation of the noise, relative to the photo's range of values.",
    )


def noise_tunnel(task: Task, kind: str, join: Callable[[Tensor], Tensor]) -> RawAttribution:
    """Captum's NoiseTunnel of that kind over the plain gradient."""
    from captum.attr import NoiseTunnel, Saliency

    settings: Settings = task.parameters
    tunnel = NoiseTunnel(Saliency(task.explained))
    spread = float(task.inputs.max() - task.inputs.min())

    def draw(samples: int) -> Tensor:
        drawn: Tensor = tunnel.attribute(
            task.inputs.clone(),
            nt_type=kind,
            nt_samples=samples,
            nt_samples_batch_size=task.at_once(samples),
            stdevs=settings.noise / 100 * spread,
            abs=False,
        )
        return drawn

    values, halves = sampling.draw_halves(draw, settings.n_copies, sampling.halves_agree(join))
    return RawAttribution(values, halves=halves)


METHOD = Method(
    name="smooth_grad",
    title="SmoothGrad",
    group="sensitivity",
    question="Which pixels would change the answer most, whatever the noise?",
    reading="Saliency without its speckle: bright pixels are those to which the score stays sensitive when the photo "
    "is a little noisy. Like Saliency it says where, not for or against.",
    formula=r"S = \max_c \left| \frac{1}{n} \sum_{k=1}^{n} "
    r"\frac{\partial f(x + \varepsilon_k)}{\partial x} \right|, \quad \varepsilon_k \sim \mathcal{N}(0, \sigma^2)",
    paper=Paper("Smilkov et al. 2017, SmoothGrad", "https://arxiv.org/abs/1706.03825"),
    signed=False,
    cost="slow",
    run=lambda task: noise_tunnel(task, "smoothgrad", max_abs_channel),
    join=max_abs_channel,
    pictures=lambda parameters, size: sampling.pictures(parameters.n_copies),
    parameters=Settings,
    defaults=lambda size: Settings(),
    sampled=True,
    adaptive=True,
    preview=lambda parameters, size: dataclasses.replace(parameters, n_copies="10"),
)
