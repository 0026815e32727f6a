"""The labelled tables that come with scikit-learn: nothing is fetched, nothing of them ships with the app."""

from __future__ import annotations

from functools import cache, partial

import numpy as np

from models.table.tables import LabelledTable, Rows

# A quarter of the rows is looked at once, at the end; they are drawn from each class alike, since two of the sets are
# sorted by class.
TEST, SEED = 0.25, 0


@cache
def _load(loader: str) -> Rows:
    from sklearn import datasets
    from sklearn.model_selection import train_test_split

    bunch = getattr(datasets, loader)()
    values, targets = np.asarray(bunch.data, np.float64), np.asarray(bunch.target, np.int64)
    # Iris holds one flower twice: on either side of the split, it would be learned from and tested with.
    first = np.sort(np.unique(np.column_stack([values, targets]), axis=0, return_index=True)[1])
    values, targets = values[first], targets[first]
    parts = train_test_split(values, targets, test_size=TEST, random_state=SEED, stratify=targets)
    return Rows(
        tuple(str(name) for name in bunch.feature_names),
        {"train": parts[0], "test": parts[1]},
        {"train": parts[2], "test": parts[3]},
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
    {"train": 111, "test": 38},
    "CC BY 4.0",
    "Fisher, UCI, 1936; the copy that comes with scikit-learn",
    partial(_load, "load_iris"),
)
