"""Files with the same bytes are found, and hardly any is read for it."""

from __future__ import annotations

import os

import pytest
from PIL import Image

from models.datasets import copies
from models.datasets.copies import SAMPLE, find_copies


@pytest.fixture(autouse=True)
def nothing_known():
    copies._KNOWN.clear()


def noise(path, size=(60, 60)):
    Image.frombytes("RGB", size, os.urandom(3 * size[0] * size[1])).save(path, "BMP")
    return path


def test_each_points_to_the_first_of_its_kind(tmp_path):
    first, other = noise(tmp_path / "a.bmp"), noise(tmp_path / "b.bmp")
    again, third = tmp_path / "c.bmp", tmp_path / "d.bmp"
    for copy in (again, third):
        copy.write_bytes(first.read_bytes())
    late = bytearray(first.read_bytes())  # the same size and the same middle
    late[-1] ^= 1
    (tmp_path / "e.bmp").write_bytes(bytes(late))
    assert len(late) > 2 * SAMPLE
    files = [first, other, again, tmp_path / "e.bmp", third]
    assert find_copies(files).tolist() == [0, 1, 0, 3, 0]


def test_what_is_no_picture_is_a_copy_of_nothing(tmp_path):
    files = [tmp_path / name for name in ("a.png", "b.png", "c.png", "d.png", "gone.png")]
    for file, content in zip(files, (b"no picture", b"no picture", b"", b""), strict=False):
        file.write_bytes(content)
    assert find_copies(files).tolist() == [0, 1, 2, 3, 4]
    assert find_copies([]).tolist() == []


def test_only_files_of_one_size_are_read_and_only_alike_ones_whole(tmp_path, monkeypatch):
    files = [noise(tmp_path / f"{k}.bmp", (40, 40 + k)) for k in range(5)]
    files += [noise(tmp_path / f"same{k}.bmp", (100, 100)) for k in range(3)]
    (tmp_path / "copy.bmp").write_bytes(files[0].read_bytes())
    files.append(tmp_path / "copy.bmp")
    read: dict[str, list[str]] = {}

    def note(name):
        digest = getattr(copies, name)

        def read_and_note(file):
            read.setdefault(name, []).append(file.name)
            return digest(file)

        monkeypatch.setattr(copies, name, read_and_note)

    note("_sample_digest")
    note("_whole_digest")
    assert find_copies(files).tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 0]
    assert sorted(read["_sample_digest"]) == ["0.bmp", "copy.bmp", "same0.bmp", "same1.bmp", "same2.bmp"]
    assert sorted(read["_whole_digest"]) == ["0.bmp", "copy.bmp"]


def test_files_are_read_again_only_where_they_have_changed(tmp_path, monkeypatch):
    files = [noise(tmp_path / "a.bmp"), tmp_path / "b.bmp"]
    files[1].write_bytes(files[0].read_bytes())
    assert find_copies(files).tolist() == [0, 0]
    calls = []
    same = copies._same_files

    def count(files, sizes):
        calls.append(len(files))
        return same(files, sizes)

    monkeypatch.setattr(copies, "_same_files", count)
    assert find_copies(files).tolist() == [0, 0]
    assert calls == []
    noise(files[1])
    assert find_copies(files).tolist() == [0, 1]
    assert calls == [2]
