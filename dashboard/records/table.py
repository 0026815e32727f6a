"""Records of a row of a table that a network reads: what each column counts for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dashboard.records.arrays import ArrayRecord
from dashboard.records.attribution import Outcome
from dashboard.records.pictures import Prediction


@dataclass(frozen=True, eq=False)
class TableAttribution(ArrayRecord):
    """How much each column of a row speaks for the explained quantity.

    Attributes:
        method: name in the table of methods for tables.
        values: (C,) float64; None where refused.
        outcome: of the checks, by the same thresholds as for pictures.
        explained: the target's logit.
        nothing: the logit that the values lead from: the mean over other rows, or that of the mean row.
        errors: (C,) standard errors; None where nothing was sampled.
        seconds: that all this took.
    """

    method: str
    values: np.ndarray | None
    outcome: Outcome
    explained: float
    nothing: float
    errors: np.ndarray | None = None
    seconds: float = 0.0

    @property
    def ranking(self) -> list[int]:
        """Columns, the largest value without its sign first; of a record that is not refused."""
        assert self.values is not None, "a refused record has no values"
        return [int(place) for place in np.argsort(-np.abs(self.values), kind="stable")]


@dataclass(frozen=True)
class Beside:
    """How often a network is right beside its baseline, on the same test rows.

    Attributes:
        title: what the baseline is, in words.
        count: test rows.
        accuracy: share of them that the network is right about, in [0, 1].
        baseline: that of the baseline.
        low: lower end of the 95 % interval of the network's share less the baseline's.
        high: upper end.
    """

    title: str
    count: int
    accuracy: float
    baseline: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Counterfactual(ArrayRecord):
    """The nearest row that a network calls something else, or that none was found.

    Attributes:
        row: (C,) float64, as the table has it; the row that is explained where none was found.
        columns: that differ, in order; empty where none was found, which is a finding.
        before: answer to the row that is explained.
        after: answer to this one.
        distance: from it to the nearest row of the data: the sum of differences, each over its column's spread.
        usual: that distance of a row of the data to its nearest, the median.
        as_far: share of these rows that are at least as far from their nearest as this one.
        tried: rows that the network read.
        seconds: that this took.
    """

    row: np.ndarray
    columns: tuple[int, ...]
    before: Prediction
    after: Prediction
    distance: float
    usual: float
    as_far: float
    tried: int
    seconds: float

    @property
    def found(self) -> bool:
        """Whether there is such a row."""
        return bool(self.columns)


@dataclass(frozen=True, eq=False)
class NearestOther(ArrayRecord):
    """The nearest row of the data that a network calls something else.

    Attributes:
        place: its number among the rows that were gone through.
        row: (C,) float64, as the table has it.
        answer: class index that the network gives it.
        label: class index that it has.
        distance: from the row that is looked at: differences over spreads, added up.
        columns: that differ, the largest difference first.
        shares: (D,) of the distance, of each of them.
    """

    place: int
    row: np.ndarray
    answer: int
    label: int
    distance: float
    columns: tuple[int, ...]
    shares: np.ndarray


@dataclass(frozen=True)
class GroupRate:
    """A share among the rows of one group.

    Attributes:
        count: rows that it is taken of.
        share: in [0, 1]; None where there are too few.
        low: lower end of its 95 % interval.
        high: upper end.
        gap: by how much it is above that of all other groups together, with the ends of the 95 % interval; None where
            there are too few of one or the other.
    """

    count: int
    share: float | None
    low: float = 0.0
    high: float = 1.0
    gap: tuple[float, float, float] | None = None


@dataclass(frozen=True, eq=False)
class Groups(ArrayRecord):
    """How a network treats groups of rows.

    Attributes:
        column: that tells them.
        names: of the groups.
        counts: (G,) rows of each.
        missing: rows that are in none, as they have no value.
        target: class index that is counted.
        rates: what is counted -> a share for each group: how many are "called" the class, how many answers are "right",
            how many that are of the class are "missed", how many that are not are "wrongly" called it.
    """

    column: str
    names: tuple[str, ...]
    counts: np.ndarray
    missing: int
    target: int
    rates: Mapping[str, tuple[GroupRate, ...]]


@dataclass(frozen=True, eq=False)
class Dependence(ArrayRecord):
    """How an answer changes with one column.

    Attributes:
        column: place of it.
        grid: (G,) its values.
        mean: (G,) the answer there, on average over rows of the data, in which all else stays: partial dependence.
        curves: (B, G) the same of each row.
        edges: (K + 1,) of the bins of local effects; none for categories.
        effects: (K + 1,) local effects accumulated up to each edge, with mean 0 over the data.
        partner: place of the column that it goes most with.
        correlation: with that one, Pearson's.
        together: whether they go so much together that rows with one of them changed do not exist.
    """

    column: int
    grid: np.ndarray
    mean: np.ndarray
    curves: np.ndarray
    edges: np.ndarray
    effects: np.ndarray
    partner: int
    correlation: float
    together: bool


@dataclass(frozen=True, eq=False)
class Importance(ArrayRecord):
    """What each column adds to the share of rows that a network gets right.

    Attributes:
        accuracy: share that is right as the rows are, in [0, 1].
        lost: (C,) by how much it falls when a column is another row's, the mean of the draws.
        low: (C,) lower end of the 95 % interval.
        high: upper end.
        twins: pairs of columns that go so much together that each can be missed because of the other.
    """

    accuracy: float
    lost: np.ndarray
    low: np.ndarray
    high: np.ndarray
    twins: tuple[tuple[int, int], ...]

    @property
    def ranking(self) -> list[int]:
        """Columns, the one that is needed most first."""
        return [int(place) for place in np.argsort(-self.lost, kind="stable")]

    @property
    def needed(self) -> list[int]:
        """Those of them that can be told from columns that nothing depends on."""
        return [place for place in self.ranking if self.low[place] > 0]
