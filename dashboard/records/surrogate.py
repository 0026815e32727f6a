"""Records of a surrogate: a decision tree that imitates a network, and how well it does at each depth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.records.arrays import ArrayRecord

# A tree asks at most this many questions of one picture.
DEEPEST = 10


@dataclass(frozen=True, eq=False)
class Readings(ArrayRecord):
    """Many pictures as a tree may read them, and what the network answers to each.

    Attributes:
        numbers: (n,) int64, place of each picture in its pool.
        held_out: (n,) whether the tree is measured with it; it is grown with the others.
        pictures: (n, h, w, c) uint8, as the network sees them, one channel where they are grey; scaled down where
            they are large.
        answers: (n,) int64, class index of the largest logit.
        labels: (n,) int64, class index of the truth; -1 where nobody said.
        units: (n, C) float32, mean over all places of each channel of a layer; no columns where none is read.
        seconds: that the pass took.
    """

    numbers: np.ndarray
    held_out: np.ndarray
    pictures: np.ndarray
    answers: np.ndarray
    labels: np.ndarray
    units: np.ndarray
    seconds: float


@dataclass(frozen=True, eq=False)
class Tree(ArrayRecord):
    """A binary tree of questions, grown to the full depth; cut at a smaller one it is the tree of that depth.

    A picture goes left where its feature is at most the threshold, as in scikit-learn.

    Attributes:
        names: of the features, as a sentence has them.
        short: of the features, as a drawing has them.
        decimals: that a value is told with; None for three significant digits.
        feature: (m,) int64, which each node asks about; -1 at a leaf.
        threshold: (m,) float64, in the units of the feature; at or below it a picture goes left.
        left: (m,) int64, -1 at a leaf; both children come behind their parent.
        right: (m,) int64, -1 at a leaf.
        depth: (m,) int64, questions asked before.
        classes: (K,) int64, class indices of the answers that the tree knows.
        counts: (m, K) int64, pictures that it was grown with, by the network's answer.
        means: (m, h, w, c) uint8, mean of these pictures.
    """

    names: tuple[str, ...]
    short: tuple[str, ...]
    decimals: int | None
    feature: np.ndarray
    threshold: np.ndarray
    left: np.ndarray
    right: np.ndarray
    depth: np.ndarray
    classes: np.ndarray
    counts: np.ndarray
    means: np.ndarray

    def walk(self, values: np.ndarray) -> np.ndarray:
        """Where pictures are after each number of questions: (n, F) float32 -> (n, DEEPEST + 1) nodes.

        Who has arrived at a leaf stays there.
        """
        nodes = np.zeros((len(values), DEEPEST + 1), np.int64)
        rows = np.arange(len(values))
        for asked in range(DEEPEST):
            here = nodes[:, asked]
            small = values[rows, self.feature[here]] <= self.threshold[here]
            onward = np.where(small, self.left[here], self.right[here])
            nodes[:, asked + 1] = np.where(self.left[here] < 0, here, onward)
        return nodes

    def answers(self, nodes: np.ndarray) -> np.ndarray:
        """The class that a tree which ends at these nodes names: class indices, of the same shape."""
        return np.asarray(self.classes[self.counts.argmax(1)][nodes])

    def ends(self, node: int, depth: int) -> bool:
        """Whether the tree of that depth asks nothing more at a node."""
        return bool(self.left[node] < 0 or self.depth[node] >= depth)

    def leaves(self, depth: int) -> int:
        """Leaves of the tree of that depth."""
        return int(((self.depth == depth) | ((self.left < 0) & (self.depth < depth))).sum())

    def descendants(self, node: int, depth: int) -> int:
        """How many nodes lie under one, of the tree of that depth."""
        if self.ends(node, depth):
            return 0
        children = int(self.left[node]), int(self.right[node])
        return sum(1 + self.descendants(child, depth) for child in children)


@dataclass(frozen=True)
class ClassAgreement:
    """Agreement on the pictures to which the network gives one answer.

    Attributes:
        answer: class index of the network's answer.
        pictures: how many of those held out.
        agreed: to how many of them the tree gives the same answer.
        instead: class index that the tree most often names where it does not; None where it always agrees.
    """

    answer: int
    pictures: int
    agreed: int
    instead: int | None

    @property
    def share(self) -> float:
        """The share of them, in [0, 1]."""
        return self.agreed / self.pictures


@dataclass(frozen=True)
class Fidelity:
    """How well the tree of one depth imitates the network.

    Attributes:
        depth: of the tree; at 0 it always names the network's commonest answer.
        leaves: of the tree.
        held_out: share, in [0, 1], of the pictures held out to which tree and network give the same answer.
        grown: the same share of the pictures that it was grown with.
        kappa: Cohen's, in [-1, 1], of the pictures held out: 0 where they agree as often as chance, 1 where always.
        right: share of the labelled pictures held out that the tree gets right; None where none is labelled.
        worst: the answer on which they agree least, of those with pictures enough to say so; None without such.
    """

    depth: int
    leaves: int
    held_out: float
    grown: float
    kappa: float
    right: float | None
    worst: ClassAgreement | None = None


@dataclass(frozen=True, eq=False)
class Surrogate(ArrayRecord):
    """A tree, the pictures behind it, and its fidelity at every depth.

    Attributes:
        tree: the tree.
        readings: that it was grown with and is measured with.
        nodes: (n, DEEPEST + 1), where each picture is after each number of questions.
        fidelity: of the trees of depth 0 to DEEPEST.
        network_right: share of the labelled pictures held out that the network gets right; None where none is.
        seconds: that growing and measuring took.
    """

    tree: Tree
    readings: Readings
    nodes: np.ndarray
    fidelity: tuple[Fidelity, ...]
    network_right: float | None
    seconds: float

    def says(self, depth: int) -> np.ndarray:
        """(n,) class indices that the tree of that depth names."""
        return self.tree.answers(self.nodes[:, depth])

    @property
    def held_out(self) -> int:
        """How many pictures are held out."""
        return int(self.readings.held_out.sum())

    @property
    def grown(self) -> int:
        """How many pictures the tree was grown with."""
        return len(self.readings.held_out) - self.held_out
