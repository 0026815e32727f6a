"""Files that are whole or not there."""

from __future__ import annotations

import errno
import os

import pytest

from models.runtime import files
from models.runtime.errors import UserError
from models.runtime.files import DiskFullError


def test_a_file_is_replaced_whole(tmp_path):
    path = tmp_path / "a"
    files.write(path, b"one")
    files.write(path, b"two")
    assert path.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("where", ["fsync", "replace"])
def test_a_full_disk_leaves_what_was_there(tmp_path, monkeypatch, where):
    path = tmp_path / "a"
    files.write(path, b"one")

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, where, full)
    with pytest.raises((DiskFullError, OSError)) as refusal:
        files.write(path, b"two")
    if where == "fsync":
        assert "MB free of" in str(refusal.value)
        assert str(tmp_path) in str(refusal.value)
    assert path.read_bytes() == b"one"


def test_another_refusal_stays_a_crash(tmp_path):
    with pytest.raises(FileNotFoundError):
        files.write(tmp_path / "gone" / "a", b"")


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"a": 1'])
def test_damaged_json_is_named(tmp_path, content):
    (tmp_path / "status.json").write_bytes(content)
    with pytest.raises(UserError, match=r"status\.json of run .* is damaged"):
        files.read_json(tmp_path / "status.json")


def test_what_a_killed_process_left_is_swept(tmp_path):
    (tmp_path / ".status.json.1234.part").write_bytes(b"half")
    (tmp_path / "status.json").write_bytes(b"{}")
    files.remove_partial_files(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["status.json"]
