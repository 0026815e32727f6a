"""A decision tree that imitates a network's answers, grown by scikit-learn and measured on pictures held out."""

from __future__ import annotations

import dataclasses
import time
from collections import Counter
from typing import Any

import numpy as np

from dashboard.inspection.engine.progress import Progress, ignore
from dashboard.inspection.surrogate.features import Features
from dashboard.records.surrogate import DEEPEST, ClassAgreement, Fidelity, Readings, Surrogate, Tree

# A leaf stands for at least so many pictures: less is an anecdote and no rule.
FEWEST_IN_A_LEAF = 5
# Pictures held out with one answer below which the agreement on it is no more than a hint.
FEW_OF_AN_ANSWER = 10
# Of questions that divide the pictures equally well, scikit-learn takes one by chance.
SEED = 0


def grow(readings: Readings, features: Features, progress: Progress = ignore) -> Surrogate:
    """A tree that imitates the network on the pictures that are not held out, and its fidelity at each depth.

    It is grown once, to the full depth. A tree is grown from its root, so what is left of it when it is cut is
    the tree of a smaller depth.

    Args:
        readings: with pictures of both kinds.
        features: of the same pictures.
        progress: told the share done; what it raises ends the work.

    Reference:
        Craven and Shavlik 1996, Extracting Tree-Structured Representations of Trained Networks, NeurIPS 8.
    """
    # Imported where it is used: the app is up without it.
    from sklearn.tree import DecisionTreeClassifier

    started = time.perf_counter()
    kept = ~readings.held_out
    values = features.values.astype(np.float32)
    model = DecisionTreeClassifier(max_depth=DEEPEST, min_samples_leaf=FEWEST_IN_A_LEAF, random_state=SEED)
    model.fit(values[kept], readings.answers[kept])
    progress(0.8)
    tree, nodes = _record(model, readings, features, values)
    progress(0.9)
    known = readings.held_out & (readings.labels >= 0)
    return Surrogate(
        tree=tree,
        readings=readings,
        nodes=nodes,
        fidelity=tuple(_fidelity(tree, nodes, readings, depth) for depth in range(DEEPEST + 1)),
        network_right=_share(readings.answers[known] == readings.labels[known]),
        seconds=time.perf_counter() - started,
    )


def _record(
    model: Any, readings: Readings, features: Features, values: np.ndarray
) -> tuple[Tree, np.ndarray]:
    """The tree as a record, and the nodes of all pictures."""
    fitted = model.tree_
    bare = Tree(
        names=features.names,
        short=features.short,
        decimals=features.decimals,
        feature=np.maximum(fitted.feature, -1).astype(np.int64),
        threshold=fitted.threshold.copy(),
        left=fitted.children_left.astype(np.int64),
        right=fitted.children_right.astype(np.int64),
        depth=_depths(fitted.children_left, fitted.children_right),
        classes=model.classes_.astype(np.int64),
        counts=np.empty(0),
        means=np.empty(0),
    )
    nodes = bare.walk(values)
    kept = ~readings.held_out
    ends = nodes[kept, -1]
    counts = np.zeros((len(bare.feature), len(bare.classes)), np.int64)
    np.add.at(counts, (ends, np.searchsorted(bare.classes, readings.answers[kept])), 1)
    sums = np.zeros((len(counts), *readings.pictures.shape[1:]), np.int64)
    np.add.at(sums, ends, readings.pictures[kept])
    for node in range(len(counts) - 1, -1, -1):  # children come behind their parent
        if bare.left[node] >= 0:
            for child in (bare.left[node], bare.right[node]):
                counts[node] += counts[child]
                sums[node] += sums[child]
    pictures = np.maximum(counts.sum(1), 1).reshape(-1, 1, 1, 1)
    means = np.rint(sums / pictures).astype(np.uint8)
    return dataclasses.replace(bare, counts=counts, means=means), nodes.astype(np.int32)


def _depths(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    depths = np.zeros(len(left), np.int64)
    for node in np.flatnonzero(left >= 0):
        depths[left[node]] = depths[right[node]] = depths[node] + 1
    return depths


def _fidelity(tree: Tree, nodes: np.ndarray, readings: Readings, depth: int) -> Fidelity:
    says, held_out = tree.answers(nodes[:, depth]), readings.held_out
    same = says == readings.answers
    known = held_out & (readings.labels >= 0)
    return Fidelity(
        depth=depth,
        leaves=tree.leaves(depth),
        held_out=float(same[held_out].mean()),
        grown=float(same[~held_out].mean()),
        kappa=kappa(says[held_out], readings.answers[held_out]),
        right=_share(says[known] == readings.labels[known]),
        worst=min(
            (row for row in _agreements(readings, says) if row.pictures >= FEW_OF_AN_ANSWER),
            key=lambda row: row.share,
            default=None,
        ),
    )


def kappa(one: np.ndarray, other: np.ndarray) -> float:
    """Agreement of two lists of class indices beyond chance; 0 where both always name the same single class.

    Reference:
        Cohen 1960, A Coefficient of Agreement for Nominal Scales, Educational and Psychological Measurement 20.
    """
    classes = np.union1d(one, other)
    shares = [(row[:, None] == classes).mean(0) for row in (one, other)]
    chance = float(shares[0] @ shares[1])
    agreed = float((one == other).mean())
    return (agreed - chance) / (1 - chance) if chance < 1 else 0.0


def _share(truths: np.ndarray) -> float | None:
    return float(truths.mean()) if len(truths) else None


def class_agreements(surrogate: Surrogate, depth: int) -> list[ClassAgreement]:
    """Agreement on the pictures held out, one for each answer of the network, by class index."""
    return _agreements(surrogate.readings, surrogate.says(depth))


def _agreements(readings: Readings, says: np.ndarray) -> list[ClassAgreement]:
    held_out = readings.held_out
    network, says = readings.answers[held_out], says[held_out]
    rows = []
    for answer in np.unique(network):
        here = says[network == answer]
        others = Counter(here[here != answer].tolist()).most_common(1)
        rows.append(
            ClassAgreement(
                answer=int(answer),
                pictures=len(here),
                agreed=int((here == answer).sum()),
                instead=others[0][0] if others else None,
            )
        )
    return rows


def disagreements(surrogate: Surrogate, depth: int) -> np.ndarray:
    """Places in the readings of the pictures held out on which tree and network differ, the surest of the tree first.

    The tree is sure where most of the pictures in its leaf have the answer that it names.
    """
    differ = np.flatnonzero(
        surrogate.readings.held_out & (surrogate.says(depth) != surrogate.readings.answers)
    )
    counts = surrogate.tree.counts[surrogate.nodes[differ, depth]]
    return np.asarray(differ[np.argsort(-counts.max(1) / counts.sum(1), kind="stable")])
