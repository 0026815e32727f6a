"""The exact influence of pictures on a network's head: what leaving one out would do, and what it does for real.

Koh and Liang 2017, for the last layer alone, where the Hessian is exact and has a minimum to stand at: the head is
fitted again to its features by multinomial regression with a ridge. Leaving a picture out takes its own curvature away
as well (a rank-C change of the Hessian), so that for a quadratic loss nothing is approximate.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import torch
from scipy.linalg import cho_factor, cho_solve
from scipy.special import log_softmax, logsumexp, softmax
from scipy.stats import spearmanr
from torch import nn

from dashboard.inspection.engine.progress import Progress, each, ignore, within
from dashboard.records.embedding import Features
from dashboard.records.influence import Checked, FittedHead, Influence
from models.classifier import Classifier
from models.runtime.errors import UserError

# Times the number of pictures, the ridge: heads of ours so fitted answer 99 % of their pictures as the network does.
RIDGE = 1e-3
# Numbers of a head, beyond which its Hessian is too large to be exact.
MOST_NUMBERS = 5000
# Of a network's answers, so many must be those of its head over these features.
OWN_ANSWERS = 0.99
# Pictures that are left out for real, half of them from the ends.
CHECKED = 20
# Below this correlation with what is so, nothing is drawn.
FEWEST_AGREE = 0.8
# Newton steps of a fit, and how many share a Hessian; where one picture is left out, it hardly changes.
MOST_STEPS, SHARED, REUSED = 400, 8, 40
# A gradient so small, in units of the sum of the features' sizes, is none.
FLAT = 1e-12


def head_weights(classifier: Classifier, name: str) -> np.ndarray:
    """The weights of a linear layer, its bias behind them: (C, D + 1) float64."""
    layer = classifier.module.get_submodule(name)
    assert isinstance(layer, nn.Linear)
    bias = torch.zeros(len(layer.weight)) if layer.bias is None else layer.bias
    return np.asarray(torch.cat([layer.weight, bias[:, None]], dim=1).detach().double().numpy())


def fit_head(
    features: Features, labels: np.ndarray, weights: np.ndarray, progress: Progress = ignore
) -> FittedHead:
    """Fit a head to the end, by Newton's method from where the network's own stands.

    Args:
        features: what the head reads of the pictures that it learned from.
        labels: (N,) int64, their classes.
        weights: (C, D + 1) of the network's head, its bias behind.
        progress: called before each step.

    Raises:
        UserError: if the network's answers are not those of this head, or it has too many numbers.
    """
    started = time.perf_counter()
    rows = with_one(features.values)
    if weights.size > MOST_NUMBERS:
        raise UserError(
            f"Its head has {weights.size:,} numbers, and what leaving a picture out does is exact up to "
            f"{MOST_NUMBERS:,}."
        )
    if ((rows @ weights.T).argmax(1) == features.answers).mean() < OWN_ANSWERS:
        raise UserError(
            "Its answers are not made by one linear layer, and only of that is the influence exact."
        )
    ridge, truth = RIDGE * len(rows), np.eye(len(weights))[labels]
    size, factor = float(np.abs(rows).sum()), np.empty(0)
    for step in each(range(MOST_STEPS), within(progress, 0.0, 0.7)):
        answers = softmax(rows @ weights.T, axis=1)
        slope = (answers - truth).T @ rows + ridge * weights
        if np.abs(slope).max() <= FLAT * size:
            break
        if not step % SHARED:
            factor = factorise(rows, answers, ridge)
        weights = _descend(rows, labels, ridge, weights, slope, cho_solve((factor, True), slope.ravel()))
    else:
        raise UserError(
            "The head could not be fitted to the end, so what leaving a picture out does is not known."
        )
    progress(0.7)
    factor = factorise(rows, answers, ridge)
    curvatures = answers[:, :, None] * (np.eye(len(weights)) - answers[:, None, :])
    return FittedHead(
        features=rows,
        labels=labels,
        pictures=features.pictures,
        weights=weights,
        ridge=ridge,
        factor=factor,
        pushes=leave_out(factor, rows, answers - truth, curvatures, within(progress, 0.7, 1.0)),
        agreement=float((answers.argmax(1) == features.answers).mean()),
        seconds=time.perf_counter() - started,
    )


def with_one(values: np.ndarray) -> np.ndarray:
    """Features with a one behind them, for the bias: (N, D) -> (N, D + 1) float64."""
    return np.concatenate([values.astype(np.float64), np.ones((len(values), 1))], axis=1)


def loss(rows: np.ndarray, labels: np.ndarray, ridge: float, weights: np.ndarray) -> float:
    """What a head is fitted to make least: cross entropy, and the ridge."""
    own = log_softmax(rows @ weights.T, axis=1)[np.arange(len(rows)), labels]
    return float(-own.sum() + ridge / 2 * (weights**2).sum())


def _descend(
    rows: np.ndarray,
    labels: np.ndarray,
    ridge: float,
    weights: np.ndarray,
    slope: np.ndarray,
    step: np.ndarray,
) -> np.ndarray:
    """The weights a Newton step on, or a part of it, where the loss is lower."""
    whole, before, share = step.reshape(weights.shape), loss(rows, labels, ridge, weights), 1.0
    # A step that is lost in rounding is as good as any.
    while share > 1e-3 and loss(rows, labels, ridge, weights - share * whole) > before - 1e-4 * share * float(
        (slope * whole).sum()
    ) + 1e-12 * abs(before):
        share /= 2
    return np.asarray(weights - share * whole)


def factorise(rows: np.ndarray, answers: np.ndarray, ridge: float) -> np.ndarray:
    """The lower Cholesky factor of that curvature."""
    return np.asarray(cho_factor(curvature(rows, answers, ridge), lower=True, overwrite_a=True)[0])


def curvature(rows: np.ndarray, answers: np.ndarray, ridge: float) -> np.ndarray:
    """The Hessian of that loss, (C D, C D).

    Args:
        rows: (N, D) features.
        answers: (N, C) probabilities.
        ridge: strength of the squares.
    """
    classes, width = answers.shape[1], rows.shape[1]
    whole = np.empty((classes, width, classes, width))
    for one in range(classes):
        for other in range(one, classes):
            weight = answers[:, one] * ((one == other) - answers[:, other])
            whole[one, :, other] = whole[other, :, one] = rows.T @ (rows * weight[:, None])
    matrix = whole.reshape(classes * width, classes * width)
    matrix[np.diag_indices(len(matrix))] += ridge
    return matrix


def leave_out(
    factor: np.ndarray,
    rows: np.ndarray,
    residuals: np.ndarray,
    curvatures: np.ndarray,
    progress: Progress = ignore,
) -> np.ndarray:
    """What leaving each row out does to the weights, (N, C): they move by inverse Hessian x (that, for each feature).

    With the row's own curvature taken away from the Hessian (Woodbury), which is exact for a quadratic loss.

    Args:
        factor: lower Cholesky factor of the Hessian, (C D, C D).
        rows: (N, D) features.
        residuals: (N, C), slope of each row's loss with respect to its outputs.
        curvatures: (N, C, C), second derivatives of the same.
        progress: called before each class.
    """
    count, classes, width = len(rows), residuals.shape[1], rows.shape[1]
    inverse = cho_solve((factor, True), np.eye(len(factor))).reshape(classes, width, classes, width)
    leverage = np.empty((count, classes, classes))
    for one in each(range(classes), progress):
        for other in range(one, classes):
            values = np.einsum("nd,nd->n", rows @ inverse[one, :, other], rows)
            leverage[:, one, other] = leverage[:, other, one] = values
    return np.asarray(np.linalg.solve(np.eye(classes) - curvatures @ leverage, residuals[..., None])[..., 0])


def moved(factor: np.ndarray, rows: np.ndarray, pushes: np.ndarray, features: np.ndarray) -> np.ndarray:
    """By how much each output for one picture moves when each row is left out, (N, C).

    Args:
        factor: as `leave_out` has it.
        rows: the same.
        pushes: of `leave_out`.
        features: (D,) of the picture.
    """
    classes, width = pushes.shape[1], rows.shape[1]
    ends = np.kron(np.eye(classes), features[:, None])
    # (C, D) by output: how it moves with each weight, through the inverse Hessian.
    slopes = cho_solve((factor, True), ends).T.reshape(classes, classes, width)
    return np.stack([np.einsum("nc,nc->n", rows @ slope.T, pushes) for slope in slopes], axis=1)


def influence(head: FittedHead, features: np.ndarray, target: int, progress: Progress = ignore) -> Influence:
    """How much each picture pulls the answer to one picture, with twenty of them left out for real.

    Args:
        head: fitted.
        features: (D,) of the picture, without the one.
        target: class index whose log odds are pulled.
        progress: called before each picture that is left out.
    """
    started = time.perf_counter()
    own = with_one(features[None])[0]
    logits = head.weights @ own
    now = float(log_odds(logits[None], target)[0])
    pulls = now - log_odds(logits + moved(head.factor, head.features, head.pushes, own), target)

    def real(row: int) -> float:
        return now - float(log_odds((refit_without(head, row) @ own)[None], target)[0])

    return Influence(
        target=target,
        pulls=pulls,
        odds=now,
        answer=int(logits.argmax()),
        check=check(pulls, real, progress),
        seconds=time.perf_counter() - started,
    )


def log_odds(logits: np.ndarray, target: int) -> np.ndarray:
    """The logarithm of a class's probability over that of all others, (N, C) -> (N,): no end flattens it."""
    return np.asarray(logits[:, target] - logsumexp(np.delete(logits, target, axis=1), axis=1))


def check(pulls: np.ndarray, real: Callable[[int], float], progress: Progress = ignore) -> Checked:
    """Hold what was computed against what is so, for pictures from both ends and evenly from between.

    Args:
        pulls: (N,), computed.
        real: row -> the same by leaving it out.
        progress: called before each.
    """
    rows = spread(pulls)
    found = np.array([real(int(row)) for row in each(rows.tolist(), progress)])
    return compare(rows, pulls[rows], found)


def compare(rows: np.ndarray, computed: np.ndarray, real: np.ndarray) -> Checked:
    """How far what was computed of some rows has the order and the signs of what is so."""
    varies = len(rows) > 1 and np.ptp(computed) > 0 and np.ptp(real) > 0
    return Checked(
        rows=rows,
        computed=computed,
        real=real,
        correlation=float(spearmanr(computed, real).statistic) if varies else float("nan"),
        same_sign=float((np.sign(computed) == np.sign(real)).mean()),
    )


def spread(pulls: np.ndarray, count: int = CHECKED) -> np.ndarray:
    """Rows to check: a quarter from each end, the rest evenly from between, in the order of their pulls."""
    order, end = np.argsort(pulls, kind="stable"), count // 4
    if len(order) <= count:
        return np.asarray(order)
    between = np.linspace(end, len(order) - 1 - end, count - 2 * end).round().astype(np.int64)
    return np.asarray(
        order[np.concatenate([np.arange(end), between, np.arange(len(order) - end, len(order))])]
    )


def refit_without(head: FittedHead, row: int) -> np.ndarray:
    """The weights of the head when it is fitted again without a picture, (C, D).

    Steps are Newton's with the Hessian of all pictures, which is nearly that of the others and known; where they take
    long, with that of the moment.

    Raises:
        UserError: if they do not end.
    """
    rows, labels = np.delete(head.features, row, axis=0), np.delete(head.labels, row)
    weights, factor, truth = head.weights, head.factor, np.eye(len(head.weights))[labels]
    size = float(np.abs(rows).sum())
    for step in range(1, MOST_STEPS):
        answers = softmax(rows @ weights.T, axis=1)
        slope = (answers - truth).T @ rows + head.ridge * weights
        if np.abs(slope).max() <= FLAT * size:
            return weights
        if not step % REUSED:
            factor = factorise(rows, answers, head.ridge)
        weights = _descend(rows, labels, head.ridge, weights, slope, cho_solve((factor, True), slope.ravel()))
    raise UserError("The head does not come to rest when a picture is left out, so nothing could be checked.")
