"""The zip archive of torch.save, checked before torch opens it: what it is, its names, sizes and checksums."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from models.checkpoints import pickle_scan, programs
from models.checkpoints.kinds import SAVED_MODEL
from models.checkpoints.limits import CUT_SHORT, DISTRIBUTED, LIMITS, SAVE_WEIGHTS, Limits, RefusalError
from models.checkpoints.pickle_scan import Storage

PICKLE = "data.pkl"
# How a program is called, and why none is taken from a visitor.
PROGRAMS = {programs.SCRIPT: "is TorchScript", programs.EXPORT: "is a torch.export program"}
# What zipfile raises for damage, and for a kind of archive that it does not know.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
)

# What else is a zip archive: a part of a name inside that tells, and the sentence after the file's name.
OTHERS = (
    ("saved_model.pb", SAVED_MODEL),
    ("coremldata.bin", "is a Core ML model; drop a PyTorch checkpoint of the network"),
    (".npy", "is a NumPy archive; save its arrays by name with safetensors"),
)


@dataclass(frozen=True)
class Archive:
    """What torch may open.

    Attributes:
        unpacked: bytes of all records.
        stored: whether no record is compressed, so that the file can be mapped into memory.
    """

    unpacked: int
    stored: bool


def check(path: Path, limits: Limits = LIMITS) -> Archive:
    """Look at an archive from the outside, then at its pickle without carrying it out, then at its checksums.

    Raises:
        RefusalError: if it is no checkpoint, beyond the limits, or damaged.
    """
    size = path.stat().st_size
    try:
        with zipfile.ZipFile(path) as archive:
            records = archive.infolist()
            contents = _check_records(records, size, limits)
            pickle = next(record for record in records if _inner_name(record) == PICKLE)
            with archive.open(pickle) as file:
                # Behind a file in memory, because genops reads bytes one by one.
                storages = pickle_scan.check(io.BytesIO(file.read()), limits)
            _check_sizes(records, storages)
            damaged = archive.testzip()
    except BROKEN:
        raise RefusalError(
            f"is cut short or damaged: its archive cannot be read to its end; {CUT_SHORT}"
        ) from None
    if damaged is not None:
        raise RefusalError(f"is damaged: a checksum inside does not match; {CUT_SHORT}")
    return contents


def _check_sizes(records: list[zipfile.ZipInfo], storages: tuple[Storage, ...]) -> None:
    """Refuse records that hold fewer numbers than tensors ask for: mapped into memory, what lies behind is read."""
    sizes = {_inner_name(record).casefold(): record.file_size for record in records}
    for storage in storages:
        name = f"data/{storage.key}"
        size = sizes.get(name.casefold())
        if size is None or size < storage.size:
            shown = re.sub(r"[^\w./-]", "?", name)[:60]
            held = "missing" if size is None else f"{size:,} bytes where its tensor has {storage.size:,}"
            raise RefusalError(f"is damaged: its record {shown} is {held}; {CUT_SHORT}")


def _inner_name(record: zipfile.ZipInfo) -> str:
    """A record's name without the folder that holds all of them."""
    return record.filename.partition("/")[2]


def _check_records(records: list[zipfile.ZipInfo], size: int, limits: Limits) -> Archive:
    if len(records) > limits.max_records:
        raise RefusalError(f"is an archive of more than {limits.max_records:,} files; {SAVE_WEIGHTS}")
    names = [record.filename for record in records]
    program = programs.kind(names)
    if program is not None:
        raise RefusalError(f"{PROGRAMS[program]}, and loading one can run code; {SAVE_WEIGHTS}")
    for part, why in OTHERS:
        if any(part in f"/{name}" for name in names):
            raise RefusalError(why)
    if records and min(record.header_offset for record in records) > 0:
        raise RefusalError(DISTRIBUTED)
    if not any(_inner_name(record) == PICKLE for record in records):
        raise RefusalError("is an archive, not a checkpoint; unpack it and drop the checkpoint inside")
    # torch finds a record whatever its case; the one that was looked at must be the one that is loaded.
    if len({name.casefold() for name in names}) < len(names):
        raise RefusalError(f"is damaged: two files of one name are inside; {CUT_SHORT}")
    if len({name.partition("/")[0] for name in names}) > 1 or not all(map(_is_harmless, names)):
        raise RefusalError(f"is an archive with names that torch.save does not give; {SAVE_WEIGHTS}")
    if any(record.flag_bits & 1 for record in records):
        raise RefusalError("is locked with a password; unlock it and drop it again")
    if any(record.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for record in records):
        raise RefusalError(f"is compressed in a way that is not read here; {SAVE_WEIGHTS}")
    packed, unpacked = (
        sum(record.compress_size for record in records),
        sum(record.file_size for record in records),
    )
    if packed > size:
        raise RefusalError(
            "is an archive whose files lie over each other, as only bombs have it; do not open it"
        )
    if unpacked > limits.max_ratio * size:
        raise RefusalError(
            f"would unpack to {unpacked / size:,.0f} times its size, more than {limits.max_ratio}; {SAVE_WEIGHTS}"
        )
    pickle = next(record for record in records if _inner_name(record) == PICKLE)
    if pickle.file_size > limits.max_pickle:
        raise RefusalError(
            f"lists its tensors in more than {limits.max_pickle // 1024**2} MB; {SAVE_WEIGHTS}"
        )
    return Archive(unpacked, all(record.compress_type == zipfile.ZIP_STORED for record in records))


def _is_harmless(name: str) -> bool:
    parts = name.split("/")
    return len(parts) > 1 and "\\" not in name and not {"", ".", ".."} & set(parts)
