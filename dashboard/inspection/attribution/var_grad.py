"""VarGrad: how much the gradient varies over slightly noisy copies of the photo."""

from __future__ import annotations

import dataclasses

from dashboard.inspection.attribution import sampling
from dashboard.inspection.attribution.method import Method, Paper, RawAttribution, Task, sum_channels
from dashboard.inspection.attribution.smooth_grad import Settings, noise_tunnel


def _run(task: Task) -> RawAttribution:
    raw = noise_tunnel(task, "vargrad", sum_channels)
    # Captum takes the difference of two squares, which rounding can leave below zero.
    return dataclasses.replace(raw, values=raw.values.clamp(min=0))


METHOD = Method(
    name="var_grad",
    title="VarGrad",
    group="sensitivity",
    question="Where does the network's sensitivity change with a little noise?",
    reading="Bright pixels are those at which the gradient swings when the photo is a little noisy: there the network "
    "bends most, and a single gradient says least.",
    formula=r"V = \sum_c \mathrm{Var}_k \left[ \frac{\partial f(x + \varepsilon_k)}{\partial x} \right], \quad "
    r"\varepsilon_k \sim \mathcal{N}(0, \sigma^2)",
    paper=Paper("Adebayo et al. 2018, Sanity Checks for Saliency Maps", "https://arxiv.org/abs/1810.03292"),
    signed=False,
    cost="slow",
    run=_run,
    join=sum_channels,
    pictures=lambda parameters, size: sampling.pictures(parameters.n_copies),
    parameters=Settings,
    defaults=lambda size: Settings(),
    sampled=True,
    adaptive=True,
    power=2,
    preview=lambda parameters, size: dataclasses.replace(parameters, n_copies="10"),
)
