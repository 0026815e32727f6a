"""What is asked of a network over all rows of its table: what it needs, what imitates it, whom it treats how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dashboard.inspection.surrogate import verdict
from dashboard.inspection.surrogate.reading import readings_of
from dashboard.inspection.surrogate.tree import grow
from dashboard.inspection.table.groups import groups as measure_groups
from dashboard.inspection.table.importance import importance as measure_importance
from dashboard.inspection.table.nearest import nearest_other as find_nearest
from dashboard.inspection.table.run import probabilities
from dashboard.inspection.table.surrogate import row_features
from dashboard.records.surrogate import Readings, Surrogate
from dashboard.records.table import Groups, Importance, NearestOther
from dashboard.results.result import Result
from dashboard.results.table import TableSubject
from models.table.classifier import TableClassifier
from models.table.columns import Values
from models.training.tables import table_of

LEARNED, HELD_OUT = "train", "test"


@dataclass(frozen=True, eq=False)
class ReadTable:
    """A table and what a network answers to each row of it.

    Attributes:
        classifier: the network, shared.
    """

    classifier: TableClassifier

    def values(self, split: str) -> Values:
        """(N, C), rows of a part."""
        return table_of(self.classifier.fits).load().values[split]

    def labels(self, split: str) -> NDArray[np.int64]:
        """(N,), the classes that they have."""
        return table_of(self.classifier.fits).load().targets[split]

    @cached_property
    def all_values(self) -> Values:
        """Rows that were learned from, then the others."""
        return np.concatenate([self.values(LEARNED), self.values(HELD_OUT)])

    def answers(self, values: Values) -> NDArray[np.int64]:
        """The class that the network gives each row: (N, C) -> (N,)."""
        return np.asarray(
            probabilities(self.classifier.module, self.classifier.columns.encode(values)).argmax(1)
        )

    @cached_property
    def readings(self) -> Readings:
        """Of all rows, as a tree is grown from them."""
        labels = np.concatenate([self.labels(LEARNED), self.labels(HELD_OUT)])
        held_out = np.arange(len(labels)) >= len(self.labels(LEARNED))
        return readings_of(self.answers(self.all_values), labels, held_out)


def importance(classifier: TableClassifier) -> Result[Importance]:
    """Which columns the network needs on the test rows of its table."""
    table = ReadTable(classifier)

    def work(report: Callable[[float], None]) -> Importance:
        return measure_importance(
            table.answers, classifier.columns, table.values(HELD_OUT), table.labels(HELD_OUT), report
        )

    return Result(
        classifier.key, "importance of columns", (classifier.fits,), work, "Which columns it needs", "slow"
    )


def tree_refusal(classifier: TableClassifier) -> Result[str | None]:
    """Why no tree on columns is grown for a network; None where one is."""
    return Result(
        classifier.key,
        "whether a tree on columns",
        (classifier.fits,),
        lambda _: verdict.nothing_to_explain(
            ReadTable(classifier).readings, classifier.classes, trained=classifier.trained, things="rows"
        ),
        "Reading all rows",
    )


def tree(classifier: TableClassifier) -> Result[Surrogate]:
    """A tree that asks about columns and imitates the network; measured on the test rows."""

    def work(report: Callable[[float], None]) -> Surrogate:
        table = ReadTable(classifier)
        return grow(table.readings, row_features(classifier.columns, table.all_values), report)

    return Result(
        classifier.key, "tree on columns", (classifier.fits,), work, "Growing the tree on columns", "slow"
    )


def features(subject: TableSubject) -> np.ndarray:
    """(F,) what a tree on columns asks about, of the row that is looked at."""
    return np.asarray(row_features(subject.classifier.columns, subject.row[None]).values[0])


def nearest_other(subject: TableSubject) -> Result[NearestOther | None]:
    """The nearest row that was learned from and that the network calls something else; None where there is none."""
    classifier = subject.classifier

    def work(_: object) -> NearestOther | None:
        table = ReadTable(classifier)
        values = table.values(LEARNED)
        return find_nearest(
            classifier.columns,
            subject.row,
            values,
            table.answers(values),
            table.labels(LEARNED),
            subject.prediction.winner,
        )

    return Result(
        classifier.key, "nearest other row", (subject.digest,), work, "The nearest row with another answer"
    )


def groups(subject: TableSubject, column: int) -> Result[Groups]:
    """How the network treats groups of the test rows, as it names the explained class."""
    classifier, target = subject.classifier, subject.target

    def work(_: object) -> Groups:
        table = ReadTable(classifier)
        values = table.values(HELD_OUT)
        return measure_groups(
            classifier.columns.columns[column],
            values[:, column],
            table.answers(values),
            table.labels(HELD_OUT),
            target,
        )

    return Result(classifier.key, "groups of rows", (classifier.fits, column, target), work, "Groups of rows")
