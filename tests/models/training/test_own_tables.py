"""Tables of one's own: kept as long as a run names them, found by their name, and refused in a sentence."""

from __future__ import annotations

import dataclasses
import os
import time

import numpy as np
import pytest
import torch

from models.runtime.errors import UserError
from models.table.found import CATEGORY, NUMBER, FoundColumn, FoundTable
from models.training import data, own_tables, runs
from models.training.config import Config
from models.training.formats.tables import TableFormat
from models.training.runs import status as states
from models.training.session import train
from models.training.tables import table_of
from tests.tables import people

CPU = torch.device("cpu")


def table(rows=60, seed=0):
    draws = np.random.default_rng(seed)
    values = np.column_stack([draws.normal(size=rows), np.arange(rows) % 3, np.arange(rows) % 2])
    values[::7, 0] = np.nan
    return FoundTable(
        (
            FoundColumn("size", NUMBER, 9, rows, "1"),
            FoundColumn("kind", CATEGORY, 0, 3, "a", "", ("a", "b", "c")),
            FoundColumn("class", NUMBER, 0, 2, "1"),
        ),
        values,
    )


def config(address, target="kind", **changes):
    return Config(model="table_mlp", dataset="table", data=address, target=target, **changes)


def test_a_kept_table_is_found_by_what_it_is():
    address = own_tables.keep(table())
    assert own_tables.keep(table()) == address != own_tables.keep(table(seed=1))
    labelled = own_tables.labelled_table(address, "kind")
    assert labelled.classes == ("a", "b", "c") and sum(labelled.counts.values()) == 60
    assert own_tables.is_labelled(labelled.name) and table_of(labelled.name) is labelled
    rows = labelled.load()
    assert [field.name for field in rows.fields] == ["size", "class"]
    assert set(rows.targets["train"].tolist()) == {0, 1, 2}


def test_a_run_learns_from_it_and_its_facts_name_it():
    address = own_tables.keep(table())
    loaded = data.load(config(address), CPU)
    assert loaded.test is not None
    assert loaded.classes == ("a", "b", "c")
    assert len(loaded.test) == table_of(f"{address}:1").counts["test"]
    # A number that may be missing is two, a category of a class of numbers one.
    assert isinstance(loaded.format, TableFormat) and loaded.format.columns.width == 3
    assert data.facts(loaded).fits == f"{address}:1"


def test_numbers_that_are_learned_are_classes_and_that_is_said():
    labelled = own_tables.labelled_table(own_tables.keep(table()), "class")
    assert labelled.classes == ("0", "1")
    assert labelled.remarks == ("The numbers of class were taken for classes.",)


def test_rows_without_what_is_learned_are_left_out_and_that_is_said():
    gaps = table()
    gaps.values[:10, 1] = np.nan
    labelled = own_tables.labelled_table(own_tables.keep(gaps), "kind")
    assert sum(labelled.counts.values()) == 50
    assert labelled.remarks == ("10 rows have no kind and were left out.",)


def test_what_cannot_be_learned_is_refused():
    address = own_tables.keep(table(200))
    with pytest.raises(UserError, match="no column 'x' to learn; choose one of size, kind, class"):
        own_tables.labelled_table(address, "x")
    with pytest.raises(UserError, match="size has 200 different numbers"):
        own_tables.labelled_table(address, "size")
    few = table()
    few.values[:, 1] = np.where(np.arange(60) < 4, 2, 0)
    with pytest.raises(UserError, match=r"kind is 'b' in 0 of the rows"):
        own_tables.labelled_table(own_tables.keep(few), "kind")
    with pytest.raises(UserError, match="not kept here any more"):
        own_tables.labelled_table(f"table:{'0' * 16}", "kind")
    for nonsense in ("../../etc/passwd", "table:xyz", ""):
        with pytest.raises(UserError, match="is written table:"):
            own_tables.labelled_table(nonsense, "kind")
    with pytest.raises(UserError, match="no column 7"):
        table_of(f"{own_tables.keep(table())}:7")


def test_a_table_that_no_run_names_goes_after_a_while():
    old, named = own_tables.keep(table(seed=2)), own_tables.keep(table(seed=3))
    runs.create(config(named))
    folder = runs.root() / own_tables.FOLDER
    for place in folder.iterdir():
        os.utime(place, (time.time() - 2 * own_tables.PATIENCE,) * 2)
    fresh = own_tables.keep(table(seed=4))
    kept = {own_tables.SCHEME + place.stem for place in folder.iterdir()}
    assert kept == {named, fresh} and old not in kept


@pytest.mark.slow
def test_a_file_is_learned_from_end_to_end(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(people())
    settled = own_tables.settle(
        config(str(path), "class", epochs=20, batch_size=16, validation=0.2, threads=1, device="cpu")
    )
    assert own_tables.settle(settled) == settled and own_tables.ADDRESS.fullmatch(settled.data)
    run = runs.create(settled)
    path.unlink()
    assert train(run.path, settled) == states.FINISHED
    assert run.status().scores["test_top1"] > 0.75
    with pytest.raises(UserError, match="There is no file"):
        own_tables.settle(dataclasses.replace(settled, data=str(path)))


def test_other_runs_are_left_as_they_are():
    assert own_tables.settle(Config()) == Config()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"model": "table_mlp", "dataset": "table"}, "--data PATH --target COLUMN"),
        ({"model": "table_mlp", "dataset": "table", "data": "x.csv"}, "--data PATH --target COLUMN"),
        ({"model": "table_mlp", "dataset": "iris", "target": "x"}, "choose Data = table"),
        ({"model": "table_mlp", "dataset": "iris", "data": "x"}, "choose Data = folder or table"),
        ({"dataset": "table", "data": "x", "target": "y"}, "reads pictures"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(changes, why):
    with pytest.raises(UserError, match=why):
        Config(**changes)


def test_a_table_of_a_few_rows_again_and_again_says_so():
    values = np.column_stack([np.arange(60) % 2, np.arange(60) % 2]).astype(float)
    columns = (
        FoundColumn("a", CATEGORY, 0, 2, "x", "", ("x", "y")),
        FoundColumn("b", CATEGORY, 0, 2, "p", "", ("p", "q")),
    )
    labelled = own_tables.labelled_table(own_tables.keep(FoundTable(columns, values)), "b")
    assert labelled.remarks[0].startswith(
        "15 of the 15 test rows hold the same as rows that are learned from"
    )
