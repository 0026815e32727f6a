"""The sanity check: a map that survives when the network forgets what it learned, does not show what it learned."""

from __future__ import annotations

import dataclasses

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from dashboard.inspection.attribution.baselines import all_baselines
from dashboard.inspection.engine.isolation import isolate
from models.classifier import Classifier
from models.runtime.randomness import fork_rng

# Not one that anybody trains with: an untrained network would draw the weights again that it has.
SEED = 20181003


def randomise(classifier: Classifier, inputs: np.ndarray) -> Classifier:
    """The same network with random weights, its own.

    Layers draw their first weights again. What belongs to no layer that could (a class token) is shuffled.
    Batch norms then take the statistics of the picture and its baselines, as they would at the start of training:
    without them signals die out within a few layers, and with those of the trained network they explode.

    Args:
        classifier: shared; not changed.
        inputs: (C, H, W), normalised.

    Reference:
        Adebayo, Gilmer, Muelly, Goodfellow, Hardt and Kim 2018, Sanity Checks for Saliency Maps.
    """
    module = isolate(classifier.module, own_weights=True)
    with fork_rng(SEED), torch.no_grad():
        for layer in module.modules():
            reset = getattr(layer, "reset_parameters", None)
            if callable(reset):
                reset()
                continue
            for parameter in layer.parameters(recurse=False):
                parameter.copy_(parameter.flatten()[torch.randperm(parameter.numel())].view_as(parameter))
        picture = torch.tensor(inputs)[None]
        _settle(module, torch.cat([picture, all_baselines(picture, classifier.preprocessing)]))
    return dataclasses.replace(classifier, module=module)


def _settle(module: nn.Module, batch: Tensor) -> None:
    """Give batch norms the statistics of a batch."""
    norms = [
        layer for layer in module.modules() if isinstance(layer, _BatchNorm) and layer.track_running_stats
    ]
    if not norms:
        return
    momenta = [layer.momentum for layer in norms]
    for layer in norms:
        layer.training, layer.momentum = True, 1.0
    module(batch)
    for layer, momentum in zip(norms, momenta, strict=True):
        layer.training, layer.momentum = False, momentum


def rank_correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Spearman's rank correlation of two maps' sizes; 0 where one of them has no order."""
    ranks = [_ranks(np.abs(values).ravel()) for values in (one, other)]
    return 0.0 if any(np.ptp(each) == 0 for each in ranks) else float(np.corrcoef(ranks)[0, 1])


def _ranks(values: np.ndarray) -> np.ndarray:
    """The place of each value in ascending order; equal ones share their mean place."""
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[which])
