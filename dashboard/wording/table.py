"""What a network says of a row of a table, in a few sentences."""

from __future__ import annotations

from dashboard.records.pictures import Prediction
from dashboard.records.table import TableAttribution
from dashboard.wording.numbers import count, percent, rate, short_title, three_digits
from models.baseline import Baseline
from models.training.effect import difference_interval


def headline(title: str, prediction: Prediction) -> str:
    """The answer, and how sure it is."""
    winner = prediction.winner
    return (
        f"{short_title(title)} calls this row {prediction.classes[winner]}: "
        f"{percent(prediction.strength(winner))} sure."
    )


def beside_baseline(accuracy: float, baseline: Baseline) -> str:
    """How often the network is right, and whether it can be told apart from its baseline."""
    low, high = difference_interval(baseline.accuracy, accuracy, baseline.count)
    difference = 100 * (accuracy - baseline.accuracy)
    verdict = "is better" if low > 0 else "is worse" if high < 0 else "cannot be told apart from it"
    return (
        f"It is right about {rate(accuracy)} of the {count(baseline.count, 'test row')}, {baseline.title} about "
        f"{rate(baseline.accuracy)}: the network {verdict} ({difference:+.1f} points, 95 % interval "
        f"{100 * low:.1f} to {100 * high:.1f})."
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
