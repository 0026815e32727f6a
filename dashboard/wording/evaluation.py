"""How good a network is on labelled pictures, in a few sentences."""

from __future__ import annotations

import numpy as np

from dashboard.inspection.evaluation.calibration import FEWEST
from dashboard.inspection.evaluation.scores import confused_pairs
from dashboard.inspection.passes.pool import Pool
from dashboard.records.evaluation import BINS, Evaluation, Flips, Rate, Reliability, Temperature
from dashboard.wording.numbers import percent, rate, three_digits

# Pictures of a class below which its numbers are no more than a hint.
FEW_OF_A_CLASS = 10
# A calibration error below is as small as that of networks that are called calibrated.
CALIBRATED = 0.02
# A temperature this near to 1 leaves the probabilities as they are.
ALIKE = 0.1
# Below this, a difference is called unlikely to be chance.
UNLIKELY = 0.05


def headline(accuracy: Rate, pictures: str, classes: int, *, trained: bool) -> str:
    """How many pictures are classified right, with the interval in which the true share lies.

    Args:
        accuracy: the share.
        pictures: what they are, with their number.
        classes: how many there are.
        trained: False means random weights.
    """
    said = f"{rate(accuracy.share)} of {pictures} are classified right"
    if not trained:
        return f"Untrained: {said}; guessing would get {rate(1 / classes)}."
    return f"{said} (95 % interval {rate(accuracy.low)} to {rate(accuracy.high)})."


def mistakes(found: Evaluation, classes: tuple[str, ...]) -> str:
    """What is confused most."""
    count = found.accuracy.count
    wrong = count - found.accuracy.right
    if not wrong:
        return f"Not one mistake among {count:,} pictures."
    row, column = confused_pairs(found.confusion, 1)[0]
    times, support = int(found.confusion[row, column]), int(found.scores.support[row])
    often = f"{times:,} of the {support:,} pictures of {classes[row]} are called {classes[column]}"
    return f"{wrong:,} mistake{'s' * (wrong > 1)}; the most frequent: {often}."


def weakest(found: Evaluation, classes: tuple[str, ...]) -> str:
    """The class that fares worst, where its pictures are enough to say so; empty where there is no difference."""
    scores = found.scores
    told = np.flatnonzero(scores.support >= FEW_OF_A_CLASS)
    if len(told) < 2 or np.ptp(scores.f1[told]) == 0:
        return ""
    worst, best = (int(told[at(scores.f1[told])]) for at in (np.argmin, np.argmax))
    trust = (
        f"; what is called so is right in {rate(float(scores.precision[worst]))}"
        if scores.called[worst]
        else "; nothing is called so"
    )
    return (
        f"Weakest is {classes[worst]}: {rate(float(scores.recall[worst]))} of its {scores.support[worst]:,} pictures "
        f"are found{trust}. Strongest is {classes[best]}: {rate(float(scores.recall[best]))} are found."
    )


def sureness(found: Evaluation) -> str:
    """Whether its probabilities can be taken at their word."""
    ece, share = found.reliability.ece, found.accuracy.share
    sure = float(found.confidence.mean())
    said = (
        f"On average it is {rate(sure)} sure and {rate(share)} right (calibration error {three_digits(ece)})"
    )
    if ece < CALIBRATED:
        return f"{said}: its probabilities can be taken at their word."
    way = "too sure of itself" if sure > share else "not as sure as it may be"
    mended = ""
    if found.temperature is not None:
        value, after = found.temperature.value, found.temperature.after.ece
        before = found.temperature.before.ece
        if after < before:
            mended = (
                f" Dividing its scores by {three_digits(value)} would bring the error from {three_digits(before)} to "
                f"{three_digits(after)} on the half of the pictures that it was not fitted on."
            )
    return f"{said}: it is {way}.{mended}"


def temperature_effect(mended: Temperature) -> str:
    """What dividing by the temperature does, with its numbers."""
    held = int(mended.before.counts.sum())
    after, before = mended.after, mended.before
    effect = "helps" if after.ece < before.ece else "does not help"
    if abs(mended.value - 1) < ALIKE:
        effect = "hardly changes anything"
    return (
        f"Dividing the scores by {three_digits(mended.value)} {effect}: calibration error {three_digits(before.ece)} "
        f"before, {three_digits(after.ece)} after; loss {three_digits(before.loss)} before, {three_digits(after.loss)} "
        f"after. Fitted on {mended.fitted_on:,} pictures at random, measured on the other {held:,}. "
        "It changes how sure the network is, and no answer."
    )


def omissions(found: Evaluation, pictures: Pool) -> list[str]:
    """A sentence for each sort of pictures that the numbers do not count."""
    said = []
    unread = len(pictures) - found.accuracy.count - found.left_out
    if unread:
        said.append(f"{unread:,} of {pictures.title} could not be read and are left out.")
    if found.left_out:
        said.append(f"{found.left_out:,} pictures got answers that are no numbers and are left out.")
    return said


def hint(count: int) -> str:
    """That so few pictures say little."""
    return f"{count:,} pictures: a hint, not a statistic. The interval tells how little they say."


def calibration(reliability: Reliability) -> str:
    """The calibration error, and what is true of the bin with most pictures."""
    fullest = int(reliability.counts.argmax())
    share = float(reliability.counts[fullest] / reliability.counts.sum())
    sure, right = float(reliability.confidence[fullest]), float(reliability.accuracy[fullest])
    error, loss = three_digits(reliability.ece), three_digits(reliability.loss)
    return (
        f"Calibration error {error} over {BINS} bins; mean loss {loss}. "
        f"{rate(share)} of the pictures lie in one bin, where it is {rate(sure)} sure and {rate(right)} right."
    )


def no_temperature(pictures: int) -> str:
    """Why no temperature could be fitted to the answers to so many pictures."""
    if pictures < 2 * FEWEST:
        return f"{pictures:,} pictures are too few to fit a temperature."
    return "It cannot be fitted: the loss falls without end, as it does on pictures without a mistake."


def surest_mistakes(confidence: np.ndarray) -> str:
    """How sure the network is of its mistakes: (n,) probabilities, the largest first, at least one."""
    sure = int((confidence > 0.9).sum())
    surest = percent(float(confidence[0]))
    return f"{len(confidence):,} mistakes, the surest {surest} sure; in {sure:,} of them it is more than 90 % sure."


def nearest_misses(confidence: np.ndarray) -> str:
    """How sure the network is of its hits: (n,) probabilities, the smallest first, at least one."""
    return f"Of {len(confidence):,} hits the nearest miss was only {percent(float(confidence[0]))} sure."


def difference(flips: Flips, after: str, before: str) -> str:
    """What changed from one network to the other, both by title, and whether it may be chance."""
    fixed, broken = len(flips.fixed), len(flips.broken)
    if flips.p is None:
        return f"{after} and {before} are right about the same {flips.both_right:,} pictures."
    counts = f"Against {before}, {after} fixed {fixed:,} and broke {broken:,}"
    if fixed == broken:
        return f"{counts}: no difference in accuracy."
    probability = "p below 0.001" if flips.p < 0.001 else f"p = {three_digits(float(f'{flips.p:.2g}'))}"
    if flips.p < UNLIKELY:
        return f"{counts}: unlikely to be chance, {probability}."
    return f"{counts}: that may well be chance, {probability}."
