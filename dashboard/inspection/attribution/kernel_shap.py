"""Kernel SHAP: Shapley values of the parts of a picture, by a weighted linear fit."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from dashboard.inspection.attribution.lime import Settings, defaults, preview
from dashboard.inspection.attribution.method import Method, Paper, RawAttribution, Task, sum_channels
from dashboard.inspection.attribution.superpixels import Superpixels

if TYPE_CHECKING:
    from torch import Tensor

# Captum's first two samples show everything and nothing; their weight makes the values add up.
ENDS = 2

Draws = Callable[..., Iterator["Tensor"]]


def with_complements(draws: Draws) -> Draws:
    """Captum's samples, each followed by its complement: what a part adds is then seen early and late.

    Reference:
        Covert and Lee 2021, Improving KernelSHAP, https://arxiv.org/abs/2012.01536.
    """

    def draw(inputs: Tensor, **settings: Any) -> Iterator[Tensor]:
        samples = draws(inputs, **settings)
        yield from itertools.islice(samples, ENDS)
        for shown in samples:
            yield shown
            yield 1 - shown

    return draw


def _run(task: Task) -> RawAttribution:
    from captum._utils.models.linear_model import SkLearnLinearRegression
    from captum.attr import KernelShap

    from dashboard.inspection.attribution.linear_fit import SplitHalfFit, fit_superpixels

    surrogate = SplitHalfFit(SkLearnLinearRegression, shared=ENDS, group=2)

    def kernel_shap(mosaic: Superpixels) -> Any:
        method = KernelShap(mosaic)
        method.perturb_func = with_complements(method.perturb_func)
        method.interpretable_model = surrogate
        return method

    raw = fit_superpixels(task, surrogate, kernel_shap)
    return dataclasses.replace(raw, complete=True, total=float(surrogate.whole.sum()))


METHOD = Method(
    name="kernel_shap",
    title="Kernel SHAP",
    group="change",
    question="What is each part's fair share of the score?",
    reading="Blue parts earn the class its score, orange ones cost it. A part's value is its share: all parts together "
    "add up to the score's change from the baseline to the photo. The shares are estimated by a fit.",
    formula=r"\min_\phi \sum_z \frac{M - 1}{\binom{M}{|z|} |z| (M - |z|)} "
    r"\Big( f(x_z) - f(x') - \sum_p \phi_p z_p \Big)^2",
    paper=Paper(
        "Lundberg and Lee 2017, A Unified Approach to Interpreting Model Predictions",
        "https://arxiv.org/abs/1705.07874",
    ),
    signed=True,
    cost="slow",
    forward_only=True,
    run=_run,
    join=sum_channels,
    pictures=lambda parameters, size: parameters.n_perturbations,
    parameters=Settings,
    defaults=defaults,
    sampled=True,
    preview=preview,
)
