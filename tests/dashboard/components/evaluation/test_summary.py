"""The finding of an evaluation, its three lines and its numbers."""

from __future__ import annotations

from dashboard.components.evaluation import summary
from dashboard.wording.evaluation import headline
from dashboard.wording.numbers import rate, three_digits
from tests.dashboard.components.component import texts
from tests.dashboard.components.evaluation.evaluated import shown_by, subject


def test_the_numbers_are_those_of_the_evaluation():
    evaluation, app = subject().evaluation, shown_by(summary.numbers)
    accuracy = evaluation.accuracy
    assert texts(shown_by(summary.finding).header) == [
        headline(subject().view.model.title, accuracy, subject().labelled.pool.title, 10, trained=True)
    ]
    assert {metric.label: metric.value for metric in app.metric} == {
        "Accuracy": rate(accuracy.share),
        "95 % interval": f"{rate(accuracy.low)} to {rate(accuracy.high)}",
        "Mean recall": rate(evaluation.balanced),
        "Mean F1": rate(evaluation.macro_f1),
        "Calibration error": three_digits(evaluation.reliability.ece),
    }
    assert texts(app.markdown)[0].count("\n- ") == 2
