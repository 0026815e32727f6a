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
from dashboard.wording.numbers import (
    count,
    enumeration,
    leaders,
    lower,
    memory,
    percent,
    short_title,
    si,
    three_digits,
)
from models.parametrisations import Parametrisation

# A layer so many times as wide as the usual one is named.
FAR = 3.0
# Within this of torch's own spread in every layer: nobody trained it.
SAME = 0.05
# A unit whose weights are so much weaker than the usual unit's looks for nothing.
EMPTY = 0.01
# What moves by less than this between two moments has come to rest.
AT_REST = 0.01
# Tensors that are named in one sentence.
MOST_NAMED = 5
SEVERITIES: dict[Severity, str] = {"broken": "Broken", "serious": "Serious", "notice": "To know"}
# How a headline of a network begins, before what was found.
OPENINGS: dict[Severity, str] = {
    "broken": "{} is broken",
    "serious": "{} has a serious fault",
    "notice": "Nothing in these weights breaks {}",
}


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


def headline(title: str, weights: Sequence[TensorSummary], tensors: Sequence[TensorSummary]) -> str:
    """Which layer's weights are spread unusually wide for its size, if any.

    Args:
        title: of the network.
        weights: matrices and convolutions.
        tensors: all of them.
    """
    name = short_title(title)
    broken = [summary for summary in tensors if summary.nan or summary.infinite]
    if broken:
        broken_numbers = sum(summary.nan + summary.infinite for summary in broken)
        names = ", ".join(summary.facts.name for summary in broken[:3]) + (
            " and others" if len(broken) > 3 else ""
        )
        what = "number is" if broken_numbers == 1 else "numbers are"
        return (
            f"{name} is broken: {broken_numbers:,} {what} NaN or infinite, in {names}; "
            "nothing behind it can be trusted."
        )
    if not weights:
        return f"{name} has no weight matrix: what is shown are vectors and single numbers."
    total = f"its {si(sum(summary.facts.count for summary in weights))} weights"
    if all(abs(ratio(summary, 2) - 1) < SAME for summary in weights):
        return f"{name} has learned nothing yet: {total} are spread as torch's initialisation leaves them."
    usual = median(ratio(summary) for summary in weights)
    widest = max(weights, key=ratio)
    times = ratio(widest) / usual if usual else 1.0
    if len(weights) > 1 and times > FAR:
        return (
            f"{widest.facts.layer} stands out in {name}: its weights are spread {three_digits(times)} times as wide as "
            "is usual there for a layer's size."
        )
    if len(weights) == 1:
        return f"{name} has one layer of weights, so none can stand out."
    return f"No layer of {name} stands out: {total} are spread about as widely everywhere, for each layer's size."


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
    """Which unit of a layer has the largest weights, what the units are, and how many are nearly empty.

    Args:
        facts: what the tensor is.
        norms: of each unit's weights.
        fold: channels, height and width of the picture that a unit's inputs are the pixels of, or None.
    """
    window = " x ".join(str(side) for side in facts.shape[2:])
    if fold is not None:
        kind, what = f"units that each weigh all {' x '.join(str(side) for side in fold)} pixels", "unit"
    elif window.strip("1 x"):
        kind, what = f"{'colour ' if facts.shape[1] == 3 else ''}filters of {window}", "filter"
    else:
        kind, what = f"units with {count(facts.shape[1], 'input')} each", "unit"
    usual = sorted(norms)[len(norms) // 2]
    empty = sum(norm < EMPTY * usual for norm in norms) if usual > 0 else len(norms)
    first = leaders(norms, what, facts.layer, "weighs", "weigh alike")
    times = f", {three_digits(max(norms) / usual)} times the usual" if usual > 0 else ""
    emptiness = "none is empty" if not empty else f"{empty:,} {'is' if empty == 1 else 'are'} nearly empty"
    return f"{first} most{times}; of its {facts.shape[0]:,} {kind}, {emptiness}."


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


def health_headline(title: str, findings: Sequence[WeightFinding], tensors: int) -> str:
    """What is wrong with so many tensors of a network of that title, the worst first."""
    name = short_title(title)
    if not findings:
        return f"{name} is sound: nothing is broken, dead or untrained in {count(tensors, 'tensor')}."
    counts = Counter((finding.severity, finding.kind) for finding in findings)
    kinds = [
        f"{lower(kind)} in {count(times, 'tensor')}".replace("naN", "NaN")
        for (_, kind), times in list(counts.items())[:3]
    ]
    rest = (
        f" and {count(len(counts) - 3, 'more kind of finding', 'more kinds of findings')}"
        if len(counts) > 3
        else ""
    )
    return f"{OPENINGS[findings[0].severity].format(name)}: {', '.join(kinds)}{rest}."


def footprint_headline(title: str, sizes: Mapping[str, int], costs: Sequence[Precision]) -> str:
    """What the weights take in memory, and how small they may be stored without another answer.

    Args:
        title: of the network.
        sizes: name of each tensor -> bytes.
        costs: of storing them in other formats; empty where there is no photo to measure that on.
    """
    name, total = short_title(title), sum(sizes.values())
    if not total:
        return f"{name} takes no memory: it has no weights."
    largest = max(sizes, key=sizes.__getitem__)
    small = [cost for cost in costs if cost.bytes < total and cost.same]
    if not small:
        return f"{name} takes {memory(total)}, {percent(sizes[largest] / total)} of it in {largest}."
    best = min(small, key=lambda cost: (cost.bytes, cost.error))
    same = (
        f"with this photo's values off by {percent(best.error)}"
        if best.probability is None
        else f"with the same answer to this photo, its scores off by {percent(best.error)}"
    )
    return f"{name} takes {memory(total)}; in {best.title} it would take {memory(best.bytes)}, {same}."


def movement(relative: float) -> str:
    """A relative change: "12 %", "31 times its norm", "everything, from zero"."""
    if not math.isfinite(relative):
        return "everything, from zero"
    return percent(relative) if relative < 10 else f"{three_digits(relative)} times its norm"


def comparison_headline(title: str, comparison: Comparison, other: str) -> str:
    """How a network of that title differs from another one.

    Args:
        title: of the network.
        comparison: of its weights with those of the other.
        other: title of the other.
    """
    name = short_title(title) if short_title(title) != short_title(other) else title
    changes = comparison.of("weight") or comparison.changes
    if not changes:
        return f"{name} has no tensor in common with {other}."
    counts = Counter(change.verdict for change in changes)
    if len(counts) == 1 and "frozen" in counts:
        return f"Every weight of {name} is exactly that of {other}."
    words = {"rounded": "only rounded"}
    verdicts = enumeration(
        [
            f"{counts[verdict]:,} {'is' if counts[verdict] == 1 else 'are'} {words.get(verdict, verdict)}"
            for verdict in CHANGE_VERDICTS
            if counts[verdict]
        ]
    )
    most, least = (pick(changes, key=lambda change: change.relative) for pick in (max, min))
    ends = f" in {most.facts.layer} (it moved by {movement(most.relative)})"
    if len(changes) > 1:
        ends += f" and least in {least.facts.layer} ({movement(least.relative)})"
    return f"{name} differs from {other} most{ends}; of {count(len(changes), 'layer')}, {verdicts}."


def change_sentence(change: Change) -> str:
    """How far a tensor moved, and where to."""
    broken = f" {change.broken:,} numbers that are NaN or infinite are left out." if change.broken else ""
    return (
        f"{change.facts.name}: {change.verdict}. It moved by {movement(change.relative)}; the cosine between before "
        f"and after is {three_digits(change.cosine)}, and no number moved by more than {three_digits(change.largest)}."
        f"{broken}"
    )


def no_checkpoints(title: str) -> str:
    """That nobody can see how the weights of a network of that title came about."""
    return f"{short_title(title)} comes without checkpoints: how its weights came about cannot be seen."


def nothing_beside(title: str) -> str:
    """That no second set of weights is known for a network of that title."""
    return (
        f"{short_title(title)} is the only one of its kind here: what training changed in it cannot be seen."
    )


def history_headline(track: Track, title: str) -> str:
    """Whether a tensor came to rest in a run of that title, and how its spread changed."""
    steps, stds = track.steps, track.stds
    if len(steps) < 2:
        return f"Of {track.name} of {title}, one moment is known: step {int(steps[-1]):,}."
    growth = stds[-1] / stds[0] if stds[0] else math.inf if stds[-1] else 1.0
    spread = (
        "its spread hardly changed"
        if abs(growth - 1) < 0.05
        else f"its spread {'grew' if growth > 1 else 'fell'} from {three_digits(stds[0])} to {three_digits(stds[-1])}"
    )
    between = f"{spread} between steps {int(steps[0]):,} and {int(steps[-1]):,}"
    changes = track.changes[1:]
    if not (np.isfinite(changes).all() and changes[0] > 0):
        return f"Of {track.name} of {title}, {between}."
    rest = "came to rest" if changes[-1] < min(AT_REST, changes[0]) else "is still on the move"
    moved = f"it moved by {percent(changes[0])} at first and by {percent(changes[-1])} at last"
    return f"{track.name} of {title} {rest}: {moved}; {between}."
