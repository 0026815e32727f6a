"""The head of a safetensors file, in this process: exact refusals at each bound, and what is written is read again."""

from __future__ import annotations

import json
import struct
from typing import Any

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load

from models.checkpoints import safetensors_header
from models.checkpoints.limits import CUT_SHORT, FEWER, Limits, RefusalError
from models.checkpoints.safetensors_header import Entry, check_name, check_shape, encode_header
from tests.models.checkpoints import files
from tests.models.checkpoints.files import entry, header

DAMAGED = "is a damaged safetensors file: its header"
NOWHERE = f"{DAMAGED} does not say where its tensors are; {CUT_SHORT}"
PAIR = {"a": entry(), "b": entry(dtype="F16", shape=(2, 2), offsets=(8, 16))}


@pytest.fixture
def read(tmp_path):
    def read(content: bytes, limits: Limits | None = None):
        (tmp_path / "file").write_bytes(content)
        return safetensors_header.read(tmp_path / "file", limits or Limits())

    return read


@pytest.fixture
def refusal(read):
    def refusal(content: bytes, limits: Limits | None = None) -> str:
        with pytest.raises(RefusalError) as refused:
            read(content, limits)
        return str(refused.value)

    return refusal


def test_a_header_says_what_its_tensors_are_and_where(read):
    head = read(header({**PAIR, "__metadata__": {"format": "pt"}}, bytes(16)))
    assert head.entries == {"a": Entry("F32", (2,), 0, 8), "b": Entry("F16", (2, 2), 8, 16)}
    assert head.shapes == {"a": (2,), "b": (2, 2)}
    assert head.metadata == {"format": "pt"}


def test_what_the_library_writes_is_read(read):
    assert read(files.HONEST).shapes == {name: tuple(t.shape) for name, t in files.weights().items()}


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        (Limits(max_header=len(header(PAIR)) - 8), None),
        (
            Limits(max_header=len(header(PAIR)) - 9),
            f"{DAMAGED} would be longer than any that is read here; {CUT_SHORT}",
        ),
        (Limits(max_tensors=2), None),
        (Limits(max_tensors=1), f"holds more than 1 tensors; {FEWER}"),
        (Limits(max_elements=6), None),
        (Limits(max_elements=5), f"holds more than 0 million numbers; {FEWER}"),
        (Limits(max_elements=3), f"has a tensor of more than 0 million numbers; {FEWER}"),
        # A size beyond all that may be read is no size at all.
        (Limits(max_elements=1), NOWHERE),
        (Limits(max_dimensions=2), None),
        (Limits(max_dimensions=1), f"has a tensor of more than 1 dimensions, which no layer has; {FEWER}"),
        (Limits(max_name=1), None),
        (Limits(max_name=0), f"has a tensor whose name is empty or longer than 0 characters; {FEWER}"),
    ],
)
def test_a_bound_holds_at_equality(read, refusal, limits, sentence):
    content = header(PAIR, bytes(16))
    if sentence is None:
        assert read(content, limits).shapes.keys() == PAIR.keys()
    else:
        assert refusal(content, limits) == sentence


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", f"is cut short within its header; {CUT_SHORT}"),
        (struct.pack("<Q", 3) + b"{}", f"is cut short within its header; {CUT_SHORT}"),
        (header(b"{"), f"{DAMAGED} cannot be read; {CUT_SHORT}"),
        (header(b"[]"), f"{DAMAGED} cannot be read; {CUT_SHORT}"),
        (header({}), "holds no tensors; drop a checkpoint that does"),
        (header({"__metadata__": {}}), "holds no tensors; drop a checkpoint that does"),
        (
            header({"__metadata__": {"a": 1}, "a": entry()}),
            f"{DAMAGED} holds notes that are no text; {CUT_SHORT}",
        ),
        (header(b'{"a": 1, "a": 2}'), f"{DAMAGED} names a tensor twice; {CUT_SHORT}"),
        (header({"a": 1}), NOWHERE),
        (header({"a": {**entry(), "more": 1}}), NOWHERE),
        (header({"a": entry(shape=(-1,))}), NOWHERE),
        (header({"a": entry(shape=(True,))}), NOWHERE),
        (header({"a": entry(shape=(2.0,))}), NOWHERE),
        (header({"a": entry(offsets=(8, 0))}), NOWHERE),
        (header({"a": entry(offsets=(-8, 0))}), NOWHERE),
        (
            header({"a": entry(dtype="F4")}),
            "holds numbers of a type that is not read here (F4); save it in float32 or float16",
        ),
        (
            header({"a": entry(shape=(3,))}, bytes(8)),
            f"{DAMAGED} gives a tensor another size than its shape has; {CUT_SHORT}",
        ),
        (
            header({"a": entry(), "b": entry(offsets=(4, 12))}, bytes(12)),
            f"{DAMAGED} lays tensors over each other or leaves gaps; {CUT_SHORT}",
        ),
        (header({"a": entry()}, bytes(7)), f"is cut short: 7 of 8 bytes are there; {CUT_SHORT}"),
        (
            header({"a": entry(shape=(5000,), offsets=(0, 20_000))}, bytes(19_990)),
            f"is cut short: 19,990 of 20,000 bytes are there; {CUT_SHORT}",
        ),
        (
            header({"a": entry(shape=(5000,), offsets=(0, 20_000))}, bytes(12)),
            f"is cut short: 12 bytes of 20.0 KB are there; {CUT_SHORT}",
        ),
        (
            header({"a": entry(shape=(500_000,), offsets=(0, 2_000_000))}, bytes(4300)),
            f"is cut short: 4.3 KB of 2.0 MB are there; {CUT_SHORT}",
        ),
        (
            header({"a": entry()}, bytes(9)),
            f"has something behind its tensors that does not belong there; {CUT_SHORT}",
        ),
    ],
)
def test_what_is_wrong_is_one_sentence(refusal, content, sentence):
    assert refusal(content) == sentence


def test_names_and_shapes_hold_at_equality():
    limits = Limits(max_name=3, max_dimensions=2, max_elements=6)
    check_name("abc", limits)
    check_shape((2, 3), limits)
    for name in ("", "abcd"):
        with pytest.raises(RefusalError, match="whose name is empty or longer than 3 characters"):
            check_name(name, limits)
    with pytest.raises(RefusalError, match="more than 2 dimensions"):
        check_shape((1, 1, 1), limits)
    with pytest.raises(RefusalError, match="more than 0 million numbers"):
        check_shape([7], limits)


def test_a_header_that_is_written_is_the_librarys(tmp_path, read):
    tensors = {"b": torch.arange(6.0).reshape(2, 3), "a": torch.tensor(7)}
    head = encode_header({"b": ("F32", (2, 3)), "a": ("I64", ())}, {"vitrine": json.dumps({"kind": "x"})})
    content = head + tensors["b"].numpy().tobytes() + tensors["a"].numpy().tobytes()
    loaded = load(content)
    assert all(loaded[name].equal(tensor) for name, tensor in tensors.items())
    (tmp_path / "whole").write_bytes(content)
    with safe_open(tmp_path / "whole", "pt") as file:
        assert file.metadata() == {"vitrine": '{"kind": "x"}'}
    assert len(head) % 8 == 0
    written: dict[str, Any] = {name: (kept.start, kept.end) for name, kept in read(content).entries.items()}
    assert written == {"b": (0, 24), "a": (24, 32)}
