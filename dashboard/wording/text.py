"""What a network says of a text, in a few sentences."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.records.pictures import Prediction
from dashboard.records.text import Redundancy, TextAttribution, TextChange, TurningWords
from dashboard.wording.numbers import count, enumeration, percent, rate, short_title, three_digits
from models.baseline import Baseline

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


def from_nothing(found: TextAttribution) -> str:
    """What the baseline's score is, from which the words lead to the text's; empty where a method has none."""
    if found.nothing is None:
        return ""
    return (
        f"A text of nothing but {found.baseline or 'the baseline'} has a score of {three_digits(found.nothing)}, this "
        f"one {three_digits(found.explained)}."
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


def changed(found: TextChange) -> str:
    """What became of the answer."""
    before, after = found.before, found.after
    name, now = before.classes[before.winner], after.classes[after.winner]
    done = len(found.struck) + len(found.replaced)
    if not done:
        return f"Unchanged it is {name}: {percent(before.strength(before.winner))} sure."
    words = f"With {count(done, 'word')} changed"
    if found.turned:
        return f"{words} it is {now}, not {name}: {percent(after.strength(after.winner))} sure."
    return (
        f"{words} it is still {name}: {percent(after.strength(after.winner))} sure, "
        f"{percent(before.strength(before.winner))} before."
    )


def pushed_out(tokens: int) -> str:
    """That what stands instead of words made the text too long."""
    return (
        f"What stands instead is longer: the last {count(tokens, 'word')} of the text are not read any more."
    )


def neighbours(same: int, shown: int, name: str) -> str:
    """How many of the nearest texts are of the class that the network names."""
    if same == shown:
        return f"All {shown} nearest texts are {name}, as it says of this one."
    return f"{same} of the {shown} nearest texts are {name}, as it says of this one."


def looks(words: Sequence[str], share: float, word: str | None) -> str:
    """Where the attention of all heads goes first.

    Args:
        words: that are looked at most, the first first.
        share: of all attention that goes to them, in [0, 1].
        word: that looks; None for all words together.
    """
    who = "All words together look" if word is None else f"“{word}” looks"
    named = enumeration([f"“{one}”" for one in words])
    return f"{who} most at {named}: {percent(share)} of the attention, over all heads."
