"""LIME: a linear model that answers like the network while parts of this picture come and go."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from dashboard.inspection.attribution.method import Method, Paper, RawAttribution, Task, number, sum_channels
from dashboard.inspection.attribution.superpixels import SuperpixelSettings, adapt

# Captum's own Lasso compares its penalty with the size of the logits and finds nothing at all where they are small.
# Ridge is what the authors' code uses; a penalty this small only matters with fewer samples than parts.
PENALTY = 1e-3
# Of the kernel that counts a sample the less the more it hides; as in the authors' code.
WIDTH = 0.25


@dataclass(frozen=True)
class Settings(SuperpixelSettings):
    """Of LIME and Kernel SHAP."""

    n_perturbations: int = number(
        1000,
        20,
        5000,
        "Perturbations",
        "Pictures with parts hidden at random. Take ten times the parts, or more.",
    )


def defaults(size: tuple[int, int]) -> Settings:
    """What suits an input of height x width."""
    return adapt(Settings(), size)


def preview(settings: Settings, size: tuple[int, int]) -> Settings:
    """Few perturbations."""
    return dataclasses.replace(settings, n_perturbations=100)


def _run(task: Task) -> RawAttribution:
    from captum._utils.models.linear_model import SkLearnRidge
    from captum.attr import Lime
    from captum.attr._core.lime import get_exp_kernel_similarity_function

    from dashboard.inspection.attribution.linear_fit import SplitHalfFit, fit_superpixels

    surrogate = SplitHalfFit(lambda: SkLearnRidge(alpha=PENALTY))
    similarity = get_exp_kernel_similarity_function("cosine", WIDTH)
    return fit_superpixels(task, surrogate, lambda mosaic: Lime(mosaic, surrogate, similarity))


METHOD = Method(
    name="lime",
    title="LIME",
    group="change",
    question="Which simple rule would answer like this?",
    reading="A straight-line rule is fitted to the scores of hundreds of versions of the photo, parts hidden at "
    "random. Blue parts raise the score in that rule, orange ones lower it.",
    formula=r"\xi = \arg\min_g \sum_z \pi(z) \big( f(x_z) - g(z) \big)^2, \quad g(z) = w_0 + \sum_p w_p z_p",
    paper=Paper(
        'Ribeiro, Singh and Guestrin 2016, "Why Should I Trust You?"', "https://arxiv.org/abs/1602.04938"
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
