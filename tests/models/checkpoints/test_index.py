"""The index of known architectures."""

from __future__ import annotations

from models.checkpoints import index
from models.checkpoints.architectures import LIBRARIES
from models.checkpoints.index import row


def test_an_index_comes_back_from_its_file(tmp_path):
    shipped = index.shipped_index()
    index.write(shipped, tmp_path / "index")
    again = index.read(tmp_path / "index")
    assert again.rows == shipped.rows
    assert again.versions == shipped.versions
    index.write(again, tmp_path / "twice")
    assert (tmp_path / "twice").read_bytes() == (tmp_path / "index").read_bytes()


def test_the_index_is_small_and_whole():
    shipped = index.shipped_index()
    assert index.FILE.stat().st_size < 2 * 1024**2
    listed = {library.name for library in LIBRARIES.values() if library.names()}
    assert {row.name.partition("/")[0] for row in shipped.rows} == listed
    assert len(shipped.rows) > 1000
    assert all(
        row.like in {other.name for other in shipped.by_signature[row.body, row.head]} for row in shipped.rows
    )


def test_a_network_without_classes_has_no_row():
    assert row("x/y", {}, {"w": (3,)}, {"w": (3,)}) is None
