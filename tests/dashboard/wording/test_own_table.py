"""What was found in a table, in a sentence."""

from __future__ import annotations

import numpy as np

from dashboard.wording import own_table
from models.table.found import CATEGORY, LEFT_OUT, NUMBER, FoundColumn, FoundTable

COLUMNS = (FoundColumn("a", NUMBER, 0, 3, "1"), FoundColumn("b", CATEGORY, 0, 2, "x", "", ("x", "y")))


def test_rows_columns_and_what_was_left_out():
    whole = FoundTable(COLUMNS, np.zeros((1200, 2)))
    assert own_table.found(whole) == "1,200 rows, 2 columns to learn from or to learn."
    part = FoundTable(
        (*COLUMNS, FoundColumn("c", LEFT_OUT, 0, 1, "1", "the same in all rows")), np.zeros((1, 2))
    )
    assert own_table.found(part) == (
        "1 row, 2 columns to learn from or to learn; 1 other left out, the last column of the list says why."
    )
    assert own_table.told(part) == ""
