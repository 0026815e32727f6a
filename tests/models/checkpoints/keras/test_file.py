"""Keras files opened in place, whatever their container."""

from __future__ import annotations

import io

import pytest

from models.checkpoints.keras.file import Part, check_archive, is_keras, open_archive, open_hdf5
from models.checkpoints.limits import Limits, RefusalError
from tests.models.checkpoints import files as others
from tests.models.checkpoints.keras import files


def test_a_part_of_a_file_is_read_as_a_file():
    part = Part(io.BytesIO(b"before|within|after"), 7, 6)
    assert part.read() == b"within"
    assert part.seek(-3, io.SEEK_END) == 3 and part.read(9) == b"hin"
    assert part.seek(1) == 1 and part.read(2) == b"it" and part.tell() == 3
    assert part.seek(99) == 99 and part.read() == b""


def test_archives_are_told_apart(tmp_path):
    path = tmp_path / "x"
    for content, keras in (
        (files.keras(files.DENSE, files.ARRAYS), True),
        (others.TORCH, False),
        (b"PK\x03\x04", False),
    ):
        path.write_bytes(content)
        assert is_keras(path) is keras


@pytest.mark.parametrize("by_name", [False, True])
def test_both_kinds_hold_a_configuration_a_release_and_arrays(tmp_path, by_name):
    content = (
        files.older(files.DENSE, files.NAMED, "2.15.0") if by_name else files.keras(files.DENSE, files.ARRAYS)
    )
    path = tmp_path / "x"
    path.write_bytes(content)
    with (open_hdf5 if by_name else open_archive)(path) as file:
        assert file.configuration == files.DENSE
        assert (file.release, file.by_name) == (2 if by_name else 3, by_name)
        assert ("dense" in file.group) is by_name


def test_files_in_an_archive_are_counted(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(files.keras(files.DENSE, files.ARRAYS))
    with pytest.raises(RefusalError, match="is an archive of more than 2 files; save it again with Keras 3"):
        check_archive(path, Limits(max_records=2))
    assert check_archive(path, Limits(max_records=3)) > 0
