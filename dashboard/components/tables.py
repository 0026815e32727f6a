"""Tables: to tick a row of, and to take away as CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Literal

import streamlit as st

from dashboard import session
from models.classifier import Key


def pick(
    columns: Mapping[str, Sequence[object]],
    *,
    key: str,
    alt: str,
    choose: Callable[[int], None],
    chosen: Sequence[int] | None = None,
    config: dict[str, Any] | None = None,
    height: int | Literal["auto"] = "auto",
) -> None:
    """A table of which a row can be ticked; what is not known stays empty.

    Args:
        columns: name -> cells.
        key: of the widget.
        alt: what it shows, in words.
        choose: called with the number of the row that is ticked.
        chosen: the rows that are ticked now; None leaves it to the widget.
        config: how a column is written, by its name.
        height: in pixels.
    """
    ticked = {"selection": {"rows": chosen, "columns": [], "cells": []}}
    st.dataframe(
        dict(columns),
        hide_index=True,
        key=key if chosen is None else session.control(key, ticked),
        on_select=partial(hand_on, key, choose),
        selection_mode="single-row",
        column_config=config,
        height=height,
        placeholder="",
        alt=alt,
    )


def hand_on(key: str, choose: Callable[[int], None]) -> None:
    """Say which rows of the table of that key are ticked."""
    for row in session.entry(key)["selection"]["rows"]:
        choose(row)


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
