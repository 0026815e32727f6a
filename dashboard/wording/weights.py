"""What a network's weights say of its training, in sentences."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import median

import numpy as np

from dashboard.inspection.weights.filters import Fold
from dashboard.inspection.weights.initialisation import expected_spreads
from dashboard.records.weights import (
    CHANGE_VERDICTS,
    Change,
    Comparison,
    Precision,
    Severity,
    TensorFacts,
    TensorSummary,
    Track,
    WeightFinding,
)
from dashboard.wording.numbers import percent, si, three_digits
from models.parametrisations import Parametrisation

# A layer so many times as wide as the usual one is named.
FAR = 3.0
# Within this of torch's own spread in every layer: nobody trained it.
SAME = 0.05
# A unit whose weights are so much weaker than the usual unit's looks for nothing.
EMPTY = 0.01
# Tensors that are named in one sentence.
MOST_NAMED = 5
SEVERITIES: dict[Severity, str] = {"broken": "Broken", "serious": "Serious", "notice": "To know"}


def computed_weights(computed: Sequence[Parametrisation]) -> str:
    """What is shown of weights that the network computes: "Pruning is applied to 2 tensors: ..."."""
    sentences = []
    for kind in dict.fromkeys(weight.kind for weight in computed):
        names = [
            weight.name + (f" ({percent(weight.zero)} are 0)" if kind == "pruning" else "")
            for weight in computed
            if weight.kind == kind
        ]
        more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
        sentences.append(f"{kind.capitalize()} is applied to {', '.join(names[:MOST_NAMED])}{more}.")
    return " ".join(("Shown are the weights as the network computes them.", *sentences))


def headline(weights: Sequence[TensorSummary], tensors: Sequence[TensorSummary]) -> str:
    """How widely a network's weights are spread against its initialisation, and what stands out.

    Args:
        weights: matrices and convolutions.
        tensors: all of them.
    """
    broken = [summary for summary in tensors if summary.nan or summary.infinite]
    if broken:
        count = sum(summary.nan + summary.infinite for summary in broken)
        names = ", ".join(summary.facts.name for summary in broken[:3]) + (
            " and others" if len(broken) > 3 else ""
        )
        what = "number is" if count == 1 else "numbers are"
        return f"{count:,} {what} NaN or infinite, in {names}: nothing that passes there can be trusted."
    if not weights:
        return "No weight matrix in here: what is shown are vectors and single numbers."
    layers = f"{len(weights):,} layer{'s' * (len(weights) != 1)}"
    total = f"{si(sum(summary.facts.count for summary in weights))} weights in {layers}"
    if all(abs(ratio(summary, 2) - 1) < SAME for summary in weights):
        return f"{total}, spread as torch's initialisation leaves them: nothing has been learned yet."
    usual = median(ratio(summary) for summary in weights)
    widest = max(weights, key=ratio)
    start = f"{total}, typically {three_digits(usual)} times as wide as Kaiming's initialisation"
    if ratio(widest) > FAR * usual:
        return f"{start}; {widest.facts.name} stands out with {three_digits(ratio(widest))} times."
    return f"{start}, and no layer stands out."


def ratio(summary: TensorSummary, place: int = 0) -> float:
    """A tensor's spread over that of an initialisation, Kaiming's by default."""
    spreads = expected_spreads(summary.facts)
    return summary.std / spreads[place].std if spreads else float("nan")


def shape(facts: TensorFacts) -> str:
    """A tensor's shape as people write it."""
    return " x ".join(str(side) for side in facts.shape) or "one number"


def sentences(summary: TensorSummary) -> list[str]:
    """What a tensor is, how its numbers are spread, and what is odd about them."""
    facts = summary.facts
    lines = [
        f"{facts.name}: {facts.kind}, {shape(facts)}, {facts.count:,} numbers in {facts.dtype}.",
        f"Spread {three_digits(summary.std)} around {three_digits(summary.mean)}, from {three_digits(summary.low)} to "
        f"{three_digits(summary.high)}. {_tails(summary.kurtosis)}",
    ]
    spreads = expected_spreads(facts)
    if spreads and facts.fans:
        times = ", ".join(
            f"{three_digits(summary.std / spread.std)} times {spread.title}" for spread in spreads
        )
        lines.append(f"With {facts.fans[0]:,} inputs to a unit, the spread is {times}.")
    if summary.zeros or summary.near_zeros:
        lines.append(
            f"{percent(summary.zeros / summary.finite)} are exactly 0; {percent(summary.near_zeros / summary.finite)} "
            "are at most 1/254 of the largest, which eight bits would round to 0."
        )
    if summary.nan or summary.infinite:
        lines.append(
            f"{summary.nan:,} are NaN and {summary.infinite:,} infinite; they are left out of all other numbers."
        )
    return lines


def _tails(kurtosis: float) -> str:
    if kurtosis != kurtosis:
        return "All numbers are alike."
    form = "flat" if kurtosis < -0.8 else "like a bell curve" if kurtosis < 1 else "heavy tails"
    return f"Kurtosis {three_digits(kurtosis)}: {form}."


def filters_headline(facts: TensorFacts, norms: Sequence[float], fold: Fold | None) -> str:
    """What the units of a layer are, how many are nearly empty, and which is the strongest.

    Args:
        facts: what the tensor is.
        norms: of each unit's weights.
        fold: channels, height and width of the picture that a unit's inputs are the pixels of, or None.
    """
    window = " x ".join(str(side) for side in facts.shape[2:])
    if fold is not None:
        kind = f"units that each weigh all {' x '.join(str(side) for side in fold)} pixels"
    elif window.strip("1 x"):
        kind = f"{'colour ' if facts.shape[1] == 3 else ''}filters of {window}"
    else:
        kind = f"units with {facts.shape[1]:,} inputs each"
    usual = sorted(norms)[len(norms) // 2]
    empty = sum(norm < EMPTY * usual for norm in norms) if usual > 0 else len(norms)
    strongest = max(range(len(norms)), key=norms.__getitem__)
    times = f", {three_digits(norms[strongest] / usual)} times the usual" if usual > 0 else ""
    emptiness = "none is empty" if not empty else f"{empty:,} {'is' if empty == 1 else 'are'} nearly empty"
    return (
        f"{facts.layer}: {facts.shape[0]:,} {kind}; {emptiness}, number {strongest} is the strongest{times}."
    )


def filters_reading(way: str, facts: TensorFacts, limit: float, beyond: float) -> str:
    """How to read the picture of a layer's filters.

    Args:
        way: in which they are drawn.
        facts: what the tensor is.
        limit: end of the scale.
        beyond: share of the weights that lie beyond it, at most.
    """
    end = three_digits(limit)
    scale = (
        f"Grey is 0 in all three colours; a colour's dark and bright ends are -{end} and {end}."
        if way == "colour" or (way == "images" and facts.shape[1] % 3 == 0 and facts.shape[1] > 3000)
        else f"Blue weighs for, orange against; the scale ends at {end}."
    )
    tiles = {
        "matrix": "A row is a unit and a column an input; the numbers are those of the units, then of the inputs.",
        "each": "The number is the unit's, with its input behind the colon where there are several.",
        "unit": "The number is the input's.",
    }.get(way, "The number is the unit's.")
    return f"{tiles} {scale} Few lie beyond it: {100 * beyond:.1g} % of this layer's weights at most."


def health_headline(findings: Sequence[WeightFinding], tensors: int) -> str:
    """What is wrong with so many tensors, the worst first."""
    if not findings:
        return f"All {tensors:,} tensors are sound."
    counts = Counter((finding.severity, finding.kind) for finding in findings)
    kinds = [
        f"{kind[:1].lower()}{kind[1:]} in {count:,} tensor{'s' if count > 1 else ''}".replace("naN", "NaN")
        for (_, kind), count in list(counts.items())[:3]
    ]
    rest = f" and {len(counts) - 3} more kinds of findings" if len(counts) > 3 else ""
    worst = findings[0].severity
    opening = "Nothing in these weights breaks the network" if worst == "notice" else SEVERITIES[worst]
    return f"{opening}: {', '.join(kinds)}{rest}."


def footprint_headline(sizes: Mapping[str, int], costs: Sequence[Precision]) -> str:
    """What the weights take in memory, and how small they may be stored without another answer.

    Args:
        sizes: name of each tensor -> bytes.
        costs: of storing them in other formats; empty where there is no photo to measure that on.
    """
    total = sum(sizes.values())
    if not total:
        return "There are no bytes in here."
    largest = max(sizes, key=sizes.__getitem__)
    where = f"{si(total)}B of weights, {percent(sizes[largest] / total)} of them in {largest}"
    small = [cost for cost in costs if cost.bytes < total and cost.same]
    if not small:
        return f"{where}."
    best = min(small, key=lambda cost: (cost.bytes, cost.error))
    smaller = f"{where}. In {best.title} they would take {si(best.bytes)}B"
    if best.probability is None:
        return f"{smaller}, this photo's values off by {percent(best.error)}."
    return f"{smaller} and still give this photo the same class, its scores off by {percent(best.error)}."


def movement(relative: float) -> str:
    """A relative change: "12 %", "31 times its norm", "everything, from zero"."""
    if not math.isfinite(relative):
        return "everything, from zero"
    return percent(relative) if relative < 10 else f"{three_digits(relative)} times its norm"


def comparison_headline(comparison: Comparison, title: str) -> str:
    """What became of the layers against other weights of that title."""
    changes = comparison.of("weight") or comparison.changes
    if not changes:
        return f"These weights have no tensor in common with those of {title}."
    counts = Counter(change.verdict for change in changes)
    if len(counts) == 1 and "frozen" in counts:
        return f"Every weight is exactly that of {title}."
    words = {"rounded": "only rounded"}
    verdicts = ", ".join(
        f"{counts[verdict]:,} {words.get(verdict, verdict)}" for verdict in CHANGE_VERDICTS if counts[verdict]
    )
    most, least = (pick(changes, key=lambda change: change.relative) for pick in (max, min))
    ends = f"{most.facts.layer} moved most ({movement(most.relative)})"
    if len(changes) > 1:
        ends += f", {least.facts.layer} least ({movement(least.relative)})"
    return f"Against {title}, of {len(changes):,} layers {verdicts}; {ends}."


def change_sentence(change: Change) -> str:
    """How far a tensor moved, and where to."""
    broken = f" {change.broken:,} numbers that are NaN or infinite are left out." if change.broken else ""
    return (
        f"{change.facts.name}: {change.verdict}. It moved by {movement(change.relative)}; the cosine between before "
        f"and after is {three_digits(change.cosine)}, and no number moved by more than {three_digits(change.largest)}."
        f"{broken}"
    )


def history_headline(track: Track, title: str) -> str:
    """How a tensor's spread changed through a run of that title, and how fast it moved."""
    steps, stds = track.steps, track.stds
    if len(steps) < 2:
        return f"{track.name} of {title}: one moment is known, step {int(steps[-1]):,}."
    growth = stds[-1] / stds[0] if stds[0] else math.inf if stds[-1] else 1.0
    how = (
        "hardly changed its spread"
        if abs(growth - 1) < 0.05
        else (
            f"spread {'out' if growth > 1 else 'less'}: from {three_digits(stds[0])} to {three_digits(stds[-1])}"
        )
    )
    sentence = f"{track.name} of {title} {how} between steps {int(steps[0]):,} and {int(steps[-1]):,}"
    changes = track.changes[1:]
    if np.isfinite(changes).all() and changes[0] > 0:
        sentence += f"; it moved {percent(changes[0])} at first and {percent(changes[-1])} at last"
    return f"{sentence}."
