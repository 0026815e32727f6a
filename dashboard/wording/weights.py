"""What a network's weights say of its training, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from dashboard.inspection.weights.initialisation import expected
from dashboard.records.weights import TensorSummary
from dashboard.wording.numbers import si, significant

# A layer so many times as wide as the usual one is named.
FAR = 3.0
# Within this of torch's own spread in every layer: nobody trained it.
SAME = 0.05


def finding(weights: Sequence[TensorSummary], tensors: Sequence[TensorSummary]) -> str:
    """The sentence on top."""
    broken = [one for one in tensors if one.nan or one.infinite]
    if broken:
        count = sum(one.nan + one.infinite for one in broken)
        names = ", ".join(one.facts.name for one in broken[:3]) + (" and others" if len(broken) > 3 else "")
        return f"{count:,} numbers are NaN or infinite, in {names}: nothing that passes there can be trusted."
    if not weights:
        return "No weight matrix in here: what is shown are vectors and single numbers."
    total = f"{si(sum(one.facts.count for one in weights))} weights in {len(weights)} layers"
    if all(abs(ratio(one, 2) - 1) < SAME for one in weights):
        return f"{total}, spread as torch's initialisation leaves them: nothing has been learned yet."
    usual = median(ratio(one) for one in weights)
    widest = max(weights, key=ratio)
    start = f"{total}, typically {significant(usual)} times as wide as Kaiming's initialisation"
    if ratio(widest) > FAR * usual:
        return f"{start}; {widest.facts.name} stands out with {significant(ratio(widest))} times."
    return f"{start}, and no layer stands out."


def ratio(one: TensorSummary, place: int = 0) -> float:
    """A tensor's spread over that of an initialisation, Kaiming's by default."""
    spreads = expected(one.facts)
    return one.std / spreads[place].std if spreads else float("nan")
