"""What a concept does to a class: its direction among the channels of a layer, and whether a score grows along it.

TCAV (Kim et al. 2018), with three differences. A direction is ridge regression in closed form, over activations that
are pooled over places. A concept is held against concepts drawn at random from pictures of the same kind, by its rank
among them: the t-test of the paper takes random sets for significant. And nothing is kept on disk.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from dashboard.inspection.engine.capture import channel_maps, watch
from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.progress import Progress, each, ignore, within
from dashboard.records.network import LayerCall
from dashboard.records.whatif import Concepts, ConceptScore
from models.classifier import Classifier

# Sets of pictures drawn at random that each concept is told from.
OPPOSITES = 20
# Concepts drawn at random: a rank among so many can pass Holm's correction for sixteen questions.
RANDOM = 399
FEWEST_PICTURES = 30
FEWEST_OF_CLASS = 20
BATCH = 32
# Of the mean square of the activations, what ridge regression adds.
RIDGE = 0.1
# Directions that are solved for at once.
AT_ONCE = 500
SEED = 0
NEAREST = 5
SHOWN = 6


def pooled(
    classifier: Classifier, calls: Sequence[LayerCall], inputs: Tensor, progress: Progress = ignore
) -> dict[str, np.ndarray]:
    """The channels of some layers, each the mean of its places: name -> (N, D) float64.

    Args:
        classifier: shared; not changed.
        calls: of a survey of its network.
        inputs: (N, C, H, W), normalised.
        progress: called before each batch.
    """
    network, kept = isolate(classifier.module), {call.name: [] for call in calls}  # type: ignore[var-annotated]
    count = 0

    def read(call: LayerCall, output: Tensor) -> None:
        kept[call.name].append(channel_maps(output.detach(), call, count).double().flatten(2).mean(2))

    watch(network, calls, read)
    size = 1 if classifier.contract.singly else BATCH
    for start in each(range(0, len(inputs), size), progress):
        batch = inputs[start : start + size]
        count = len(batch)
        with torch.no_grad():
            network(batch)
    return {name: torch.cat(parts).numpy() for name, parts in kept.items()}


def class_gradients(
    classifier: Classifier,
    calls: Sequence[LayerCall],
    inputs: Tensor,
    target: int,
    progress: Progress = ignore,
) -> dict[str, np.ndarray]:
    """How a logit grows with each channel of some layers, in all its places at once: name -> (N, D) float64.

    Args:
        classifier: shared; not changed.
        calls: of a survey of its network, reached by the logit's gradient.
        inputs: (N, C, H, W), normalised.
        target: class index.
        progress: called before each batch.
    """
    network, kept = isolate(classifier.module), {call.name: [] for call in calls}  # type: ignore[var-annotated]
    outputs: dict[str, Tensor] = {}
    watch(network, calls, lambda call, output: outputs.__setitem__(call.name, output))
    size = 1 if classifier.contract.singly else BATCH
    for start in each(range(0, len(inputs), size), progress):
        batch = inputs[start : start + size].clone().requires_grad_()
        with torch.enable_grad():
            logits = network(batch)
            gradients = torch.autograd.grad(
                logits[:, target].sum(), [outputs[call.name] for call in calls], allow_unused=True
            )
        for call, gradient in zip(calls, gradients, strict=True):
            grown = torch.zeros_like(outputs[call.name]) if gradient is None else gradient
            kept[call.name].append(channel_maps(grown, call, len(batch)).double().flatten(2).sum(2))
    return {name: torch.cat(parts).numpy() for name, parts in kept.items()}


def directions(gram: np.ndarray, sets: np.ndarray, against: np.ndarray) -> np.ndarray:
    """Ridge directions that tell sets from others, each as weights of the pictures: (B, 2 N).

    A direction is these weights times the activations of its pictures, those of the set before those of the other.

    Args:
        gram: (P, P), products of the activations of all pictures.
        sets: (B, N) places of the pictures of each.
        against: (B, N) those that it is told from.
    """
    members = np.concatenate([sets, against], axis=1)
    count = members.shape[1]
    signs = np.repeat([1.0, -1.0], [sets.shape[1], against.shape[1]])
    signs -= signs.mean()
    parts = []
    for start in range(0, len(members), AT_ONCE):
        rows = members[start : start + AT_ONCE]
        own = gram[rows[:, :, None], rows[:, None, :]]
        own = own - own.mean(1, keepdims=True) - own.mean(2, keepdims=True) + own.mean((1, 2), keepdims=True)
        size = np.trace(own, axis1=1, axis2=2) / count
        # A layer that answers all pictures alike has no direction.
        ridge = RIDGE * np.where(size > 0, size, 1)[:, None, None] * np.eye(count)
        weights = np.linalg.solve(own + ridge, np.broadcast_to(signs[:, None], (len(rows), count, 1)))[..., 0]
        parts.append(weights - weights.mean(1, keepdims=True))
    return np.concatenate(parts)


def growth(
    gram: np.ndarray, gradients: np.ndarray, members: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """How the class's score grows along each direction, of length 1: the share of pictures where it does, and the mean.

    Args:
        gram: (P, P), products of the activations of all pictures.
        gradients: (M, P), products of the class's gradients and these activations.
        members: (B, 2 N), places of the pictures of each direction.
        weights: (B, 2 N), of them.

    Returns:
        Shares in [0, 1] and means, both (B,).
    """
    shares, means = [], []
    for start in range(0, len(members), AT_ONCE):
        rows, own = members[start : start + AT_ONCE], weights[start : start + AT_ONCE]
        grown = np.einsum("mbn,bn->mb", gradients[:, rows], own)
        squares = np.einsum("bn,bnk,bk->b", own, gram[rows[:, :, None], rows[:, None, :]], own)
        shares.append((grown > 0).mean(0))
        means.append(grown.mean(0) / np.sqrt(np.maximum(squares, np.finfo(float).tiny)))
    return np.concatenate(shares), np.concatenate(means)


def rank(score: float, random: np.ndarray) -> float:
    """How often a random concept is as far from their mean as this score, both ways, in (0, 1]."""
    middle = random.mean()
    farther = np.abs(random - middle) >= abs(score - middle) - 1e-12
    return float((1 + farther.sum()) / (1 + len(random)))


def holm(values: Sequence[float]) -> list[float]:
    """Probabilities after Holm's correction for all of them together, in their order."""
    order = np.argsort(values, kind="stable")
    adjusted, least = np.ones(len(values)), 0.0
    for place, index in enumerate(order):
        least = max(least, min(1.0, (len(values) - place) * values[index]))
        adjusted[index] = least
    return [float(value) for value in adjusted]


def score_concepts(
    classifier: Classifier,
    calls: Sequence[LayerCall],
    concepts: Mapping[str, np.ndarray],
    random: np.ndarray,
    class_inputs: np.ndarray,
    others: np.ndarray,
    *,
    target: int,
    count: int = RANDOM,
    progress: Progress = ignore,
) -> Concepts:
    """What each concept does to a class at each layer.

    Args:
        classifier: shared; not changed. A gradient must reach its layers.
        calls: of a survey of its network.
        concepts: name -> (n, C, H, W), normalised, at least FEWEST_PICTURES.
        random: (r, C, H, W), pictures of the same kind, at least twice as many as the smallest concept has.
        class_inputs: (M, C, H, W), pictures of the class, at least FEWEST_OF_CLASS.
        others: (K, C, H, W), pictures that are put in order by how much of a concept they hold.
        target: class index.
        count: of random concepts.
        progress: called before each step.
    """
    started = time.perf_counter()
    names = tuple(concepts)
    size = min(*(len(pictures) for pictures in concepts.values()), len(random) // 2)
    everything = np.concatenate([random, *(concepts[name][:size] for name in names), others])
    values = pooled(classifier, calls, torch.from_numpy(everything), within(progress, 0.0, 0.4))
    slopes = class_gradients(
        classifier, calls, torch.from_numpy(class_inputs), target, within(progress, 0.4, 0.6)
    )
    generator = np.random.default_rng(SEED)
    # A random concept and all that it is told from share no picture.
    drawn = np.stack([generator.permutation(len(random))[: 2 * size] for _ in range(count * OPPOSITES)])
    own = drawn.reshape(count, OPPOSITES, 2 * size).copy()
    own[:, :, :size] = own[:, :1, :size]
    for row in own:
        free = np.setdiff1d(np.arange(len(random)), row[0, :size])
        row[:, size:] = [generator.choice(free, size, replace=False) for _ in range(OPPOSITES)]
    opposites = np.stack([generator.choice(len(random), size, replace=False) for _ in range(OPPOSITES)])
    found: list[tuple[str, str, float, np.ndarray, np.ndarray]] = []
    ps: list[float] = []
    for call in each(list(calls), within(progress, 0.6, 1.0)):
        rows = values[call.name]
        used = rows[: len(random) + size * len(names)]
        gram, grown = used @ used.T, slopes[call.name] @ used.T
        sets = own.reshape(-1, 2 * size)
        weights = directions(gram, sets[:, :size], sets[:, size:])
        by_chance, sizes = (
            each_set.reshape(count, OPPOSITES).mean(1) for each_set in growth(gram, grown, sets, weights)
        )
        for place, name in enumerate(names):
            first = len(random) + place * size
            concept = np.broadcast_to(np.arange(first, first + size), opposites.shape)
            weights = directions(gram, concept, opposites)
            members = np.concatenate([concept, opposites], axis=1)
            direction = np.einsum("bn,bnd->d", weights, used[members])
            score, effect = (float(values_.mean()) for values_ in growth(gram, grown, members, weights))
            found.append((name, call.name, score, by_chance, direction))
            ps.append(rank(effect, sizes))
    scores = tuple(
        ConceptScore(name, layer, score, by_chance, p, adjusted, *_nearest(direction))
        for (name, layer, score, by_chance, direction), p, adjusted in zip(found, ps, holm(ps), strict=True)
    )
    last = calls[-1].name
    orders = [
        np.argsort(-(values[last][-len(others) :] @ direction), kind="stable")
        for _, layer, _, _, direction in found
        if layer == last
    ]
    return Concepts(
        scores=scores,
        layers=tuple(call.name for call in calls),
        names=names,
        pictures=size,
        class_pictures=len(class_inputs),
        opposites=OPPOSITES,
        strongest=tuple(tuple(int(at) for at in order[:SHOWN]) for order in orders),
        weakest=tuple(tuple(int(at) for at in order[::-1][:SHOWN]) for order in orders),
        seconds=time.perf_counter() - started,
    )


def _nearest(direction: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The channels that a direction weighs most, and their weights, in units of the largest."""
    order = np.argsort(-np.abs(direction), kind="stable")[:NEAREST]
    largest = float(np.abs(direction).max()) or 1.0
    return order, direction[order] / largest
