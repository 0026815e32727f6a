"""What is asked of a network and a row of a table."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dashboard.inspection.table.counterfactual import counterfactual as find_counterfactual
from dashboard.inspection.table.dependence import dependence as measure_dependence
from dashboard.inspection.table.method import TableMethod
from dashboard.inspection.table.run import attribute, probabilities, read_row
from dashboard.records.pictures import Prediction
from dashboard.records.table import Beside, Counterfactual, Dependence, TableAttribution
from dashboard.results.result import Result
from models.table.baseline import TITLE, baseline_answers
from models.table.classifier import TableClassifier
from models.training.effect import same_examples_interval
from models.training.tables import table_of

# Rows that stand for "anything", drawn from what was learned from.
BACKGROUND, SEED = 100, 0


@dataclass(frozen=True, eq=False)
class TableSubject:
    """A network reading a row.

    Attributes:
        classifier: the network, shared.
        row: (C,) float64, as the table has it.
        prediction: its answer.
        target: index of the class that is explained.
    """

    classifier: TableClassifier
    row: NDArray[np.float64]
    prediction: Prediction
    target: int

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the row, hexadecimal: what stands for it in keys."""
        return hashlib.sha256(self.row.tobytes()).hexdigest()


def subject(classifier: TableClassifier, row: NDArray[np.float64], target: int | None = None) -> TableSubject:
    """A network reading a row; its first answer is explained unless another class is chosen."""
    prediction = read_row(classifier.module, classifier.columns.encode(row), classifier.classes)
    return TableSubject(classifier, row, prediction, prediction.winner if target is None else target)


def background(classifier: TableClassifier) -> NDArray[np.float64]:
    """Rows of what it learned from, (B, C), always the same ones."""
    rows = table_of(classifier.fits).load().values["train"]
    places = np.random.default_rng(SEED).permutation(len(rows))[:BACKGROUND]
    return np.asarray(rows[np.sort(places)])


def beside_baseline(classifier: TableClassifier) -> Result[Beside]:
    """How often the network is right on the test rows, beside a logistic regression on what it reads."""
    table = table_of(classifier.fits)

    def work(_: object) -> Beside:
        rows = table.load()
        targets = rows.targets["test"]
        own = probabilities(classifier.module, classifier.encode(rows.values["test"]).numpy()).argmax(1)
        right, theirs = own == targets, baseline_answers(classifier.columns, rows) == targets
        low, high = same_examples_interval(theirs, right)
        return Beside(TITLE, len(targets), float(right.mean()), float(theirs.mean()), low, high)

    return Result(classifier.key, "beside a baseline", (table.name,), work, "The baseline")


def attribution(subject: TableSubject, method: TableMethod) -> Result[TableAttribution]:
    """What each column counts for, by one method."""
    classifier = subject.classifier

    def work(_: object) -> TableAttribution:
        encode = classifier.columns.encode
        return attribute(
            classifier.module,
            encode(subject.row),
            encode(background(classifier)),
            method=method,
            target=subject.target,
            column=classifier.columns.of_encoded,
        )

    return Result(
        classifier.key,
        "attribution of a row",
        (subject.digest, method.name, subject.target),
        work,
        method.title,
    )


def counterfactual(subject: TableSubject, fixed: frozenset[int]) -> Result[Counterfactual]:
    """The nearest row that the network calls something else, where some columns cannot change."""
    classifier = subject.classifier
    return Result(
        classifier.key,
        "counterfactual",
        (subject.digest, tuple(sorted(fixed))),
        lambda report: find_counterfactual(
            classifier.module,
            classifier.columns,
            subject.row,
            background(classifier),
            classifier.classes,
            fixed,
            report,
        ),
        "The nearest row with another answer",
        "slow",
    )


def dependence(subject: TableSubject, column: int) -> Result[Dependence]:
    """How the probability of the explained class depends on a column, over rows of the data."""
    classifier, target = subject.classifier, subject.target

    def work(_: object) -> Dependence:
        def answer(rows: NDArray[np.float64]) -> NDArray[np.float64]:
            return probabilities(classifier.module, classifier.columns.encode(rows))[:, target]

        return measure_dependence(answer, classifier.columns, background(classifier), column)

    return Result(
        classifier.key, "dependence on a column", (target, column), work, classifier.columns.names[column]
    )
