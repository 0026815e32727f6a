"""A table that was found: chosen from, kept and found again."""

from __future__ import annotations

import numpy as np
import pytest

from models.runtime.errors import UserError
from models.table.found import CATEGORY, LEFT_OUT, MOST_CATEGORIES, NUMBER, FoundColumn, FoundTable

TABLE = FoundTable(
    (
        FoundColumn("size", NUMBER, 1, 3, "1.5"),
        FoundColumn("id", LEFT_OUT, 0, 4, "1", "counts the rows"),
        FoundColumn("class", NUMBER, 0, 2, "1"),
        FoundColumn("kind", CATEGORY, 0, 2, "red", "", ("green", "red")),
    ),
    np.array([[1.5, 1, 0], [np.nan, 2, 1], [0.1, 2, 1], [7, 1, 0]]),
    ("Its cells are parted by tabs.",),
)


def test_it_comes_back_as_it_was(tmp_path):
    TABLE.save(tmp_path / "t.npz")
    back = FoundTable.load(tmp_path / "t.npz")
    assert back.columns == TABLE.columns and back.remarks == TABLE.remarks and back.digest == TABLE.digest
    np.testing.assert_array_equal(back.values, TABLE.values)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"nonsense"])
def test_a_damaged_file_is_one_sentence(tmp_path, content):
    (tmp_path / "t.npz").write_bytes(content)
    with pytest.raises(UserError, match="damaged"):
        FoundTable.load(tmp_path / "t.npz")


def test_numbers_become_categories_and_columns_are_left_out():
    chosen = TABLE.choose({"size", "class"}, {"class"})
    assert [(column.name, column.kind) for column in chosen.columns] == [
        ("size", NUMBER),
        ("class", CATEGORY),
    ]
    assert chosen.columns[1].categories == ("1", "2") and chosen.values[:, 1].tolist() == [0, 1, 1, 0]
    assert chosen.digest != TABLE.digest
    halves = TABLE.choose({"size"}, {"size"})
    assert halves.columns[0].categories == ("0.1", "1.5", "7") and np.isnan(halves.values[1, 0])
    with pytest.raises(UserError, match="No column stays"):
        TABLE.choose(set())


def test_too_many_numbers_are_no_categories():
    many = FoundTable(
        (FoundColumn("n", NUMBER, 0, MOST_CATEGORIES + 1, "0"),), np.arange(MOST_CATEGORIES + 1.0)[:, None]
    )
    with pytest.raises(UserError, match="leave it a number"):
        many.choose({"n"}, {"n"})


def test_a_column_is_found_by_name():
    assert TABLE.place("kind") == 2
    with pytest.raises(UserError, match="choose one of size, class, kind"):
        TABLE.place("id")
