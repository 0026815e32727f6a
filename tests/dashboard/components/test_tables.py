"""Tables to take away."""

from __future__ import annotations

import csv
import io

import pytest

from dashboard.components.tables import csv_cell, csv_text


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_what_a_spreadsheet_takes_for_a_formula_is_escaped(text):
    assert csv_cell(text) == f"'{text}"


def test_texts_are_escaped_and_numbers_stay():
    text = csv_text({"=name": ["a,b", '=HYPERLINK("x")'], "value": [-1.5, None]})
    rows = list(csv.reader(io.StringIO(text)))
    assert rows == [["'=name", "value"], ["a,b", "-1.5"], ['\'=HYPERLINK("x")', ""]]
