"""How many pictures of a set are still answered right when each of them is changed against the network."""

from __future__ import annotations

import time

import numpy as np
import torch
from scipy.stats import binomtest
from torch import Tensor

from dashboard.inspection.engine import speed
from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.progress import Progress, ignore, within
from dashboard.inspection.whatif.attack import Ball, descend, levels_of
from dashboard.records.whatif import RobustAccuracy
from models.classifier import Classifier

PICTURES = 200
MOST_EPS = 8
STEPS = 40
RESTARTS = 3
SEED = 0
SURE = 0.95


def robust_accuracy(
    classifier: Classifier,
    inputs: np.ndarray,
    labels: np.ndarray,
    *,
    restarts: int = RESTARTS,
    steps: int = STEPS,
    most: int = MOST_EPS,
    progress: Progress = ignore,
) -> RobustAccuracy:
    """Accuracy over the levels by which each pixel may change.

    What is a change of few levels is one of more. So it begins with the most, and asks only those pictures for which it
    found something about fewer.

    Args:
        classifier: of one class among several; shared, not changed. A gradient must reach its pictures.
        inputs: (N, C, H, W), normalised, of 8-bit pictures.
        labels: (N,) class indices.
        restarts: of the search at each level; the first begins at the picture.
        steps: of each.
        most: levels.
        progress: called before each step.
    """
    started = time.perf_counter()
    network = isolate(classifier.module)
    if classifier.contract.steady:
        network = speed.accelerate(network, classifier, torch.tensor(inputs[:1]), use="gradient")
    truth = torch.from_numpy(labels)
    pixels = torch.from_numpy(np.stack([levels_of(one, classifier.preprocessing) for one in inputs])).float()
    whole = Ball(pixels, 0, classifier.preprocessing)
    with torch.no_grad():
        right = lead(classifier.module(whole.inputs(pixels)).float(), truth) > 0
    counts, generator = [int(right.sum())], torch.Generator().manual_seed(SEED)
    candidates, rounds = right, most * restarts
    for number in range(rounds):
        eps, is_first = most - number // restarts, number % restarts == 0
        if is_first:
            fooled = torch.zeros_like(right)
        tried = candidates & ~fooled
        ball, own = Ball(pixels[tried], eps, classifier.preprocessing), truth[tried]
        noise = (2 * torch.rand(ball.centre.shape, generator=generator) - 1) * eps
        if len(own):
            descent = descend(
                lambda given, rows, own=own: lead(network(given), own[rows]),  # type: ignore[misc]
                lambda given, rows, own=own: lead(classifier.module(given).float(), own[rows]),  # type: ignore[misc]
                ball,
                ball.centre if is_first else ball.clamp(ball.centre + noise),
                steps=steps,
                progress=within(progress, number / rounds, (number + 1) / rounds),
            )
            fooled[tried] = descent.found
        if number % restarts == restarts - 1:
            counts.insert(1, int(right.sum() - fooled.sum()))
            candidates = fooled
    intervals = [binomtest(count, len(pixels)).proportion_ci(SURE, method="wilson") for count in counts]
    return RobustAccuracy(
        eps=np.arange(most + 1),
        right=np.array(counts),
        low=np.array([interval.low for interval in intervals]),
        high=np.array([interval.high for interval in intervals]),
        count=len(pixels),
        steps=steps,
        restarts=restarts,
        seconds=time.perf_counter() - started,
    )


def lead(logits: Tensor, labels: Tensor) -> Tensor:
    """By how much the right logit is ahead of all others, (N, classes) and (N,) -> (N,)."""
    own = labels[:, None]
    others = logits.scatter(1, own, -torch.inf)
    return logits.gather(1, own)[:, 0] - others.amax(1)
