"""Tables to take away as CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

import streamlit as st

from models.classifier import Key


def csv_text(columns: Mapping[str, Sequence[object]]) -> str:
    """Columns of equal length as CSV; texts are escaped, numbers are whole."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([csv_cell(name) for name in columns])
    for row in zip(*columns.values(), strict=True):
        writer.writerow([csv_cell(value) if isinstance(value, str) else value for value in row])
    return file.getvalue()


def csv_cell(text: str) -> str:
    """Text for a CSV cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def take_away(columns: Mapping[str, Sequence[object]], name: str, key: str, *, of: Key | None = None) -> None:
    """A button that downloads a table as CSV.

    Args:
        columns: name -> cells.
        name: of the file, without its ending.
        key: of the button.
        of: what the table is about, whose short key is added to the name.
    """
    mark = "" if of is None else f"-{of.short}"
    st.download_button(
        "Table (CSV)",
        lambda: csv_text(columns),
        f"{name}{mark}.csv",
        "text/csv",
        key=key,
        icon=":material/download:",
        on_click="ignore",
    )
