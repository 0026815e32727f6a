"""The chart of one column: curves of rows, their mean, and local effects where columns go together."""

from __future__ import annotations

import math

import numpy as np

from dashboard.charts.table.dependence import MOST_CURVES, dependence
from dashboard.inspection.table.dependence import dependence as measure
from models.table.columns import Columns, Field

DRAWS = np.random.default_rng(0)


def measured(answer, data, *categories):
    columns = Columns.of([Field("a", categories), Field("b")], data)
    return measure(answer, columns, data, 0), columns.columns[0]


def test_local_effects_are_drawn_only_where_columns_go_together():
    apart = DRAWS.normal(size=(200, 2))
    found, column = measured(lambda rows: rows[:, 0] / 10, apart)
    figure = dependence(found, column, 0.3, "#112233")
    assert [trace.name for trace in figure.data] == ["each row", "mean over rows (partial dependence)"]
    assert np.isnan(np.asarray(figure.data[0].y)).sum() <= MOST_CURVES
    assert figure.layout.shapes[0].x0 == 0.3
    twins = np.repeat(apart[:, :1], 2, 1)
    found, column = measured(lambda rows: rows[:, 0] / 10, twins)
    figure = dependence(found, column, 0.3, "#112233")
    assert figure.data[2].name == "among rows that exist (ALE)"


def test_categories_stand_by_name_and_never_as_markup():
    data = np.array([[0.0, 1], [1, 2], [2, 3], [1, 4]])
    found, column = measured(lambda rows: rows[:, 0] / 10, data, "red", "<b>green</b>", "blue")
    figure = dependence(found, column, math.nan, "#112233")
    assert "<" not in "".join(figure.layout.xaxis.ticktext) and figure.layout.xaxis.ticktext[::2] == (
        "red",
        "blue",
    )
    assert figure.layout.xaxis.tickvals == (0, 1, 2)
    # The row has no value: nothing says where it stands.
    assert not figure.layout.shapes
    assert len(figure.data) == 2
