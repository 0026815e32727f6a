"""Tables to take away."""

from __future__ import annotations

import csv
import io

import pytest
import streamlit

from dashboard.components import tables
from dashboard.components.tables import csv_cell, csv_text
from tests.networks import Linear, classifier


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_what_a_spreadsheet_takes_for_a_formula_is_escaped(text):
    assert csv_cell(text) == f"'{text}"


def test_texts_are_escaped_and_numbers_stay():
    text = csv_text({"=name": ["a,b", '=HYPERLINK("x")'], "value": [-1.5, None]})
    rows = list(csv.reader(io.StringIO(text)))
    assert rows == [["'=name", "value"], ["a,b", "-1.5"], ['\'=HYPERLINK("x")', ""]]


def test_a_file_is_called_after_what_it_is_about(monkeypatch):
    names = []
    monkeypatch.setattr(streamlit, "download_button", lambda label, data, name, *_, **__: names.append(name))
    key = classifier(Linear()).key
    tables.take_away({"a": [1]}, "spectra", "spectra-csv", of=key)
    tables.take_away({"a": [1]}, "curves", "curves-csv")
    assert names == [f"spectra-{key.digest[:8]}.csv", "curves.csv"]
