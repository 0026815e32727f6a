"""What was found in a table that somebody dropped, and what becomes of it, in words."""

from __future__ import annotations

from dashboard.wording.numbers import count
from models.table.found import LEFT_OUT, FoundTable

SHARED = (
    "Its rows are kept with the run, until the run is deleted: whoever uses this server sees them there, as they see "
    "the run."
)


def found(table: FoundTable) -> str:
    """How large it is, and how much of it can be learned from."""
    left_out = sum(column.kind == LEFT_OUT for column in table.columns)
    rest = f"; {count(left_out, 'other')} left out, the last column of the list says why" if left_out else ""
    return f"{count(len(table), 'row')}, {count(len(table.used), 'column')} to learn from or to learn{rest}."


def told(table: FoundTable) -> str:
    """What was assumed of the file as a whole; empty where nothing was."""
    return " ".join(table.remarks)
