"""Dropped files, kept by digest in a private temporary folder, for a while and within a budget."""

from __future__ import annotations

import atexit
import hashlib
import itertools
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from models.runtime import settings
from models.runtime.errors import UserError

# Digits of the digest that the address shows; 64 bits do not collide by accident.
PREFIX = 16
SCHEME = "upload:"
# What a file is called for those who have only its address: its name belongs to who dropped it.
SHARED = "Shared file"
# Who brings files for everybody, and how somebody begins who signed in and sees no other's files.
OPERATOR = ""
PERSON = "person:"


@dataclass(frozen=True)
class Upload:
    """A file that somebody dropped, as one visitor sees it.

    Attributes:
        digest: SHA-256 of its bytes, hexadecimal.
        name: as that visitor's machine called it, or SHARED; for display only.
        size: in bytes.
    """

    digest: str
    name: str
    size: int

    @property
    def prefix(self) -> str:
        """The beginning of the digest, which tells it from all others."""
        return self.digest[:PREFIX]

    @property
    def address(self) -> str:
        """As in the address: `upload:` and the beginning of the digest."""
        return SCHEME + self.prefix


@dataclass(frozen=True)
class _Drop:
    """What an owner called a file, and when it came: later ones have larger numbers."""

    name: str
    number: int


@dataclass
class _Kept:
    """A file on disk: who dropped it, and when it was last used."""

    digest: str
    size: int
    drops: dict[str, _Drop]
    used: float

    def is_for(self, owner: str | None) -> bool:
        """Whether that visitor may see it: anybody who has its address, but a person who signed in only their own."""
        return (
            owner is None
            or not owner.startswith(PERSON)
            or not self.drops.keys().isdisjoint((owner, OPERATOR))
        )

    def upload_for(self, owner: str | None) -> Upload:
        drop = None if owner is None else self.drops.get(owner)
        return Upload(self.digest, SHARED if drop is None else drop.name, self.size)


class Uploads:
    """A store of files by content. The same file dropped twice is kept once, until all who dropped it let go.

    Args:
        budget: bytes that all files together may take, asked each time; those used longest ago go first.
        hours: that a file is kept after its last use, asked each time.
        clock: seconds that never run backwards.
    """

    def __init__(
        self,
        *,
        budget: Callable[[], int] = settings.UPLOADS_MB.bytes,
        hours: Callable[[], float] = settings.UPLOAD_HOURS.value,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="vitrine-"))  # mkdtemp: readable by this user only
        self._budget = budget
        self.hours = hours
        self._clock = clock
        self._lock = threading.Lock()
        self._numbers = itertools.count()
        self._known: dict[str, _Kept] = {}  # prefix -> file, the one used longest ago first
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)

    def put(self, data: bytes, name: str, owner: str) -> Upload:
        """Keep a file.

        Args:
            data: the whole content.
            name: for display to its owner alone; never becomes a path.
            owner: who drops it; any text that tells visitors apart.

        Raises:
            UserError: if the file is larger than all uploads together may be, or the disk does not take it.
        """
        digest = hashlib.sha256(data).hexdigest()
        return self._keep(digest, len(data), name, owner, lambda place: place.write_bytes(data))

    def adopt(self, file: Path, digest: str, name: str, owner: str) -> Upload:
        """Keep a file that was made on the disk of this server, best in `folder`; it is moved.

        Args:
            file: is gone from its place afterwards, also where its digest is kept already.
            digest: SHA-256 under which it is found, hexadecimal: of the bytes that it was made from.
            name: for display to its owner alone; never becomes a path.
            owner: who drops it; any text that tells visitors apart.

        Raises:
            UserError: if the file is larger than all uploads together may be, or the disk does not take it.
        """
        try:
            return self._keep(
                digest, file.stat().st_size, name, owner, lambda place: shutil.move(file, place)
            )
        finally:
            file.unlink(missing_ok=True)

    def join(self, digest: str, name: str, owner: str) -> Upload | None:
        """The upload of that digest, dropped by one more owner, or None where it is not kept."""
        with self._lock:
            self._forget_old()
            kept = self._known.get(digest[:PREFIX])
            return None if kept is None or kept.digest != digest else self._add_owner(kept, name, owner)

    def _keep(self, digest: str, size: int, name: str, owner: str, write: Callable[[Path], object]) -> Upload:
        if size > self._budget():
            raise UserError(
                f"{name} is larger than all uploads to this server together may be, "
                f"{self._budget() / 1024**2:,.0f} MB; use a smaller file."
            )
        with self._lock:
            self._forget_old()
            kept = self._known.get(digest[:PREFIX])
            if kept is None or kept.digest != digest:
                kept = self._take_in(digest, size, name, write)
            return self._add_owner(kept, name, owner)

    def _add_owner(self, kept: _Kept, name: str, owner: str) -> Upload:
        kept.drops[owner] = _Drop(name, next(self._numbers))
        self._touch(kept.digest[:PREFIX])
        return kept.upload_for(owner)

    def find(self, address: str, owner: str | None = None) -> Upload | None:
        """The upload of that address, or None where this server does not hold it any more, or not for who asks.

        Args:
            address: as typed by anybody.
            owner: who asks; sees the name the file had on their machine, and no one else's.
        """
        match = re.fullmatch(rf"{SCHEME}([0-9a-f]{{{PREFIX}}})", address)
        if match is None:
            return None
        with self._lock:
            self._forget_old()
            kept = self._known.get(match[1])
            if kept is None or not kept.is_for(owner):
                return None
            self._touch(match[1])
            return kept.upload_for(owner)

    def of_owner(self, owner: str) -> tuple[Upload, ...]:
        """The uploads of an owner that are still kept, the newest first."""
        with self._lock:
            self._forget_old()
            held = [kept for kept in self._known.values() if owner in kept.drops]
            return tuple(
                kept.upload_for(owner) for kept in sorted(held, key=lambda kept: -kept.drops[owner].number)
            )

    def read(self, upload: Upload) -> bytes:
        """The content of an upload.

        Raises:
            UserError: if it is not kept any more.
        """
        try:
            return self.path(upload).read_bytes()
        except FileNotFoundError:
            raise gone_error(upload) from None

    def path(self, upload: Upload) -> Path:
        """Where an upload lies, as long as it is kept."""
        return self._path(upload.prefix)

    def forget(self, address: str, owner: str) -> None:
        """Take away an owner's hold on a file; with the last one's the file is deleted at once."""
        prefix = address.removeprefix(SCHEME)
        with self._lock:
            kept = self._known.get(prefix)
            if kept is None or kept.drops.pop(owner, None) is None:
                return
            if not kept.drops:
                self._drop(prefix)

    def _total(self) -> int:
        return sum(kept.size for kept in self._known.values())

    def _path(self, prefix: str) -> Path:
        return self.folder / prefix

    def _take_in(self, digest: str, size: int, name: str, write: Callable[[Path], object]) -> _Kept:
        prefix = digest[:PREFIX]
        self._drop(prefix)
        self._make_room(size)
        path = self._path(prefix)
        beside = path.with_suffix(".part")
        try:
            write(beside)
            beside.replace(path)
        except OSError:
            beside.unlink(missing_ok=True)
            raise UserError(
                f"{name} could not be kept: this server's disk did not take it; try again later."
            ) from None
        self._known[prefix] = _Kept(digest, size, {}, self._clock())
        return self._known[prefix]

    def _touch(self, prefix: str) -> None:
        """Note that a file is used, and move it to the end of those to let go of."""
        kept = self._known.pop(prefix)
        kept.used = self._clock()
        self._known[prefix] = kept

    def _forget_old(self) -> None:
        oldest = self._clock() - 3600 * self.hours()
        for prefix in [prefix for prefix, kept in self._known.items() if kept.used < oldest]:
            self._drop(prefix)

    def _make_room(self, size: int) -> None:
        for prefix in list(self._known):
            if self._total() + size <= self._budget():
                return
            self._drop(prefix)

    def _drop(self, prefix: str) -> None:
        if self._known.pop(prefix, None) is not None:
            self._path(prefix).unlink(missing_ok=True)


def gone_error(upload: Upload) -> UserError:
    """The sentence for an upload that was pushed out, or whose time is over."""
    return UserError(f"{upload.name} is no longer kept on this server; drop it again.")
