"""Tables of people's own, kept beside the runs that learn from them, by digest: `table:<digest>` in their settings."""

from __future__ import annotations

import dataclasses
import re
import secrets
import time
from functools import lru_cache
from pathlib import Path

import numpy as np

from models.runtime.errors import UserError
from models.table.found import MOST_CATEGORIES, NUMBER, FoundTable
from models.table.reading import read
from models.table.split import FEWEST, count_shared, part
from models.table.tables import LabelledTable, Rows
from models.training import runs
from models.training.config import Config
from models.training.kinds import TABLE_FILE

SCHEME = "table:"
# Digits of the digest: 64 bits do not collide by accident.
DIGITS = 16
ADDRESS = re.compile(rf"{SCHEME}([0-9a-f]{{{DIGITS}}})")
# What a labelled table is called: the table, and the place of the column that is learned.
LABELLED = re.compile(rf"({SCHEME}[0-9a-f]{{{DIGITS}}}):(\d{{1,3}})")
FOLDER = ".tables"
# Seconds that a table is kept although no run names it yet.
PATIENCE = 3600.0
# Tables in memory at once; 200,000 rows of 200 columns are 320 MB.
AT_ONCE = 3


def keep(table: FoundTable) -> str:
    """Keep a table for runs to learn from; how their settings name it. Raises UserError where the disk is full."""
    address, folder = SCHEME + table.digest[:DIGITS], runs.root() / FOLDER
    place = _place(address)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _let_go(folder)
        if not place.exists():
            beside = folder / f"{secrets.token_hex(8)}.part"
            try:
                table.save(beside)
                beside.replace(place)
            finally:
                beside.unlink(missing_ok=True)
    except OSError as error:
        raise UserError(
            f"The table cannot be written to {folder} ({error.strerror}); choose another VITRINE_RUNS."
        ) from error
    return address


def keep_file(path: str) -> str:
    """The same of a file; an address stays as it is. Raises UserError where it is none, or no table."""
    if ADDRESS.fullmatch(path):
        return path
    source = Path(path)
    if not source.is_file():
        raise UserError(f"There is no file {path[:200]}; name a table in CSV or Parquet.")
    return keep(read(source, source.name))


def settle(config: Config) -> Config:
    """The settings of a run on a file of one's own, which from here on name the table that is kept of it.

    Raises:
        UserError: if there is no such file, or it cannot be learned from.
    """
    if config.dataset != TABLE_FILE:
        return config
    settled = dataclasses.replace(config, data=keep_file(config.data))
    labelled_table(settled.data, settled.target)
    return settled


def labelled_table(address: str, target: str) -> LabelledTable:
    """A table of one's own with the column that is learned.

    Raises:
        UserError: if it is not kept here, has no such column, or that cannot be learned.
    """
    table = _load(_place(address))
    return _labelled(address, table.place(target))


def is_labelled(name: str) -> bool:
    """Whether that is what a labelled table of one's own is called."""
    return LABELLED.fullmatch(name) is not None


def find_labelled(name: str) -> LabelledTable:
    """The labelled table that is called so. Raises UserError where it is not kept here any more."""
    match = LABELLED.fullmatch(name)
    assert match is not None, "asked only of those that are called so"
    return _labelled(match[1], int(match[2]))


def _place(address: str) -> Path:
    match = ADDRESS.fullmatch(address)
    if match is None:
        raise UserError("A table of one's own is written table:<digits>; drop its file on Training.")
    return runs.root() / FOLDER / f"{match[1]}.npz"


@lru_cache(AT_ONCE)
def _load(place: Path) -> FoundTable:
    if not place.exists():
        raise UserError("The table of this run is not kept here any more; drop its file on Training again.")
    return FoundTable.load(place)


@lru_cache(AT_ONCE)
def _labelled(address: str, place: int) -> LabelledTable:
    table = _load(_place(address))
    if not 0 <= place < len(table.used):
        raise UserError(f"The table has no column {place} to learn; drop its file on Training again.")
    target = table.used[place]
    known = ~np.isnan(table.values[:, place])
    remarks = list(table.remarks)
    if not known.all():
        remarks.append(f"{int((~known).sum()):,} rows have no {target.name} and were left out.")
    table = dataclasses.replace(table, values=table.values[known])
    if target.kind == NUMBER:
        if target.distinct > MOST_CATEGORIES:
            raise UserError(
                f"{target.name} has {target.distinct:,} different numbers, and networks here learn classes, of which "
                f"there can be {MOST_CATEGORIES}; learn another column, or give this one fewer values."
            )
        remarks.append(f"The numbers of {target.name} were taken for classes.")
        names = [column.name for column in table.used]
        table = table.choose(names, {target.name})
    classes = table.used[place].categories
    labels = table.values[:, place].astype(np.int64)
    # A class whose rows were all left out is none.
    counts = np.bincount(labels, minlength=len(classes))
    _check(target.name, classes, counts)
    others = [other for other in range(len(table.used)) if other != place]
    values = table.values[:, others]
    train, test = part(values, labels)
    if shared := count_shared(values, train, test):
        remarks.append(
            f"{shared:,} of the {len(test):,} test rows hold the same as rows that are learned from: the table has "
            "too few different rows to keep them apart."
        )
    rows = Rows(
        tuple(table.fields[other] for other in others),
        {"train": values[train], "test": values[test]},
        {"train": labels[train], "test": labels[test]},
    )
    return LabelledTable(
        name=f"{address}:{place}",
        title=f"a table of your own ({target.name})",
        classes=classes,
        counts={"train": len(train), "test": len(test)},
        licence="yours",
        source="a table that was dropped here",
        load=lambda: rows,
        remarks=tuple(remarks),
    )


def _check(name: str, classes: tuple[str, ...], counts: np.ndarray) -> None:
    if len(classes) < 2:
        raise UserError(f"{name} is the same in all rows; learn a column that differs.")
    few = int(counts.argmin())
    if counts[few] < FEWEST:
        raise UserError(
            f"{name} is {classes[few]!r} in {counts[few]} of the rows, too few to learn and to test; leave these rows "
            f"out, or join classes, so that each has {FEWEST} rows at least."
        )


def _let_go(folder: Path) -> None:
    """Delete the tables that no run learned from, except what came a moment ago."""
    named = {run.config.data for run in (*runs.listing().runs, *runs.deleted())}
    for place in folder.iterdir():
        if SCHEME + place.stem not in named and time.time() - place.stat().st_mtime > PATIENCE:
            place.unlink(missing_ok=True)
