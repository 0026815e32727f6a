"""Whether a network's probabilities can be taken at their word, and what one temperature would mend."""

from __future__ import annotations

import numpy as np

from dashboard.records.evaluation import BINS, Reliability, Temperature

# Fewer pictures than this in a half say nothing of a temperature.
FEWEST = 25
# Temperatures beyond are no minimum: the loss falls without end.
COLDEST, HOTTEST = 0.02, 50.0
SEED = 0
# Standard errors of a mean difference on either side, between which it lies with 95 % confidence.
DEVIATIONS = 1.959964


def log_probabilities(logits: np.ndarray) -> np.ndarray:
    """Logarithm of the softmax along the classes: (N, classes) -> the same, float64."""
    shifted = logits.astype(np.float64) - logits.max(1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(1, keepdims=True)))


def reliability(logits: np.ndarray, labels: np.ndarray) -> Reliability:
    """Confidence against accuracy in bins of equal width.

    A picture whose confidence is the edge of two bins belongs to the lower one, as in the paper.

    Args:
        logits: (N, classes), finite, N at least 1.
        labels: (N,).

    Reference: Guo et al., On calibration of modern neural networks, 2017.
    """
    logs = log_probabilities(logits)
    confidence = np.exp(logs.max(1))
    right = logits.argmax(1) == labels
    places = np.clip(np.ceil(confidence * BINS).astype(int) - 1, 0, BINS - 1)
    counts = np.bincount(places, minlength=BINS)
    sure, hit = (np.bincount(places, values, minlength=BINS) for values in (confidence, right))
    with np.errstate(invalid="ignore"):
        mean_confidence, accuracy = sure / counts, hit / counts
    return Reliability(
        counts=counts,
        confidence=mean_confidence,
        accuracy=accuracy,
        ece=float(np.abs(sure - hit).sum() / len(labels)),
        loss=float(-logs[np.arange(len(labels)), labels].mean()),
    )


def temperature(logits: np.ndarray, labels: np.ndarray) -> Temperature | None:
    """The one number that logits are best divided by, fitted on a random half and measured on the other.

    Whether it helps there is told by the pictures one by one: the mean difference of their losses has a normal 95 %
    interval. None where it cannot be told: too few pictures, or a half without a mistake, which no temperature is cold
    enough for.

    Args:
        logits: (N, classes), finite.
        labels: (N,).

    Reference: Guo et al., On calibration of modern neural networks, 2017.
    """
    order = np.random.default_rng(SEED).permutation(len(labels))
    fitted, held = order[: len(order) // 2], order[len(order) // 2 :]
    if len(fitted) < FEWEST:
        return None
    value = fit(logits[fitted], labels[fitted])
    if value is None:
        return None
    rows = np.arange(len(held))
    gains = np.subtract(
        *(log_probabilities(logits[held] / divisor)[rows, labels[held]] for divisor in (value, 1.0))
    )
    margin = DEVIATIONS * float(gains.std(ddof=1)) / len(gains) ** 0.5
    return Temperature(
        value=value,
        fitted_on=len(fitted),
        before=reliability(logits[held], labels[held]),
        after=reliability(logits[held] / value, labels[held]),
        gain=(float(gains.mean()) - margin, float(gains.mean()) + margin),
    )


def fit(logits: np.ndarray, labels: np.ndarray) -> float | None:
    """The temperature with the smallest negative log-likelihood; None where it lies beyond all that is tried."""
    from scipy.optimize import minimize_scalar

    rows = np.arange(len(labels))
    if (logits[rows, labels] >= logits.max(1)).all():
        return None

    def loss(logarithm: float) -> float:
        return float(-log_probabilities(logits / np.exp(logarithm))[rows, labels].mean())

    bounds = np.log(COLDEST), np.log(HOTTEST)
    best = float(minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-4}).x)
    # The search ends a little before an end of the range where the loss falls all the way to it.
    at_an_end = min(best - bounds[0], bounds[1] - best) < 0.01
    return None if at_an_end else float(np.exp(best))
