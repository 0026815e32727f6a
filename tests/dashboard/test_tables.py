"""Tables that are dropped: read once, found as the newest, each its owner's alone."""

from __future__ import annotations

import pytest

from dashboard import tables
from dashboard.results.own_table import read_drop
from models.photos.uploads import PERSON, Uploads
from models.runtime.errors import UserError
from tests.tables import people

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def store(monkeypatch):
    """Nothing that another test dropped."""
    monkeypatch.setattr(tables, "TABLES", Uploads())


def test_a_table_is_taken_once_and_is_its_owners_alone():
    content = people(30).encode()
    first = tables.take(content, "people.csv", "me")
    assert tables.take(content, "people.csv", "me").digest == first.digest
    held = tables.newest("me")
    assert held is not None and held[0].name == "people.csv" and len(held[1]) == 30
    assert tables.newest("you") is None and tables.newest(f"{PERSON}one") is None
    job = read_drop(lambda: people(20).encode(), "mark", "other.csv", "me").submit()
    assert job.wait(60)
    other = job.result()
    newest = tables.newest("me")
    assert newest is not None and newest[0].digest == other.digest
    tables.forget("me")
    assert tables.newest("me") is None
    assert not list(tables.TABLES.folder.iterdir())


def test_what_is_no_table_leaves_nothing():
    with pytest.raises(UserError, match=r"^x\.csv has a single column"):
        tables.take(b"a\n1\n", "x.csv", "me")
    assert not list(tables.TABLES.folder.iterdir())
