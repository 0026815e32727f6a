"""How good a network is on labelled pictures, in a few sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dashboard.inspection.evaluation.calibration import FEWEST
from dashboard.inspection.evaluation.scores import confused_pairs
from dashboard.inspection.passes.pool import Pool
from dashboard.records.evaluation import BINS, Evaluation, Flips, Rate, Reliability, Temperature
from dashboard.wording.numbers import MOST_TIED, enumeration, percent, rate, short_title, three_digits
from dashboard.wording.numbers import count as count_of
from models.baseline import Baseline
from models.meaning import Reading
from models.training.effect import difference_interval

# Pictures of a class below which its numbers are no more than a hint.
FEW_OF_A_CLASS = 10
# A calibration error below is as small as that of networks that are called calibrated.
CALIBRATED = 0.02
# Below this, a difference is called unlikely to be chance.
UNLIKELY = 0.05


# How answers are read -> why nothing labelled fits them.
UNMEASURED: dict[Reading, str] = {
    "one of several": "no labelled pictures fit it",
    "each by itself": "each of its attributes is a question of its own, and labelled pictures name one class each",
    "values": "it gives values, and labelled pictures name classes",
}


def unmeasured(title: str, reading: Reading) -> str:
    """That a network cannot be evaluated, and why.

    Args:
        title: of the network.
        reading: how its answers are read.
    """
    return f"How good {short_title(title)} is cannot be measured here: {UNMEASURED[reading]}."


def headline(title: str, accuracy: Rate, pictures: str, classes: int, *, trained: bool) -> str:
    """How many pictures a network is right about, with the interval in which the true share lies.

    Args:
        title: of the network.
        accuracy: the share.
        pictures: what they are, with their number.
        classes: how many there are.
        trained: False means random weights.
    """
    counted = f"{short_title(title)} is right about {rate(accuracy.share)} of {pictures}"
    if not trained:
        return f"Untrained, {counted}; guessing would get {rate(1 / classes)}."
    return f"{counted} (95 % interval {rate(accuracy.low)} to {rate(accuracy.high)})."


def beside_baseline(accuracy: Rate, baseline: Baseline, things: str) -> str:
    """What a baseline reaches on the same things, and whether that can be told apart from the network."""
    low, high = difference_interval(accuracy.share, baseline.accuracy, baseline.count)
    verdict = (
        "which is more"
        if low > 0
        else "which is less"
        if high < 0
        else f"which the {things} cannot tell apart from it"
    )
    return (
        f"{baseline.title[:1].upper()}{baseline.title[1:]} is right about {rate(baseline.accuracy)} of the same "
        f"{things}, {verdict} (95 % interval of the difference {100 * low:+.1f} to {100 * high:+.1f} points)."
    )


def mistakes(evaluation: Evaluation, classes: tuple[str, ...]) -> str:
    """What is confused most."""
    count = evaluation.accuracy.count
    wrong = count - evaluation.accuracy.right
    if not wrong:
        return f"Not one mistake among {count:,} pictures."
    row, column = confused_pairs(evaluation.confusion, 1)[0]
    times, support = int(evaluation.confusion[row, column]), int(evaluation.scores.support[row])
    often = f"{times:,} of the {support:,} pictures of {classes[row]} are called {classes[column]}"
    return f"{count_of(wrong, 'mistake')}; the most frequent: {often}."


def weakest(evaluation: Evaluation, classes: tuple[str, ...]) -> str:
    """The classes of whose pictures fewest and most are found, where they are enough to say so.

    All of them where several are level; empty where there is no difference.
    """
    scores = evaluation.scores
    known = np.flatnonzero(scores.support >= FEW_OF_A_CLASS)
    recall = scores.recall[known]
    if len(known) < 2 or np.ptp(recall) == 0:
        return ""
    (least, weak), (most, strong) = (
        (rate(float(end)), [classes[place] for place in known[recall == end]])
        for end in (recall.min(), recall.max())
    )
    return (
        f"Weakest {_are(weak)}: {least} of {'its' if len(weak) == 1 else 'their'} pictures are found. "
        f"Strongest {_are(strong)}: {most} are found."
    )


def _are(names: Sequence[str]) -> str:
    """Who is meant: "is 5", "are 0 and 3", "are 12 classes, level"."""
    if len(names) > MOST_TIED:
        return f"are {len(names):,} classes that are level"
    return f"{'is' if len(names) == 1 else 'are'} {enumeration(names)}"


def sureness(evaluation: Evaluation, things: str = "pictures") -> str:
    """Whether its probabilities can be taken at their word; `things` are what it read."""
    ece, share = evaluation.reliability.ece, evaluation.accuracy.share
    sure = float(evaluation.confidence.mean())
    averages = (
        f"On average it is {rate(sure)} sure and {rate(share)} right (calibration error {three_digits(ece)})"
    )
    if ece < CALIBRATED:
        return f"{averages}: its probabilities can be taken at their word."
    fault = "too sure of itself" if sure > share else "not as sure as it may be"
    remedy, temperature = "", evaluation.temperature
    if temperature is not None and temperature.effect == 1:
        remedy = (
            f" Dividing its scores by {three_digits(temperature.value)} would bring the error from "
            f"{three_digits(temperature.before.ece)} to {three_digits(temperature.after.ece)} on the half of the "
            f"{things} that it was not fitted on."
        )
    if temperature is not None and temperature.effect == 0:
        remedy = (
            f" Whether a temperature would mend that cannot be told from {_measured(temperature):,} {things}."
        )
    return f"{averages}: it is {fault}.{remedy}"


def _measured(temperature: Temperature) -> int:
    return int(temperature.before.counts.sum())


# Whether dividing the scores helps -> how a sentence about it goes on.
EFFECTS = {1: "helps", 0: "cannot be told apart from leaving them as they are", -1: "does harm"}


def temperature_effect(temperature: Temperature) -> str:
    """What dividing by the temperature does, with its numbers."""
    after, before = temperature.after, temperature.before
    low, high = (three_digits(end) for end in temperature.gain)
    return (
        f"Dividing the scores by {three_digits(temperature.value)} {EFFECTS[temperature.effect]}: calibration error "
        f"{three_digits(before.ece)} before, {three_digits(after.ece)} after; loss {three_digits(before.loss)} before, "
        f"{three_digits(after.loss)} after (it falls by {low} to {high}, with 95 % confidence). Fitted on "
        f"{temperature.fitted_on:,} pictures at random, measured on the other {_measured(temperature):,}. It changes "
        "how sure the network is, and no answer."
    )


def omissions(evaluation: Evaluation, pictures: Pool) -> list[str]:
    """A sentence for each sort of pictures that the numbers do not count."""
    broken = evaluation.left_out
    unread = len(pictures) - evaluation.accuracy.count - broken
    sentences = (
        f"{unread:,} of {pictures.title} could not be read and are left out." if unread else "",
        f"{broken:,} pictures got answers that are no numbers and are left out." if broken else "",
    )
    return [*filter(None, sentences)]


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
