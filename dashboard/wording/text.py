"""What a network says of a text, in a few sentences."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.records.pictures import Prediction
from dashboard.records.text import Redundancy, TurningWords
from dashboard.wording.numbers import count, enumeration, percent, rate, short_title, three_digits
from models.text.baseline import Baseline

# Words that a sentence names.
MOST_NAMED = 12


def headline(title: str, prediction: Prediction) -> str:
    """The answer, and how sure it is."""
    winner = prediction.winner
    return (
        f"{short_title(title)} calls this text {prediction.classes[winner]}: "
        f"{percent(prediction.strength(winner))} sure."
    )


def beside_baseline(accuracy: float | None, baseline: Baseline | None) -> str:
    """How often the network is right, and the baseline beside it; empty where neither is known."""
    own = "" if accuracy is None else f"It is right about {rate(accuracy)} of the test texts."
    if baseline is None:
        return own
    title = f"{baseline.title[:1].upper()}{baseline.title[1:]}"
    return f"{own} {title} is right about {rate(baseline.accuracy)} of them.".strip()


def left_out(tokens: int, read: int) -> str:
    """That a text is longer than what is read."""
    return f"The network reads the first {count(read, 'word')} and marks; {tokens:,} more are not read."


def redundancy(measured: Redundancy) -> str:
    """That words stand in for each other, where they do; else empty."""
    if not measured.redundant:
        return ""
    return (
        f"Words stand in for each other here: taken out one by one they change the score by "
        f"{three_digits(measured.alone)} in sum, all together by {three_digits(measured.together)}. What one word "
        "changes alone tells too little; look at Shapley values."
    )


def turning(found: TurningWords, words: Sequence[str]) -> str:
    """Which words turn the answer, or that none do.

    Args:
        found: the search's finding.
        words: all tokens of the text as they stand in it.
    """
    before = found.before.classes[found.before.winner]
    if not found.turned:
        return f"No words turn the answer: with every one struck out it is still {before}."
    after = found.after.classes[found.after.winner]
    named = [f"“{words[place]}”" for place in found.places[:MOST_NAMED]]
    more = len(found.places) - len(named)
    struck = enumeration(named) if not more else f"{', '.join(named)} and {more:,} more"
    least = "no fewer do" if found.fewest else "fewer may do"
    return (
        f"Without {struck} it would be {after}, not {before} ({count(len(found.places), 'word')}; {least})."
    )
