"""Which files are the same picture: equal in size, then at one place, then in every byte."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.photos.decoding import BOMBS, BROKEN, FORMATS

SAMPLE = 4096  # bytes from the middle of a file: headers are alike, and few files are that small
THREADS = 4
# Digest of names, sizes and times -> what was found of them; a run and its pages ask for the same again and again.
_KNOWN: dict[bytes, NDArray[np.int64]] = {}
MOST_KNOWN = 8


def find_copies(files: Sequence[Path]) -> NDArray[np.int64]:
    """For each file the place of the first one that holds the same bytes, its own where there is none before it.

    Only files of one size are read, and of those only the ones that share a sample are read whole. What is no picture
    is a copy of nothing, whatever it holds. Kept for files that have not changed.

    Args:
        files: to compare; one that cannot be read is a copy of nothing.

    Returns:
        Shape (N,).
    """
    stamps = [_stamp(file) for file in files]
    key = hashlib.blake2b(repr([*zip(map(str, files), stamps, strict=True)]).encode()).digest()
    if key not in _KNOWN:
        copies = np.arange(len(files), dtype=np.int64)
        for group in _same_files(files, [size for size, _ in stamps]):
            if _is_picture(files[group[0]]):
                copies[group] = group[0]
        while len(_KNOWN) >= MOST_KNOWN:
            _KNOWN.pop(next(iter(_KNOWN)))
        _KNOWN[key] = copies
    return _KNOWN[key]


def _same_files(files: Sequence[Path], sizes: Sequence[int]) -> list[list[int]]:
    """Groups of at least two places of files that are the same."""
    groups = _group([[place for place, size in enumerate(sizes) if size]], lambda place: sizes[place])
    for digest in (_sample_digest, _whole_digest):
        with ThreadPoolExecutor(THREADS) as threads:
            members = [place for group in groups for place in group]
            digests = dict(
                zip(members, threads.map(digest, (files[place] for place in members)), strict=True)
            )
        groups = _group(groups, lambda place, digests=digests: digests[place] or place)  # type: ignore[misc]
    return groups


def _group(groups: Iterable[Sequence[int]], key: Callable[[int], Hashable]) -> list[list[int]]:
    """Each group parted by a key of its members, without those that are alone then."""
    parted: dict[tuple[int, Hashable], list[int]] = {}
    for number, group in enumerate(groups):
        for place in group:
            parted.setdefault((number, key(place)), []).append(place)
    return [members for members in parted.values() if len(members) > 1]


def _stamp(file: Path) -> tuple[int, int]:
    """Size and time of last change; zeros where it is gone."""
    try:
        status = file.stat()
    except OSError:
        return 0, 0
    return status.st_size, status.st_mtime_ns


def _sample_digest(file: Path) -> bytes:
    """Of a few bytes from the middle; empty where they cannot be read."""
    try:
        with file.open("rb") as stream:
            stream.seek(max(0, (file.stat().st_size - SAMPLE) // 2))
            return hashlib.blake2b(stream.read(SAMPLE)).digest()
    except OSError:
        return b""


def _whole_digest(file: Path) -> bytes:
    """Of every byte; empty where they cannot be read."""
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "blake2b").digest()
    except OSError:
        return b""


def _is_picture(file: Path) -> bool:
    """Whether a file begins as a picture does."""
    try:
        with Image.open(file, formats=FORMATS):
            return True
    except (*BROKEN, *BOMBS):
        return False
