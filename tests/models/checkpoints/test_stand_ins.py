"""Plain values of other modules become texts and records of ours."""

from __future__ import annotations

import io
import pathlib
import struct
from typing import Any

import numpy as np
import torch

from models.checkpoints.stand_ins import (
    FORMATS,
    NAMES,
    ORDERS,
    PATHS,
    STAND_INS,
    NumberType,
    Settings,
    number,
)


def test_a_path_becomes_the_text_that_it_is():
    for path in (pathlib.PurePosixPath("/data/birds"), pathlib.PureWindowsPath(r"C:\data\birds")):
        name = type(path).__name__
        join = PATHS[f"pathlib.{name}"]
        assert join(*path.parts) == str(path)
        assert join is PATHS[f"pathlib._local.{name}"]
        assert join is PATHS[f"pathlib.{name.removeprefix('Pure')}"]


VALUES = (
    np.True_,
    np.int8(-3),
    np.uint64(2**64 - 1),
    np.float16(0.1),
    np.float32(np.inf),
    np.float64(0.9),
    1j,
)


def test_a_number_of_numpy_becomes_the_number_that_it_is():
    for value in VALUES:
        loaded = loads({"best": value, "again": [value]})
        plain = np.asarray(value).item()
        assert loaded == {"best": plain, "again": [plain]}
        assert type(loaded["best"]) is type(plain)


def test_a_number_may_be_written_with_its_highest_byte_first():
    kind = NumberType("i4", False, True)
    kind.__setstate__((3, ">", None))
    assert number(kind, bytes([0, 0, 1, 2])) == 258


def loads(content: object) -> Any:
    """What comes of something that torch.save wrote, with what stands in for classes."""
    file = io.BytesIO()
    torch.save(content, file)
    file.seek(0)
    with torch.serialization.safe_globals(STAND_INS):  # type: ignore[arg-type]  # torch takes pairs as well
        return torch.load(file, weights_only=True)


def test_every_type_of_number_has_as_many_bytes_as_in_numpy():
    for kind, form in FORMATS.items():
        assert struct.calcsize(f"={form}") == np.dtype(kind).itemsize
    assert set(ORDERS) == {"<", ">", "|"}


def test_nothing_stands_in_for_more_than_settings_numbers_and_paths():
    numpy = {"numpy.dtype", "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar"}
    assert {name for _, name in STAND_INS} == {"argparse.Namespace", *numpy, *PATHS} == NAMES
    assert len(PATHS) == 8
    assert vars(Settings()) == {}
