"""A Keras file opened: its configuration, its release of Keras and its arrays, from a zip archive or from HDF5."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from models.checkpoints.archive import BROKEN
from models.checkpoints.keras.settings import damaged, shown
from models.checkpoints.limits import CUT_SHORT, Limits, RefusalError

if TYPE_CHECKING:
    import h5py

CONFIGURATION, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
# Bytes of a configuration: EfficientNetV2-L's is 2 MB.
MOST_CONFIGURATION = 8 * 1024**2
# Of containers in it: networks within networks, each layer's settings in them.
DEEPEST = 100
WEIGHTS_ALONE = (
    "holds the weights of a Keras network alone, which do not say how it computes; save the whole with "
    "model.save('network.keras'), and drop that"
)
NOT_KERAS = (
    "is HDF5 that Keras did not write; drop a .keras or .h5 file of model.save(), or a PyTorch checkpoint"
)
SHARDS = "is a Keras network in several parts; save it with model.save('network.keras'), and drop that"


@dataclass(frozen=True)
class KerasFile:
    """What is in a file.

    Attributes:
        configuration: as JSON.
        release: of Keras that wrote it: its first number.
        group: that holds the arrays.
        by_name: whether arrays are filed by the names of layers, as in .h5 files, and not by class and turn.
    """

    configuration: Any
    release: int
    group: h5py.Group
    by_name: bool


def is_keras(path: Path) -> bool:
    """Whether a zip archive is a Keras file."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except BROKEN:
        return False
    return CONFIGURATION in names and METADATA in names


def check_archive(path: Path, limits: Limits) -> int:
    """Bytes of all that a .keras file holds once it is unpacked.

    Raises:
        RefusalError: if it is beyond the limits or damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_records(archive, path.stat().st_size, limits)
            names = archive.namelist()
            if WEIGHTS not in names:
                raise (
                    RefusalError(SHARDS)
                    if any("weights" in name for name in names)
                    else damaged("it has no weights")
                )
            if archive.testzip() is not None:
                raise RefusalError(f"is damaged: a checksum inside does not match; {CUT_SHORT}")
            return sum(record.file_size for record in archive.infolist())
    except BROKEN as error:
        raise RefusalError(f"is cut short or damaged: it cannot be read to its end; {CUT_SHORT}") from error


@contextmanager
def open_archive(path: Path) -> Iterator[KerasFile]:
    """A .keras file that was checked, opened for a while.

    Raises:
        RefusalError: if it is damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            records = {record.filename: record for record in archive.infolist()}
            configuration = _json(archive.read(CONFIGURATION))
            release = _release(_json(archive.read(METADATA)).get("keras_version"))
            with _record(archive, records[WEIGHTS], path) as file, _hdf5(file) as group:
                yield KerasFile(configuration, release, group, by_name=False)
    except BROKEN as error:
        raise RefusalError(f"is cut short or damaged: it cannot be read to its end; {CUT_SHORT}") from error


def _check_records(archive: zipfile.ZipFile, size: int, limits: Limits) -> None:
    records = archive.infolist()
    if len(records) > limits.max_records:
        raise RefusalError(
            f"is an archive of more than {limits.max_records:,} files; save it again with Keras 3"
        )
    if len({record.filename for record in records}) < len(records):
        raise RefusalError(f"is damaged: two files of one name are inside; {CUT_SHORT}")
    if any(record.flag_bits & 1 for record in records):
        raise RefusalError("is locked with a password; unlock it and drop it again")
    if any(record.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for record in records):
        raise RefusalError("is compressed in a way that is not read here; save it again with Keras 3")
    if sum(record.compress_size for record in records) > size:
        raise RefusalError(
            "is an archive whose files lie over each other, as only bombs have it; do not open it"
        )
    unpacked = sum(record.file_size for record in records)
    if unpacked > max(limits.max_ratio * size, MOST_CONFIGURATION):
        raise RefusalError(
            f"would unpack to {unpacked / size:,.0f} times its size, more than {limits.max_ratio}; save it again with "
            "Keras 3"
        )
    for record in records:
        if record.filename in (CONFIGURATION, METADATA) and record.file_size > MOST_CONFIGURATION:
            raise RefusalError(_too_long())


def _too_long() -> str:
    return (
        f"describes its layers in more than {MOST_CONFIGURATION // 1024**2} MB, as no network does that is looked at "
        "here; save it again without what else its configuration holds"
    )


@contextmanager
def _record(archive: zipfile.ZipFile, record: zipfile.ZipInfo, path: Path) -> Iterator[BinaryIO]:
    """A file inside an archive: in its place where it is stored as it is, else unpacked into memory."""
    if record.compress_type != zipfile.ZIP_STORED:
        yield io.BytesIO(archive.read(record))
        return
    with path.open("rb") as file:
        # The local header says where the bytes begin: 30 bytes, the name, and what else it holds.
        file.seek(record.header_offset)
        header = file.read(30)
        start = (
            record.header_offset
            + 30
            + int.from_bytes(header[26:28], "little")
            + int.from_bytes(header[28:30], "little")
        )
        yield Part(file, start, record.file_size)  # type: ignore[misc]


class Part(io.RawIOBase):
    """Some bytes of a file, read as a file of their own."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        super().__init__()
        self._file, self._start, self._size, self._place = file, start, size, 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place; the place."""
        self._place = max(
            offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence], 0
        )
        return self._place

    def tell(self) -> int:
        """The place."""
        return self._place

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer as far as there are bytes; how many."""
        view = memoryview(buffer).cast("B")
        wanted = max(min(len(view), self._size - self._place), 0)
        self._file.seek(self._start + self._place)
        got = self._file.readinto(view[:wanted])  # type: ignore[attr-defined]
        self._place += got
        return int(got)


@contextmanager
def open_hdf5(path: Path) -> Iterator[KerasFile]:
    """An .h5 file of model.save(), opened for a while.

    Raises:
        RefusalError: if it is no network, or damaged.
    """
    try:
        with path.open("rb") as file, _hdf5(file) as top:
            said = top.attrs.get("model_config")
            if said is None:
                keras = "layer_names" in top.attrs or {
                    "layers",
                    "vars",
                    "_layer_checkpoint_dependencies",
                } & set(top)
                raise RefusalError(WEIGHTS_ALONE if keras else NOT_KERAS)
            text = said if isinstance(said, bytes) else str(said).encode()
            if len(text) > MOST_CONFIGURATION:
                raise RefusalError(_too_long())
            if "model_weights" not in top:
                raise damaged("it has no weights")
            version = top.attrs.get("keras_version", "2")
            yield KerasFile(_json(text), _release(version), top["model_weights"], by_name=True)
    except BROKEN as error:
        raise RefusalError(f"is cut short or damaged: it cannot be read to its end; {CUT_SHORT}") from error


@contextmanager
def _hdf5(file: BinaryIO) -> Iterator[h5py.File]:
    """An HDF5 file, read through Python: what it names beyond itself is not opened."""
    import h5py

    try:
        with h5py.File(file, "r") as top:
            yield top
    # What h5py raises for damage is whatever its parts happen to raise.
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise RefusalError(f"is cut short or damaged: its arrays cannot be read; {CUT_SHORT}") from error


def _json(text: bytes) -> Any:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise damaged("its configuration cannot be read") from None
    if not isinstance(content, dict):
        raise damaged("its configuration is none")
    _check_depth(content)
    return content


def _check_depth(content: Any) -> None:
    """Refuse what is nested so deep that going through it would fail in one place and not in another."""
    pending = [(content, 0)]
    while pending:
        here, depth = pending.pop()
        if depth > DEEPEST:
            raise damaged(f"its configuration is nested more than {DEEPEST} deep")
        inner = here.values() if isinstance(here, dict) else here if isinstance(here, list) else ()
        pending += [(one, depth + 1) for one in inner]


def _release(version: object) -> int:
    """The first number of a version; of "3.15.1", 3."""
    text = version.decode(errors="replace") if isinstance(version, bytes) else str(version)
    first, _, _ = text.partition(".")
    if not first.isdigit() or int(first) not in (2, 3):
        raise RefusalError(
            f"was written by Keras {shown(text)}, and what Keras 2 and 3 write is read here; open it with Keras 3 and "
            "save it again"
        )
    return int(first)
