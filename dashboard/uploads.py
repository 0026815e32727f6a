"""Dropped files, kept by digest in a private temporary folder, for a while and within a budget."""

from __future__ import annotations

import atexit
import hashlib
import os
import re
import shutil
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from models.errors import UserError

HOURS = float(os.environ.get("VITRINE_UPLOAD_HOURS", "6"))
BUDGET = int(os.environ.get("VITRINE_UPLOADS_MB", "1024")) * 1024**2
# Digits of the digest that the address shows; 64 bits do not collide by accident.
PREFIX = 16


@dataclass(frozen=True)
class Upload:
    """A file that somebody dropped.

    Attributes:
        digest: SHA-256 of its bytes, hexadecimal.
        name: as the person's machine called it; for display only.
        size: in bytes.
    """

    digest: str
    name: str
    size: int

    @property
    def address(self) -> str:
        """As in the address: `upload:` and the beginning of the digest."""
        return f"upload:{self.digest[:PREFIX]}"


class Uploads:
    """A store of files by content. The same file dropped twice is kept once."""

    def __init__(self, budget: int = BUDGET, hours: float = HOURS) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="vitrine-"))  # mkdtemp: readable by this user only
        self._budget = budget
        self._seconds = hours * 3600
        self._lock = threading.Lock()
        self._known: dict[str, tuple[Upload, float]] = {}  # prefix -> upload, when it was last used
        atexit.register(shutil.rmtree, self._folder, ignore_errors=True)

    def put(self, data: bytes, name: str) -> Upload:
        """Keep a file.

        Args:
            data: the whole content.
            name: for display; never becomes a path.

        Raises:
            UserError: if the file is larger than all uploads together may be.
        """
        if len(data) > self._budget:
            raise UserError(f"{name} is larger than this server keeps for all uploads together; use a smaller file.")
        upload = Upload(hashlib.sha256(data).hexdigest(), name, len(data))
        with self._lock:
            self._make_room(len(data))
            path = self._path(upload.digest[:PREFIX])
            beside = path.with_suffix(".part")
            beside.write_bytes(data)
            beside.replace(path)
            self._known[upload.digest[:PREFIX]] = (upload, time.monotonic())
        return upload

    def find(self, address: str) -> Upload | None:
        """The upload of that address, or None where this server does not hold it any more."""
        match = re.fullmatch(rf"upload:([0-9a-f]{{{PREFIX}}})", address)
        with self._lock:
            self._forget_old()
            known = self._known.get(match[1]) if match else None
            if known is None or match is None:
                return None
            self._known[match[1]] = (known[0], time.monotonic())
            return known[0]

    def read(self, upload: Upload) -> bytes:
        """The content of an upload.

        Raises:
            UserError: if it is not kept any more.
        """
        try:
            return self._path(upload.digest[:PREFIX]).read_bytes()
        except FileNotFoundError:
            raise UserError(f"{upload.name} is no longer kept on this server; drop it again.") from None

    def forget(self, address: str) -> None:
        """Delete an upload at once."""
        with self._lock:
            self._drop(address.removeprefix("upload:"))

    @property
    def bytes(self) -> int:
        """Size of all files that are kept."""
        return sum(upload.size for upload, _ in self._known.values())

    def _path(self, prefix: str) -> Path:
        return self._folder / prefix

    def _forget_old(self) -> None:
        oldest = time.monotonic() - self._seconds
        for prefix in [prefix for prefix, (_, used) in self._known.items() if used < oldest]:
            self._drop(prefix)

    def _make_room(self, size: int) -> None:
        self._forget_old()
        for prefix in sorted(self._known, key=lambda prefix: self._known[prefix][1]):
            if self.bytes + size <= self._budget:
                return
            self._drop(prefix)

    def _drop(self, prefix: str) -> None:
        if self._known.pop(prefix, None) is not None:
            self._path(prefix).unlink(missing_ok=True)


UPLOADS = Uploads()
