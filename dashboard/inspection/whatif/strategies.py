"""In how many ways a network decides for a class: its maps over many pictures of it, told into groups.

Spectral relevance analysis (Lapuschkin et al. 2019): maps are made small, each is joined with those most like it, and
the groups are those of the graph's Laplacian; how many there are is where its eigenvalues have their largest gap.
"""

from __future__ import annotations

import time

import numpy as np
import torch
from scipy.linalg import eigh
from scipy.sparse.csgraph import laplacian
from scipy.spatial.distance import cdist

from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.progress import Progress, each, ignore
from dashboard.records.whatif import Strategies
from models.classifier import Classifier
from models.runtime.errors import UserError

# Sides of a small map.
SIDE = 14
FEWEST = 30
# Groups that are told apart at most, and the neighbours that each map is joined with.
MOST, NEIGHBOURS = 6, 8
BATCH = 32
SEED = 0
# Pictures of a group that are shown.
SHOWN = 6
# Of what speaks for the class, the share whose place is measured.
MOST_OF_IT = 0.5


def small_maps(
    classifier: Classifier, inputs: np.ndarray, target: int, progress: Progress = ignore
) -> np.ndarray:
    """What speaks for a class in each picture, (N, side, side), each of sum 1; zeros where nothing does.

    It is the gradient of the logit times what the picture has beyond black, added up over the places of a small map.

    Args:
        classifier: shared; not changed. A gradient must reach its pictures.
        inputs: (N, C, H, W), normalised.
        target: class index.
        progress: called before each batch.
    """
    network, reads = isolate(classifier.module), classifier.preprocessing
    black = torch.from_numpy(reads.normalised(np.zeros(inputs.shape[1:]))).float()
    side = min(SIDE, *inputs.shape[2:])
    parts = []
    for start in each(range(0, len(inputs), BATCH), progress):
        batch = torch.from_numpy(inputs[start : start + BATCH]).float().requires_grad_()
        with torch.enable_grad():
            (gradient,) = torch.autograd.grad(network(batch)[:, target].sum(), batch)
        relevance = (gradient * (batch.detach() - black)).sum(1, keepdim=True)
        parts.append(torch.nn.functional.adaptive_avg_pool2d(relevance, side)[:, 0])
    positive = np.clip(np.nan_to_num(torch.cat(parts).double().numpy()), 0, None)
    total = positive.sum((1, 2), keepdims=True)
    return np.asarray(np.divide(positive, total, out=np.zeros_like(positive), where=total > 0))


def group(maps: np.ndarray, count: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Groups of maps, (N,) int64 from 0, the largest first, and the smallest eigenvalues of their graph's Laplacian.

    Args:
        maps: (N, ...), more than MOST.
        count: of groups, at most MOST; 0 puts it where the eigenvalues have their largest gap.
    """
    # The root makes distances those of Hellinger, in which no single place outweighs all others.
    # Imported here: it takes a second, and other views of the page do without.
    from sklearn.cluster import KMeans

    rows = np.sqrt(maps.reshape(len(maps), -1))
    distances = cdist(rows, rows)
    np.fill_diagonal(distances, np.inf)
    near = np.argsort(distances, axis=1, kind="stable")[:, :NEIGHBOURS]
    joined = np.zeros_like(distances)
    np.put_along_axis(joined, near, 1.0, axis=1)
    whole = laplacian((joined + joined.T) / 2, normed=True)
    values, vectors = eigh(whole, subset_by_index=[0, MOST])
    count = count or int(np.diff(values).argmax()) + 1
    if count == 1:
        return np.zeros(len(maps), np.int64), values
    own = vectors[:, :count]
    own = own / np.maximum(np.linalg.norm(own, axis=1, keepdims=True), np.finfo(float).tiny)
    labels = KMeans(count, n_init=10, random_state=SEED).fit_predict(own)
    order = np.argsort(-np.bincount(labels, minlength=count), kind="stable")
    return np.argsort(order)[labels].astype(np.int64), values


def find_strategies(
    classifier: Classifier,
    inputs: np.ndarray,
    pictures: np.ndarray,
    target: int,
    *,
    count: int = 0,
    progress: Progress = ignore,
) -> Strategies:
    """In how many ways a class is decided for.

    Args:
        classifier: shared; not changed. A gradient must reach its pictures.
        inputs: (N, C, H, W), normalised, of at least FEWEST pictures.
        pictures: (N,) their places in a pool.
        target: class index.
        count: of groups; 0 leaves it to the eigenvalues.
        progress: called before each batch.

    Raises:
        UserError: if too few of the pictures have anything that speaks for the class.
    """
    started = time.perf_counter()
    maps = small_maps(classifier, inputs, target, progress)
    speaks = maps.any((1, 2))
    if speaks.sum() < FEWEST:
        raise UserError(
            f"Only in {int(speaks.sum())} pictures anything speaks for the class, and it takes {FEWEST}."
        )
    maps = maps[speaks]
    groups, values = group(maps, count)
    means = np.stack([maps[groups == number].mean(0) for number in range(groups.max() + 1)])
    return Strategies(
        maps=maps.astype(np.float32),
        rows=np.flatnonzero(speaks),
        pictures=pictures[speaks],
        groups=groups,
        eigenvalues=values,
        means=means,
        areas=np.array([area(mean) for mean in means]),
        typical=tuple(_typical(maps, groups == number, mean) for number, mean in enumerate(means)),
        places=principal_places(maps),
        silent=int((~speaks).sum()),
        seconds=time.perf_counter() - started,
    )


def area(mean: np.ndarray, share: float = MOST_OF_IT) -> float:
    """The least part of a map, in (0, 1], that holds so much of its sum."""
    values = np.sort(mean.ravel())[::-1]
    return float((np.searchsorted(values.cumsum(), share * values.sum()) + 1) / values.size)


def principal_places(maps: np.ndarray) -> np.ndarray:
    """Where maps lie along the two axes in which they vary most, (N, 2)."""
    rows = np.sqrt(maps.reshape(len(maps), -1))
    rows = rows - rows.mean(0)
    _, _, axes = np.linalg.svd(rows, full_matrices=False)
    return np.asarray(rows @ axes[:2].T)


def _typical(maps: np.ndarray, members: np.ndarray, mean: np.ndarray) -> tuple[int, ...]:
    """Rows of the members nearest to the mean, the nearest first."""
    rows = np.flatnonzero(members)
    distances = ((np.sqrt(maps[rows]) - np.sqrt(mean)) ** 2).sum((1, 2))
    return tuple(int(row) for row in rows[np.argsort(distances, kind="stable")[:SHOWN]])
