"""What is known of a labelled table before it is in memory, and its rows once they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.table.columns import Field


@dataclass(frozen=True, eq=False)
class Rows:
    """Labelled rows; shared by everyone.

    Attributes:
        fields: the C columns.
        values: split -> (N, C); see Columns.
        targets: split -> class indices of shape (N,).
    """

    fields: tuple[Field, ...]
    values: Mapping[str, NDArray[np.float64]]
    targets: Mapping[str, NDArray[np.int64]]


@dataclass(frozen=True, eq=False)
class LabelledTable:
    """One labelled table.

    Attributes:
        name: as in the address, unique among all datasets.
        title: as on the page.
        classes: one name per class index.
        counts: split -> number of rows.
        licence: of the rows.
        source: whom to credit and where this copy comes from, in words.
        load: the rows, the same object at every call.
        remarks: what was assumed when they were read, a sentence each.
    """

    name: str
    title: str
    classes: tuple[str, ...]
    counts: Mapping[str, int]
    licence: str
    source: str
    load: Callable[[], Rows]
    remarks: tuple[str, ...] = ()
