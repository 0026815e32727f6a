"""Files that nobody should have to open: hostile, broken, or of another kind. Each is made here, in memory."""

from __future__ import annotations

import argparse
import collections
import io
import json
import os
import pickle
import re
import struct
import tarfile
import warnings
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save
from torch import Tensor, nn

from models.checkpoints.limits import SAVE_WEIGHTS

LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"


def weights(seed: int = 0) -> dict[str, Tensor]:
    """A small honest state dict."""
    drawn = torch.Generator().manual_seed(seed)
    return {
        "layer.weight": torch.randn(64, 32, generator=drawn),
        "layer.bias": torch.randn(64, generator=drawn),
        "counter": torch.tensor(3),
    }


def saved(content: object, *, legacy: bool = False, protocol: int = 2) -> bytes:
    """What torch.save makes of anything."""
    file = io.BytesIO()
    torch.save(content, file, _use_new_zipfile_serialization=not legacy, pickle_protocol=protocol)
    return file.getvalue()


def archive(records: Mapping[str, bytes], *, compressed: bool = False, top: str = "archive/") -> bytes:
    """A zip archive of these records."""
    file = io.BytesIO()
    kind = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    with zipfile.ZipFile(file, "w", kind) as made:
        for name, content in records.items():
            made.writestr(top + name, content)
    return file.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    """The records of an archive of torch.save, without their folder."""
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        return {name.partition("/")[2]: made.read(name) for name in made.namelist()}


class Calls:
    """Whatever is unpickled with it calls a function."""

    def __init__(self, function: Callable[..., Any], *arguments: object) -> None:
        self.call = function, arguments

    def __reduce__(self) -> tuple[Any, ...]:
        return self.call


def calling(canary: Path) -> Calls:
    """Makes a file where it is unpickled."""
    return Calls(os.system, f"touch {canary}")


def repacked(content: object, change: Callable[[bytes], bytes]) -> bytes:
    """An archive of torch.save with its pickle changed."""
    records = unpacked(saved(content))
    return archive({**records, "data.pkl": change(records["data.pkl"])})


def header(content: Mapping[str, Any] | bytes, data: bytes = b"") -> bytes:
    """A safetensors file with any header."""
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return struct.pack("<Q", len(text)) + text + data


def entry(dtype: str = "F32", shape: Any = (2,), offsets: Any = (0, 8)) -> dict[str, Any]:
    return {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets)}


def tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as made:
        made.addfile(tarfile.TarInfo("pickle"), io.BytesIO())
    return file.getvalue()


def array(*, many: bool) -> bytes:
    file = io.BytesIO()
    if many:
        np.savez(file, a=np.zeros(3))
    else:
        np.save(file, np.zeros(3))
    return file.getvalue()


def nested(depth: int) -> list[Any]:
    """Lists within lists."""
    inner: list[Any] = []
    for _ in range(depth):
        inner = [inner]
    return inner


def nested_pickle(depth: int) -> bytes:
    """The pickle of a state dict beside lists within lists, which Python's own pickler is too deep for."""
    content = unpacked(saved({"state_dict": weights(), "deep": []}))
    assert content["data.pkl"].count(b"]") == 1
    place = content["data.pkl"].index(b"]")
    # The list was remembered under a number right behind; the lists around it are not.
    put = content["data.pkl"][place + 1 : place + 3]
    assert put[:1] == b"q"
    deep = content["data.pkl"][:place] + b"]" * depth + b"]" + put + b"a" * depth
    return archive({**content, "data.pkl": deep + content["data.pkl"][place + 3 :]})


def overlapping() -> bytes:
    """An archive whose directory names one stored record many times over."""
    records = unpacked(saved(weights()))
    large = bytes(200_000)
    plain = archive({**records, "data/9": large})
    with zipfile.ZipFile(io.BytesIO(plain)) as made:
        start = made.start_dir
        one = next(info for info in made.infolist() if info.filename.endswith("data/9"))
    directory, end = plain[start:-22], plain[-22:]
    position = directory.index(b"archive/data/9") - 46
    row = directory[position : position + 46 + len("archive/data/9")]
    copies = b"".join(row.replace(b"data/9", b"data/" + bytes([97 + k])) for k in range(8))
    assert one.compress_size == len(large)
    count, _ = struct.unpack_from("<HH", end, 8)
    size = len(directory) + len(copies)
    ending = end[:8] + struct.pack("<HHL", count + 8, count + 8, size) + end[16:]
    return plain[:start] + directory + copies + ending


def locked() -> bytes:
    """An archive that says it has a password."""
    content = bytearray(saved(weights()))
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        position = content.find(signature)
        while position >= 0:
            content[position + offset] |= 1
            position = content.find(signature, position + 4)
    return bytes(content)


def flipped(content: bytes) -> bytes:
    """One bit changed in the middle."""
    changed = bytearray(content)
    changed[len(changed) // 2] ^= 4
    return bytes(changed)


def huge_storage(*, legacy: bool) -> bytes:
    """A file that promises 240 GB of numbers and has none of them."""
    content = {"state_dict": {"w": torch.zeros(54321)}}
    promised = b"J" + struct.pack("<i", 54321)
    vast = b"\x8a\x05" + (60_000_000_000).to_bytes(5, "little")
    if legacy:
        return saved(content, legacy=True).replace(promised, vast).replace(b"M\x31\xd4", vast)[:900]
    return repacked(content, lambda text: text.replace(promised, vast).replace(b"M\x31\xd4", vast))


HONEST = save(weights())
TORCH = saved(weights())
SAVE = re.escape(f"; {SAVE_WEIGHTS}")
AGAIN = "; copy or download it again"

# What is refused -> its bytes, given the place of a canary, and the sentence after its name.
REFUSED: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "empty": (lambda _: b"", "is empty; choose another file"),
    "text": (lambda _: b"hello, these are my weights\n" * 99, "is neither safetensors nor a file of torch.save .*"),
    "git lfs": (lambda _: LFS, "is a Git LFS pointer, not the weights; run git lfs pull and .*"),
    "web page": (
        lambda _: b"\n<!DOCTYPE html><html><head><title>404</title></head></html>",
        "is a web page, not weights; .*",
    ),
    "error of a store": (lambda _: b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', "is an error .*"),
    "gguf": (lambda _: b"GGUF\x03\0\0\0" + bytes(99), "is GGUF, made for language models; .*"),
    "onnx": (lambda _: b"\x08\x08\x12\x07pytorch\x1a\x052.9.0" + bytes(99), "is a damaged ONNX file.*"),
    "array": (lambda _: array(many=False), "is a NumPy array, .*"),
    "arrays": (lambda _: array(many=True), "is a NumPy archive; .*"),
    "gzip": (lambda _: b"\x1f\x8b\x08" + bytes(99), "is a compressed file; unpack it .*"),
    "tar": (lambda _: tar(), "is a tar archive; unpack it .*"),
    "picture": (lambda _: b"\x89PNG\r\n\x1a\n" + bytes(99), "is a picture; drop it on the Attribution page instead"),
    "pdf": (lambda _: b"%PDF-1.7\n", "is a PDF, not weights; drop a checkpoint"),
    "index of shards": (lambda _: b'{"metadata": {}, "weight_map": {}}', "is JSON text, such as an index .*"),
    "other archive": (lambda _: archive({"a.txt": b"a"}), "is an archive, not a checkpoint; .*"),
    "SavedModel, packed": (lambda _: archive({"m/saved_model.pb": b""}, top=""), "is a SavedModel, which .*"),
    "torchscript": (
        lambda _: archive({"data.pkl": b"\x80\x02N.", "constants.pkl": b"", "code/__torch__.py": b""}),
        "is TorchScript, and loading one can run code" + SAVE,
    ),
    "torch.export": (
        lambda _: archive({"archive_format": b"pt2", "models/model.json": b"{}"}),
        r"is a torch\.export program, and loading one can run code" + SAVE,
    ),
    "plain pickle": (
        lambda canary: pickle.dumps(calling(canary), protocol=4),
        "is a plain Python pickle, and opening one can run code" + SAVE,
    ),
    "runs a command": (
        lambda canary: saved({"state_dict": weights(), "x": calling(canary)}),
        r"would call posix\.system when it is opened, which no weights do; nothing of it was run here, and you .*",
    ),
    "runs a command, old format": (
        lambda canary: saved({"state_dict": weights(), "x": calling(canary)}, legacy=True),
        r"would call posix\.system when it is opened.*",
    ),
    "runs a command, new pickle": (
        lambda canary: saved({"state_dict": weights(), "x": calling(canary)}, protocol=4),
        r"would call posix\.system when it is opened.*",
    ),
    "evaluates": (
        lambda canary: saved({"x": Calls(eval, f"open({str(canary)!r}, 'w')"), **weights()}),
        r"would call (builtins|__builtin__)\.eval when it is opened.*",
    ),
    "makes a file by a path": (
        lambda canary: saved({"x": Calls(Path.touch, canary), **weights()}),
        r"(would call (builtins|__builtin__)\.getattr when it is opened|holds more than tensors).*",
    ),
    "settings with a layer inside": (
        lambda _: saved({"model": weights(), "args": argparse.Namespace(layer=nn.Linear)}),
        r"holds a whole network \(torch\.nn\.modules\.linear\.Linear\), and opening that runs its code" + SAVE,
    ),
    "settings with a call inside": (
        lambda canary: saved({"model": weights(), "args": argparse.Namespace(x=calling(canary))}),
        r"would call posix\.system when it is opened.*",
    ),
    "settings with a container of another kind inside": (
        lambda _: saved({"model": weights(), "args": argparse.Namespace(kind=collections.OrderedDict)}),
        r"holds settings \(argparse\.Namespace\) with more than plain values inside \(collections\.Ordered.*" + SAVE,
    ),
    "settings nested deep": (
        lambda _: saved({"model": weights(), "args": settings(40)}),
        r"holds settings \(argparse\.Namespace\) nested more than 32 deep" + SAVE,
    ),
    "settings alone": (lambda _: saved({"args": argparse.Namespace(lr=0.1)}), "holds no tensors with names" + SAVE),
    "empty weights": (
        lambda _: saved({"module": {"a.weight": torch.empty(0), "a.running_mean": torch.zeros(3)}}),
        r"has empty weights: the rest is in the shards .* run the zero_to_fp32\.py in their folder, and drop .*",
    ),
    "one row of weights": (
        lambda _: saved({"layer._flat_param": torch.zeros(9)}),
        "has the weights of each part in one row, as FSDP keeps them; .*",
    ),
    "quantised": (lambda _: quantised(), "holds quantised weights, .* drop the float32 weights that they .*"),
    "lazy": (lambda _: saved(nn.LazyLinear(3).state_dict()), "holds lazy layers .* run the network on one picture .*"),
    "one part of several": (lambda _: TORCH + TORCH, "is one part of a distributed checkpoint; make one file .*"),
    "list of parts": (
        lambda _: pickle.dumps(("torch.distributed.checkpoint.metadata", 1), 4),
        "is one part of a distributed checkpoint; make one file .*",
    ),
    "a record cut short": (
        lambda _: archive({**unpacked(saved({"w": torch.zeros(4)})), "data/0": bytes(15)}),
        "is damaged: its record data/0 is 15 bytes where its tensor has 16" + AGAIN,
    ),
    "numpy array": (
        lambda _: saved({"model": weights(), "losses": np.zeros(3)}),
        r"holds more than tensors \(numpy\.\w+\.multiarray\._reconstruct and numpy\.ndarray\), .*" + SAVE,
    ),
    "numpy text": (
        lambda _: saved({"model": weights(), "arch": np.str_("mine")}),
        r"holds a value of numpy \(U4\) that is no plain number" + SAVE,
    ),
    "whole network": (
        lambda _: saved(nn.Sequential(nn.Linear(3, 2))),
        r"holds a whole network \(torch\.nn\.modules\.container\.Sequential\), .*" + SAVE,
    ),
    "bytes without end": (
        lambda _: saved({"x": Calls(bytearray, 6_000_000_000), **weights()}),
        r"holds more than tensors \((builtins|__builtin__)\.bytearray\), .*",
    ),
    "sparse": (
        lambda _: saved({"w": torch.eye(3).to_sparse()}),
        r"holds tensors of a special kind \(sparse\); .*",
    ),
    "without numbers": (
        lambda _: saved({"w": torch.zeros(3, device="meta")}),
        r"holds names and shapes, but no numbers \(meta tensors\); .*",
    ),
    "numbers too wide": (lambda _: saved({"w": torch.zeros(3, dtype=torch.complex128)}), r".*\(complex128\); .*"),
    "one tensor": (lambda _: saved(torch.zeros(3)), "holds one tensor without a name" + SAVE),
    "a list of tensors": (lambda _: saved([torch.zeros(3)]), "holds no tensors with names" + SAVE),
    "no tensors": (lambda _: saved({"epoch": 3, "name": "x"}), "holds no tensors with names" + SAVE),
    "many tensors": (
        lambda _: header({f"w{k}": entry(shape=(), offsets=(4 * k, 4 * k + 4)) for k in range(20_001)}, bytes(80_004)),
        "holds more than 20,000 tensors; save the weights of one network alone",
    ),
    "one number as many": (
        lambda _: saved({"w": torch.zeros(1).expand(15_000_000_000)}),
        r"has a tensor of more than 2,000 million numbers; .*",
    ),
    "one number as some": (
        lambda _: saved({"w": torch.zeros(1).expand(1_000_000)}),
        r"has a tensor that repeats few numbers to look like many \(1,000,000\)" + SAVE,
    ),
    "the same numbers for many": (
        lambda _: saved({f"w{k}": torch.zeros(300_000).view(300, 1000) for k in range(1)} | shared(50)),
        "uses the same numbers for many tensors, .*",
    ),
    "archive bomb": (
        lambda _: archive({**unpacked(TORCH), "data/9": bytes(300_000_000)}, compressed=True),
        r"would unpack to [\d,]+ times its size, more than 4" + SAVE,
    ),
    "pickle bomb": (
        lambda _: archive({"data.pkl": b"\x80\x02" + b"0" * 40_000_000 + b"."}),
        "lists its tensors in more than 16 MB" + SAVE,
    ),
    "endless steps": (
        lambda _: repacked(weights(), lambda text: text[:2] + b"]0" * 1_500_000 + text[2:]),
        "lists more than 2,000,000 steps to build its tensors" + SAVE,
    ),
    "archive of overlaps": (lambda _: overlapping(), "is an archive whose files lie over each other, .*"),
    "two of one name": (
        lambda _: archive({**unpacked(TORCH), "DATA.PKL": b"\x80\x02N."}),
        "is damaged: two files of one name are inside" + AGAIN,
    ),
    "traversal": (
        lambda _: archive({**unpacked(TORCH), "../../evil": b"x"}),
        r"is an archive with names that torch\.save does not give" + SAVE,
    ),
    "locked": (lambda _: locked(), "is locked with a password; unlock it and drop it again"),
    "half an archive": (lambda _: TORCH[: len(TORCH) // 2], "is cut short or damaged: .*" + AGAIN),
    "half of the old format": (
        lambda _: saved(weights(), legacy=True)[:-5000],
        "is damaged: its tensors cannot be put together" + AGAIN,
    ),
    "old format without its end": (lambda _: saved(weights(), legacy=True)[:200], "is damaged within .*" + AGAIN),
    "a flipped bit": (lambda _: flipped(TORCH), "is damaged: a checksum inside does not match" + AGAIN),
    "promises more than it has": (lambda _: huge_storage(legacy=False), "(is damaged|asks for more memory).*"),
    "promises, old format": (lambda _: huge_storage(legacy=True), "(is damaged|asks for more memory).*"),
    "half a safetensors file": (lambda _: HONEST[:-4000], r"is cut short: 4\.\d KB of 8\.\d KB are there" + AGAIN),
    "a header cut short": (lambda _: HONEST[:60], "is cut short within its header" + AGAIN),
    "a header without end": (
        lambda _: struct.pack("<Q", 2**40) + b"{" + bytes(99),
        "is a damaged safetensors file: its header would be longer than any that is read here" + AGAIN,
    ),
    "a header that is no JSON": (lambda _: header(b'{"w": '), ".*: its header cannot be read" + AGAIN),
    "a header nested deep": (lambda _: header(b'{"w":' + b"[" * 200_000), ".*: its header cannot be read" + AGAIN),
    "a header without tensors": (lambda _: header({}), "holds no tensors; drop a checkpoint that does"),
    "a name twice": (
        lambda _: header(b'{"w":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"w":1}'),
        ".*: its header names a tensor twice" + AGAIN,
    ),
    "overlapping tensors": (
        lambda _: header({"a": entry(), "b": entry()}, bytes(8)),
        ".*: its header lays tensors over each other or leaves gaps" + AGAIN,
    ),
    "a gap": (lambda _: header({"a": entry(offsets=(8, 16))}, bytes(16)), ".* or leaves gaps" + AGAIN),
    "something behind": (lambda _: HONEST + b"x", "has something behind its tensors .*" + AGAIN),
    "a strange type": (lambda _: header({"a": entry("F4", (4,), (0, 2))}, bytes(2)), r".*\(F4\); .*"),
    "a negative size": (lambda _: header({"a": entry(shape=(-2,))}, bytes(8)), ".* where its tensors are" + AGAIN),
    "a size beyond": (lambda _: header({"a": entry(shape=(2**62, 2**62))}, bytes(8)), ".* where its .*" + AGAIN),
    "a size that is none": (lambda _: header({"a": entry(shape=(1e9,))}, bytes(8)), ".* where its .*" + AGAIN),
    "a wrong size": (lambda _: header({"a": entry(shape=(3,))}, bytes(8)), ".* another size than .*" + AGAIN),
    "many dimensions": (lambda _: header({"a": entry(shape=(1,) * 9 + (2,))}, bytes(8)), ".* more than 8 dimensions.*"),
    "a long name": (lambda _: header({"a" * 9999: entry()}, bytes(8)), ".* longer than 300 characters; .*"),
    "no name": (lambda _: header({"": entry()}, bytes(8)), ".* name is empty .*"),
    "notes that are no text": (
        lambda _: header({"__metadata__": {"a": [1]}, "a": entry()}, bytes(8)),
        ".*: its header holds notes that are no text" + AGAIN,
    ),
}  # fmt: skip


def settings(depth: int) -> argparse.Namespace:
    """Settings within settings."""
    inner = argparse.Namespace(lr=0.1)
    for _ in range(depth):
        inner = argparse.Namespace(inner=inner)
    return inner


def quantised() -> bytes:
    """A state dict of eight-bit weights, with names as before."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return saved({"w": torch.quantize_per_tensor(torch.ones(3), 0.1, 0, torch.qint8)})


def shared(count: int) -> dict[str, Tensor]:
    """Tensors that all have the same numbers."""
    numbers = torch.zeros(100_000)
    return {f"shared{k}": numbers for k in range(count)}
