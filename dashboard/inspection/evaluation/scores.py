"""Accuracy, and precision, recall and F1 of each class."""

from __future__ import annotations

import numpy as np

from dashboard.records.evaluation import ClassScores, Rate

SURE = 0.95
FIVE = 5


def rate(right: int, count: int) -> Rate:
    """A share with Wilson's 95 % interval, which also holds for few pictures and near 0 and 1.

    Args:
        right: how many, at most `count`.
        count: at least one.

    Reference: Wilson, Probable inference, the law of succession, and statistical inference, 1927.
    """
    from scipy.stats import binomtest

    interval = binomtest(right, count).proportion_ci(SURE, method="wilson")
    return Rate(right, count, float(interval.low), float(interval.high))


def top5_accuracy(logits: np.ndarray, labels: np.ndarray) -> float | None:
    """Share of the pictures whose class is among the five largest logits; None where that is half the classes.

    Args:
        logits: (N, classes).
        labels: (N,).
    """
    if logits.shape[1] <= 2 * FIVE:
        return None
    own = logits[np.arange(len(labels)), labels]
    return float(((logits > own[:, None]).sum(1) < FIVE).mean())


def confusion(labels: np.ndarray, predicted: np.ndarray, classes: int) -> np.ndarray:
    """Pictures of the row's class that are called the column's, (classes, classes) int32."""
    from sklearn.metrics import confusion_matrix

    return np.asarray(confusion_matrix(labels, predicted, labels=range(classes)), dtype=np.int32)


def class_scores(labels: np.ndarray, predicted: np.ndarray, classes: int) -> ClassScores:
    """Precision, recall and F1 of each class; NaN where there is nothing to count."""
    from sklearn.metrics import precision_recall_fscore_support

    precision, recall, f1, support = precision_recall_fscore_support(
        labels, predicted, labels=range(classes), zero_division=np.nan
    )
    return ClassScores(
        precision=np.asarray(precision, dtype=np.float64),
        recall=np.asarray(recall, dtype=np.float64),
        f1=np.asarray(f1, dtype=np.float64),
        support=np.asarray(support, dtype=np.int64),
        called=np.bincount(predicted, minlength=classes).astype(np.int64),
    )


def confused_pairs(matrix: np.ndarray, most: int) -> list[tuple[int, int]]:
    """The pairs of classes that are confused most often: the true one and what it is called, most often first.

    Args:
        matrix: (classes, classes) of counts.
        most: how many pairs at most.
    """
    wrong = matrix.copy()
    np.fill_diagonal(wrong, 0)
    order = np.argsort(-wrong, axis=None, kind="stable")[:most]
    pairs = np.stack(np.unravel_index(order, wrong.shape), 1)
    return [(int(row), int(column)) for row, column in pairs if wrong[row, column]]
