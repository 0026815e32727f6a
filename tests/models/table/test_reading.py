"""Tables as people have them: what real readers of tables lose or turn silently is kept, or said."""

from __future__ import annotations

import datetime
import decimal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from models.runtime.errors import UserError
from models.table import csv_file, limits, parquet_file
from models.table.conversion import MOST_CATEGORY
from models.table.found import CATEGORY, LEFT_OUT, MOST_CATEGORIES, NUMBER, FoundTable
from models.table.limits import RefusalError
from models.table.reading import read


@pytest.fixture
def csv(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "table.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return csv_file.read(path)

    return write


@pytest.fixture
def parquet(tmp_path):
    def write(**columns):
        path = tmp_path / "table.parquet"
        pq.write_table(pa.table(columns), path)
        return parquet_file.read(path)

    return write


def column(table: FoundTable, name):
    return next(column for column in table.columns if column.name == name)


def values(table: FoundTable, name):
    return table.values[:, table.place(name)]


def test_numbers_categories_and_what_is_missing(csv):
    found = csv("size,kind,n\n1.5,red,1\n,green,2\n-2e3,red,4\n+.5, red ,\n")
    assert [(one.kind, one.missing, one.distinct) for one in found.columns] == [
        (NUMBER, 1, 3),
        (CATEGORY, 0, 2),
        (NUMBER, 1, 3),
    ]
    np.testing.assert_array_equal(values(found, "size"), [1.5, np.nan, -2000, 0.5])
    assert column(found, "kind").categories == ("green", "red")
    np.testing.assert_array_equal(values(found, "kind"), [1, 0, 1, 1])
    assert len(found) == 4 and not found.remarks


def test_namibia_is_a_country_and_na_among_numbers_is_missing(csv):
    """pandas takes NA for missing in both, polars in neither."""
    found = csv("country,age\nNA,3\nDE,NA\nNA,5\nFR,?\n")
    assert column(found, "country").categories == ("DE", "FR", "NA") and not column(found, "country").missing
    np.testing.assert_array_equal(values(found, "age"), [3, np.nan, 5, np.nan])
    assert column(found, "age").note == "?, NA taken for missing"


def test_codes_with_zeros_before_and_long_ids_are_names(csv):
    """pandas, polars and pyarrow read 00501 as 501; pyarrow makes two ids of twenty digits one."""
    found = csv(
        "zip,id\n00501,12345678901234567890\n00502,12345678901234567891\n10001,12345678901234567890\n"
    )
    assert column(found, "zip").categories == ("00501", "00502", "10001")
    assert len(column(found, "id").categories) == 2
    assert "taken for names" in column(found, "zip").note
    # A nought alone, and one before a point, are numbers.
    assert column(csv("a,b\n0,0.5\n1,-0.25\n"), "b").kind == NUMBER


def test_one_word_among_numbers_leaves_the_column_out_and_says_where(csv):
    """pandas makes two kinds of 2 of such a column."""
    rows = "\n".join(f"{place / 7},{place % 3}" for place in range(200))
    found = csv(f"a,b,c\n{rows.replace(chr(10), ',x' + chr(10))},y\nabc,1,x\n")
    assert column(found, "a").kind == LEFT_OUT
    assert column(found, "a").note == "200 of 201 are numbers, 'abc' is not"


def test_a_comma_at_each_end_is_no_shift(csv):
    """pandas shifts the columns by one."""
    with pytest.raises(RefusalError, match="has 4 cells in row 2 and 3 in its first"):
        csv("a,b,c\n1,2,3,\n4,5,6,\n")
    found = csv("a,b,\n1,2,\n4,5,\n")
    assert [one.name for one in found.columns] == ["a", "b", "column 3"]
    assert column(found, "column 3").note == "no row has a value"
    np.testing.assert_array_equal(found.values, [[1, 2], [4, 5]])


@pytest.mark.parametrize(("delimiter", "word"), csv_file.DELIMITERS.items())
def test_what_parts_cells_is_found_and_said(csv, delimiter, word):
    found = csv(
        f"name{delimiter}size\na, b and c{delimiter}1\nd{delimiter}2\n".replace("a, b", '"a, b').replace(
            "and c", 'and c"'
        )
    )
    assert column(found, "name").categories == ("a, b and c", "d")
    assert found.remarks == (() if delimiter == "," else (f"Its cells are parted by {word}.",))


def test_decimal_commas_are_read_where_cells_are_parted_otherwise(csv):
    found = csv("a;b\n1,5;2\n-0,25;3\n")
    np.testing.assert_array_equal(values(found, "a"), [1.5, -0.25])
    assert found.remarks == ("Its cells are parted by semicolons.", "Its numbers have decimal commas.")


def test_texts_of_spreadsheets_in_europe_are_read_and_said(csv):
    found = csv("stadt,n\nKöln,1\nBonn,2\n", "cp1252")
    assert column(found, "stadt").categories == ("Bonn", "Köln") and "Windows-1252" in found.remarks[0]
    assert column(csv("\ufeffstadt,n\nKöln,1\nBonn,2\n"), "stadt").categories == ("Bonn", "Köln")


def test_quotes_hold_commas_lines_and_quotes(csv):
    found = csv('a,b\n"x, y",1\n"line\none",2\n"say ""yes""",3\n')
    assert column(found, "a").categories == ("line\none", 'say "yes"', "x, y")


def test_what_says_nothing_is_left_out_with_the_reason(csv):
    rows = "\n".join(
        f"{place},n{place},same,{place % 2},2024-01-{place % 28 + 1:02},{place**2}" for place in range(60)
    )
    found = csv(f"row,name,same,y,day,x\n{rows}\n")
    notes = {one.name: one.note for one in found.columns if one.kind == LEFT_OUT}
    assert notes["row"] == "counts the rows" and notes["same"] == "the same in all rows"
    assert notes["name"].startswith("60 different texts")
    assert "day" not in notes  # 28 of them: categories
    days = "\n".join(
        f"2024-{1 + place // 28:02}-{1 + place % 28:02},{place % 5},{place % 3}" for place in range(90)
    )
    assert column(csv(f"day,a,b\n{days}\n"), "day").note.startswith("dates are not read")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "neither CSV nor Parquet"),
        (b"\x89PNG\r\n\x1a\n\0\0", "neither CSV nor Parquet"),
        ("a\n1\n2\n", "has a single column"),
        ("a,b\n", "no rows below"),
        ("a,a\n1,2\n", "2 columns called 'a'"),
        ("1,2\n3,4\n", "numbers in its first row"),
        ("a,b\n1,2\n3\n", "has 1 cell in row 3 and 2 in its first"),
        ("a,b\n1,2\n".encode("utf-16"), "is in UTF-16"),
        ("a,b\n\x81,2\n".encode("latin-1"), "no text in UTF-8"),
        ("a,b\n1,x\n1,x\n", "fewer than two columns"),
        (f"a,{'b' * 201}\n1,2\n", "name of more than 200 letters"),
        (f"a,b\n1,{'x' * 10_001}\n", "a cell of more than 10,000 letters"),
        (",".join(f"c{place}" for place in range(201)) + "\n", "has 201 columns"),
    ],
)  # fmt: skip
def test_what_is_no_table_gets_one_sentence(csv, text, why):
    with pytest.raises(RefusalError, match=why):
        csv(text)


def test_a_row_more_than_the_bound_is_refused_and_the_bound_is_not(csv, monkeypatch):
    monkeypatch.setattr(csv_file, "MOST_ROWS", 5)
    monkeypatch.setattr(parquet_file, "MOST_ROWS", 5)
    rows = [f"{place % 2},{place}.5" for place in range(6)]
    assert len(csv("a,b\n" + "\n".join(rows[:5]))) == 5
    with pytest.raises(RefusalError, match="has 6 rows, and 5 are read"):
        csv("a,b\n" + "\n".join(rows))


def test_a_cell_of_the_bound_is_read(csv):
    assert len(csv(f"a,b,c\n1,{'x' * 10_000},3\n2,y,4\n3,z,3\n")) == 3


def test_formulas_are_texts(csv):
    found = csv('a,b\n=1+1,1\n"=HYPERLINK(""x"")",2\n=1+1,3\n')
    assert column(found, "a").kind == CATEGORY and "=1+1" in column(found, "a").categories


def test_long_texts_and_many_are_no_categories(csv):
    found = csv(f"a,b,c\n{'x' * (MOST_CATEGORY + 1)},1,2\ny,2,3\n")
    assert column(found, "a").kind == LEFT_OUT
    rows = "\n".join(f"t{place % (MOST_CATEGORIES + 1)},{place % 7},{place % 3}" for place in range(200))
    assert column(csv(f"a,b,c\n{rows}\n"), "a").kind == LEFT_OUT
    rows = "\n".join(f"t{place % MOST_CATEGORIES},{place % 7},{place % 3}" for place in range(200))
    assert column(csv(f"a,b,c\n{rows}\n"), "a").kind == CATEGORY


def test_parquet_keeps_its_types(parquet):
    found = parquet(
        whole=pa.array([1, None, 3], pa.int32()),
        half=pa.array([1.5, float("nan"), None]),
        flag=[True, False, None],
        kind=pa.array(["b", "a", "b"]).dictionary_encode(),
        price=[decimal.Decimal("1.10"), decimal.Decimal("2.20"), None],
        code=["00501", "00502", "00501"],
        day=[datetime.date(2024, 1, 1)] * 3,
        parts=[[1], [2], [3]],
        id=[2**53 + 1, 2**53 + 2, 5],
    )
    kinds = {one.name: one.kind for one in found.columns}
    assert kinds == {
        **{"whole": NUMBER, "half": NUMBER, "flag": CATEGORY, "kind": CATEGORY, "price": NUMBER},
        **{"code": CATEGORY, "day": LEFT_OUT, "parts": LEFT_OUT, "id": LEFT_OUT},
    }
    np.testing.assert_array_equal(values(found, "whole"), [1, np.nan, 3])
    np.testing.assert_array_equal(values(found, "half"), [1.5, np.nan, np.nan])
    np.testing.assert_array_equal(values(found, "flag"), [1, 0, np.nan])
    np.testing.assert_allclose(values(found, "price"), [1.1, 2.2, np.nan])
    assert column(found, "id").note == "numbers of more than 15 digits, as names of things have"
    assert column(found, "flag").categories == ("no", "yes")


def test_a_damaged_parquet_is_refused(tmp_path):
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"a": list(range(100)), "b": [1.0] * 100}), path)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(RefusalError, match="damaged Parquet"):
        parquet_file.read(path)


@pytest.mark.slow
def test_a_file_is_read_in_a_process_of_its_own(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,x\n2,y\n")
    found = read(path, "x.csv")
    assert [one.name for one in found.columns] == ["a", "b"] and found.digest == csv_file.read(path).digest
    path.write_text("a\n1\n")
    with pytest.raises(UserError, match=r"^x\.csv has a single column"):
        read(path, "x.csv")
    stopped = []

    def watch():
        stopped.append(True)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(path, "x.csv", watch)
    assert stopped


def test_too_large_a_file_is_not_opened(tmp_path, monkeypatch):
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")
    monkeypatch.setattr("models.table.reading.MOST_BYTES", 3)
    with pytest.raises(UserError, match="is larger than"):
        read(path, "x.csv")
    assert limits.MOST_BYTES > 10**8


def test_a_parquet_beyond_a_bound_is_refused_by_what_its_end_says(parquet, monkeypatch):
    monkeypatch.setattr(parquet_file, "MOST_UNPACKED", 100)
    with pytest.raises(RefusalError, match="unpacks to more than"):
        parquet(a=list(range(100)), b=[1.5] * 100)
    monkeypatch.undo()
    monkeypatch.setattr(parquet_file, "MOST_ROWS", 3)
    assert len(parquet(a=[1, 2, 3], b=[1, 5, 4])) == 3
    with pytest.raises(RefusalError, match="has 4 rows, and between 1 and 3 are read"):
        parquet(a=[1, 2, 3, 4], b=[1, 5, 4, 4])
    monkeypatch.setattr(parquet_file, "MOST_COLUMNS", 1)
    with pytest.raises(RefusalError, match="has 2 columns"):
        parquet(a=[1, 2], b=[1, 5])


def test_what_the_index_of_a_data_frame_was_is_no_column(parquet):
    found = parquet(a=[1.5, 2.5], b=[3, 4], __index_level_0__=[7, 9])
    assert [one.name for one in found.columns] == ["a", "b"]


def test_a_table_of_too_many_categories_is_refused(csv):
    head = ",".join(f"c{place}" for place in range(50))
    rows = "\n".join(",".join(f"v{row % 45}" for _ in range(50)) for row in range(90))
    with pytest.raises(RefusalError, match="has 2,250 categories in all"):
        csv(f"{head}\n{rows}\n")
