"""The labelled tables that come with scikit-learn: nothing is fetched, nothing of them ships with the app."""

from __future__ import annotations

from functools import cache, partial

import numpy as np

from models.table.columns import Field
from models.table.split import part
from models.table.tables import LabelledTable, Rows


@cache
def _load(loader: str) -> Rows:
    from sklearn import datasets

    bunch = getattr(datasets, loader)()
    values, targets = np.asarray(bunch.data, np.float64), np.asarray(bunch.target, np.int64)
    train, test = part(values, targets)
    return Rows(
        tuple(Field(str(name)) for name in bunch.feature_names),
        {"train": values[train], "test": values[test]},
        {"train": targets[train], "test": targets[test]},
    )


BREAST_CANCER = LabelledTable(
    "breast-cancer",
    "Breast cancer Wisconsin",
    # As the file counts them: 1 is benign.
    ("malignant", "benign"),
    {"train": 426, "test": 143},
    "CC BY 4.0",
    "Wolberg, Mangasarian, Street and Street, UCI, 1993; the copy that comes with scikit-learn",
    partial(_load, "load_breast_cancer"),
)
WINE = LabelledTable(
    "wine",
    "Wine",
    ("cultivar 1", "cultivar 2", "cultivar 3"),
    {"train": 133, "test": 45},
    "CC BY 4.0",
    "Aeberhard and Forina, UCI, 1991; the copy that comes with scikit-learn",
    partial(_load, "load_wine"),
)
IRIS = LabelledTable(
    "iris",
    "Iris",
    ("setosa", "versicolor", "virginica"),
    {"train": 112, "test": 38},
    "CC BY 4.0",
    "Fisher, UCI, 1936; the copy that comes with scikit-learn",
    partial(_load, "load_iris"),
)
# Pictures of 8 x 8 as rows: a network that reads them so knows nothing of neighbours.
DIGITS = LabelledTable(
    "digits",
    "Digits of 8 x 8",
    tuple(map(str, range(10))),
    {"train": 1347, "test": 450},
    "CC BY 4.0",
    "Alpaydin and Kaynak, UCI, 1998; the copy that comes with scikit-learn",
    partial(_load, "load_digits"),
)
