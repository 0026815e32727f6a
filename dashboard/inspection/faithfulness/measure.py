"""All that is measured of one map, from a classifier and the map to a record."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import time
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from dashboard.inspection.attribution.baselines import baseline
from dashboard.inspection.attribution.method import Method, Parameters
from dashboard.inspection.attribution.run import Request, compute_map
from dashboard.inspection.attribution.sampling import ADAPTIVE
from dashboard.inspection.engine.explained_score import ExplainedScore
from dashboard.inspection.engine.progress import Progress, ignore, report_passes, within
from dashboard.inspection.engine.speed import accelerate
from dashboard.inspection.faithfulness import curves as curve
from dashboard.inspection.faithfulness import infidelity as fidelity
from dashboard.inspection.faithfulness.curves import Covers, curves
from dashboard.inspection.faithfulness.infidelity import infidelity
from dashboard.inspection.faithfulness.randomisation import randomise, rank_correlation
from dashboard.records.attribution import Faithfulness
from dashboard.records.network import Survey
from models.classifier import Classifier
from models.runtime.randomness import fork_rng

# Standard deviations of a pixel, up to which the picture is changed: nobody sees it.
RADIUS = 0.02
SAMPLES = 8
# Sensitivity makes the map once more for each sample: only where the network sees no more pictures than this.
MOST_PICTURES = 800
# Steps or samples on random weights, for a method that would otherwise decide itself.
ENOUGH = "50"
SEED = 0


def measure(
    classifier: Classifier,
    inputs: np.ndarray,
    values: np.ndarray,
    *,
    method: Method,
    request: Request,
    survey: Survey,
    progress: Progress = ignore,
) -> Faithfulness:
    """Ask the network again and again how much of a map is true.

    Args:
        classifier: shared with other threads; not changed.
        inputs: (C, H, W), normalised.
        values: (H, W), the method's map for that request.
        method: of the table.
        request: what the map explains.
        survey: of the classifier's network.
        progress: called before each forward pass; raises to cancel.
    """
    started = time.perf_counter()
    batch = torch.tensor(inputs)[None]  # (1, C, H, W)
    covers = Covers(batch, *(baseline(name, batch, classifier.preprocessing) for name in ("mean", "blur")))
    explained = ExplainedScore.of(classifier, request.target, request.versus)
    explained.network = accelerate(explained.network, classifier, batch, use="answers")
    report_passes(curve.PICTURES + fidelity.PICTURES, within(progress, 0.0, 0.4), explained.network)
    areas = curves(explained, covers, values, classifier.contract.reading)
    missed = infidelity(explained, covers, values)

    again = functools.partial(compute_map, method=method, survey=survey)
    forgetful = again(
        randomise(classifier, inputs),
        inputs,
        request=dataclasses.replace(request, parameters=fix_counts(request.parameters)),
        progress=within(progress, 0.4, 0.7),
    )
    sensitivity = None
    if is_repeatable(method, request, survey, (inputs.shape[1], inputs.shape[2])):
        draw = functools.partial(again, classifier, request=request)
        sensitivity = _sensitivity(draw, batch, within(progress, 0.7, 1.0))
    return Faithfulness(
        method=method.name,
        shares=areas.shares,
        deletion=areas.deletion,
        insertion=areas.insertion,
        infidelity=missed,
        sensitivity=sensitivity,
        agreement=rank_correlation(values, forgetful) if np.isfinite(forgetful).all() else None,
        seconds=time.perf_counter() - started,
    )


def fix_counts(parameters: Parameters) -> Parameters:
    """The same settings with a number where they say adaptive: on random weights that seldom comes to an end."""
    adaptive = {
        field.name: ENOUGH
        for field in dataclasses.fields(parameters)
        if getattr(parameters, field.name) == ADAPTIVE
    }
    return dataclasses.replace(parameters, **adaptive)


def is_repeatable(method: Method, request: Request, survey: Survey, size: tuple[int, int]) -> bool:
    """Whether a method is quick enough to make its map several times more."""
    name = request.layer if request.layer is not None else survey.default_layer
    layer = survey.find(name) if method.needs_layer and name is not None else None
    return SAMPLES * method.work(request.parameters, size, layer) <= MOST_PICTURES


def _sensitivity(draw: Callable[[np.ndarray], np.ndarray], batch: Tensor, progress: Progress) -> float:
    """Largest relative change of the map within RADIUS of the picture.

    Reference:
        Yeh, Hsieh, Suggala, Inouye and Ravikumar 2019, On the (In)fidelity and Sensitivity of Explanations.
    """
    import captum.metrics

    begun = itertools.count()

    def explain(noisy: tuple[Tensor]) -> tuple[Tensor]:
        progress(next(begun) / (SAMPLES + 1))
        # A tuple, because Captum takes the rows of a bare tensor for separate maps.
        return (torch.from_numpy(draw(noisy[0][0].numpy()))[None],)

    with fork_rng(SEED):
        largest = captum.metrics.sensitivity_max(
            explain, batch, perturb_radius=RADIUS, n_perturb_samples=SAMPLES, max_examples_per_batch=1
        )
    return float(largest)
