"""What a network says of a row of a table, in a few sentences."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.records.pictures import Prediction
from dashboard.records.table import (
    Beside,
    Counterfactual,
    Dependence,
    Importance,
    NearestOther,
    TableAttribution,
)
from dashboard.wording.numbers import count, enumeration, percent, rate, short_title, three_digits
from models.table.columns import Column

# Of a probability, what nobody sees in a chart.
FLAT = 0.01
NONE_FOUND = (
    "That is a finding: within the bounds of what was learned from, with at most five columns changed, the search met "
    "no other answer. It does not prove that there is none."
)
HOW_FOLLOWED = (
    "In up to 100 rows of what was learned from the column is given each of its values, all else left as it is: a thin "
    "line is one row, the thick one their mean (Friedman 2001; Goldstein et al. 2015). The dotted line is the row "
    "that is looked at."
)
HOW_NEEDED = (
    "A column is shuffled among the test rows, of at most 2,000 (Breiman 2001), 200 times over rows drawn anew: the "
    "interval holds the middle 95 % of what that costs. A column that is not needed may still be used."
)
# Columns that a sentence names.
MOST_NAMED = 3
NO_OTHER_ROW = "Every row that was learned from gets the same answer."
HOW_SEARCHED = (
    "Each column alone and each pair on a grid of their values, larger sets from those that came nearest; what was "
    "found is drawn back as far as the answer holds. What a network answers is not what would happen: to change a "
    "value is not to change its cause."
)


def headline(title: str, prediction: Prediction) -> str:
    """The answer, and how sure it is."""
    winner = prediction.winner
    return (
        f"{short_title(title)} calls this row {prediction.classes[winner]}: "
        f"{percent(prediction.strength(winner))} sure."
    )


def beside_baseline(found: Beside) -> str:
    """How often the network is right, and whether it can be told apart from its baseline."""
    difference = 100 * (found.accuracy - found.baseline)
    verdict = (
        "is better" if found.low > 0 else "is worse" if found.high < 0 else "cannot be told apart from it"
    )
    return (
        f"It is right about {rate(found.accuracy)} of the {count(found.count, 'test row')}, {found.title} about "
        f"{rate(found.baseline)} of the same: the network {verdict} ({difference:+.1f} points, 95 % interval "
        f"{100 * found.low:.1f} to {100 * found.high:.1f})."
    )


def changed(columns: int, before: Prediction, after: Prediction) -> str:
    """What became of the answer since the row was as the table has it; empty where nothing was changed."""
    if not columns:
        return ""
    name, now = before.classes[before.winner], after.classes[after.winner]
    words = f"With {count(columns, 'value')} changed"
    if before.winner != after.winner:
        return f"{words} it is {now}, not {name}."
    return f"{words} it is still {name}: {percent(before.strength(before.winner))} sure before."


def sums_up(found: TableAttribution) -> str:
    """From which score to which the columns lead."""
    return f"From {three_digits(found.nothing)} to {three_digits(found.explained)}, the score of this row."


def counterfactual(found: Counterfactual, names: Sequence[str]) -> str:
    """Which few columns turn the answer, or that none were found."""
    name, now = found.before.classes[found.before.winner], found.after.classes[found.after.winner]
    if not found.found:
        return f"No few changes turn the answer: it stays {name}."
    changed = enumeration([names[place] for place in found.columns])
    return f"With another {changed} it would be {now}, not {name}."


def nearest(found: NearestOther, names: Sequence[str], classes: Sequence[str]) -> str:
    """What the nearest row with another answer is called and is, and how much of the distance is one column's."""
    first = names[found.columns[0]] if found.columns else ""
    is_right = "rightly" if found.answer == found.label else f"wrongly: it is {classes[found.label]}"
    share = f"; {percent(float(found.shares[0]))} of that is {first}" if first else ""
    return (
        f"Row {found.place:,} of what was learned from is called {classes[found.answer]}, {is_right}. It lies "
        f"{three_digits(found.distance)} spreads away{share}."
    )


def how_far(found: Counterfactual) -> str:
    """How far the changed row is from the data, beside how far rows are from each other."""
    verdict = (
        f"{percent(found.as_far)} of these rows are as far from theirs"
        if found.as_far
        else "none of these rows is as far from its nearest, so the network answers from what it never saw"
    )
    return (
        f"It lies {three_digits(found.distance)} spreads from the nearest row of the data, where "
        f"{three_digits(found.usual)} are usual: {verdict}."
    )


def along(found: Dependence, column: Column, target: str) -> str:
    """How far the probability goes along a column, or from category to category, on average."""
    name = column.name
    first, last = float(found.mean[0]), float(found.mean[-1])
    low, high = float(found.mean.min()), float(found.mean.max())
    if high - low < FLAT:
        return f"On average {name} does not change how probable {target} is."
    if column.categories:
        least, most = (column.word(found.grid[place]) for place in (found.mean.argmin(), found.mean.argmax()))
        return (
            f"On average {target} is likeliest where {name} is {most} ({percent(high)}), and least where it is {least} "
            f"({percent(low)})."
        )
    ends = f"from {percent(first)} to {percent(last)}"
    # Beyond both ends by more than would be seen.
    turns = (
        "" if min(first, last) - low < FLAT and high - max(first, last) < FLAT else ", not in one direction"
    )
    return f"Along {name}, {target} goes {ends} on average{turns}."


def together(found: Dependence, names: Sequence[str]) -> str:
    """That a column goes with another, so that rows with one of them changed alone do not exist."""
    return (
        f"{names[found.column]} goes with {names[found.partner]} (correlation {found.correlation:.2f}): rows in which "
        "one changes alone do not exist, and the network answers the mean's questions from what it never saw. The "
        "dashed line asks only about rows that do (accumulated local effects; Apley and Zhu 2020)."
    )


def needed(found: Importance, names: Sequence[str]) -> str:
    """Which columns the network needs, as far as that can be told."""
    if not found.needed:
        return "No single column is needed: that it loses anything without one cannot be told."
    first = [names[place] for place in found.needed[:MOST_NAMED]]
    more = len(found.needed) - len(first)
    others = f" and {count(more, 'other')}" if more else ""
    named = f"{', '.join(first)}{others}" if more else enumeration(first)
    lost = 100 * float(found.lost[found.needed[0]])
    return f"It needs {named}; without the first it loses {lost:.1f} points of {rate(found.accuracy)}."


def stand_in(found: Importance, names: Sequence[str]) -> str:
    """Which columns say the same, so that each can be missed; empty where none do."""
    if not found.twins:
        return ""
    one, other = found.twins[0]
    more = len(found.twins) - 1
    pairs = (
        f"{count(more + 1, 'pair')} of columns say nearly the same, as"
        if more
        else "Two columns say nearly the same:"
    )
    return (
        f"{pairs} {names[one]} and {names[other]}: each can be missed because the other is there, and both look "
        "small."
    )
