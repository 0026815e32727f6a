"""The checkpoints that people dropped: their tensors, kept by the digest of the file they came from."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from models.checkpoints import architectures, index, reading, safetensors_header
from models.checkpoints.architectures import FileNetwork, read_note
from models.checkpoints.choice import Choice
from models.checkpoints.known import Entry, Match
from models.checkpoints.limits import Limits
from models.checkpoints.origin import NOTE, Origin
from models.checkpoints.recognition import COLOURS, GREY, Recognition, recognise, recognise_network
from models.checkpoints.safetensors_header import Header
from models.photos.decoding import safe_name
from models.photos.uploads import OPERATOR, PREFIX, SCHEME, Upload, Uploads
from models.runtime import settings
from models.runtime.errors import UserError

ADDRESS = re.compile(rf"({SCHEME}[0-9a-f]{{{PREFIX}}})(?:@([0-9a-f]{{{PREFIX}}}))?")
# What was said of checkpoints, a few kilobytes each; the oldest go first.
MOST_CHOICES = 500


@dataclass(frozen=True, eq=False)
class StoredCheckpoint:
    """A checkpoint that is kept.

    Attributes:
        upload: who it is.
        path: safetensors file with its tensors.
        header: of that file.
        origin: how they were found.
        recognition: which architecture they may belong to.
        choice: what was said of it.
    """

    upload: Upload
    path: Path
    header: Header
    origin: Origin
    recognition: Recognition
    choice: Choice

    @property
    def address(self) -> str:
        """As in the address, with what was said."""
        return self.upload.address + (f"@{self.choice.digest}" if self.choice.digest else "")

    @property
    def entry(self) -> Entry | None:
        """The weights that a library publishes, where the file is theirs."""
        entry = index.current_index().entry(self.upload.digest)
        return None if entry is None or self._match_of(entry) is None else entry

    @property
    def network(self) -> FileNetwork | None:
        """The network, where the file says how it computes."""
        return read_note(self.origin.network) if self.origin.network else None

    @property
    def match(self) -> Match | None:
        """The architecture that was chosen, or that the file tells, or the only one.

        None where a person must choose, or say what its channels hold.
        """
        if self.channels and not self.choice.planes:
            return None
        chosen = self.recognition.match(self.choice.architecture)
        published = None if self.entry is None else self._match_of(self.entry)
        if published is None or (
            self.choice.architecture and chosen is not None and chosen.row.like != published.row.like
        ):
            return chosen
        return published

    @property
    def channels(self) -> int:
        """Channels that its first layer reads, where a person must say what they hold; else 0."""
        channels = self.recognition.matches[0].channels if self.recognition.matches else None
        return 0 if channels in (None, GREY, COLOURS) else channels

    @property
    def likely_channels(self) -> int:
        """The same, and where nothing tells the first layer, those of the first kernel."""
        kernels = (entry.shape[1] for entry in self.header.entries.values() if len(entry.shape) == 4)
        return self.channels or next(kernels, COLOURS)

    def _match_of(self, entry: Entry) -> Match | None:
        """The match of published weights, under the name that they have in their library."""
        for match in self.recognition.matches:
            if entry.architecture in (match.row.name, *self.recognition.twins.get(match.row.name, ())):
                options = architectures.published_options(entry.architecture, match.row.options)
                return replace(match, row=replace(match.row, name=entry.architecture, options=options))
        return None


class Store:
    """Checkpoints of visitors, read once, in a process of their own.

    Args:
        uploads: where the tensors are kept.
        limits: of one file, asked for each.
    """

    def __init__(self, uploads: Uploads, limits: Callable[[], Limits] = Limits.from_environment) -> None:
        self.uploads = uploads
        self._limits = limits
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._brought: dict[Path, str] = {}  # of the operator -> its address
        self._times: Counter[Path] = Counter()
        self._choices: OrderedDict[tuple[str, str], Choice] = OrderedDict()

    def take(
        self, data: bytes, name: str, owner: str, report: Callable[[float], None] = lambda share: None
    ) -> Upload:
        """Read a file that somebody dropped, and keep its tensors.

        Args:
            data: the whole file.
            name: as its owner's machine calls it.
            owner: who drops it.
            report: told the share done, in [0, 1]; may raise to cancel.

        Raises:
            UserError: if it is too large, no checkpoint, damaged, or holds more than tensors.
        """
        limits = self._limits()
        if len(data) > limits.max_bytes:
            raise UserError(f"{safe_name(name)} {reading.too_large_error(limits)}.")
        digest = hashlib.sha256(data).hexdigest()
        known = self.uploads.join(digest, safe_name(name), owner)
        if known is not None:
            return known
        source = self._place("source")
        try:
            self._write(source, data, name)
            return self._read(source, digest, name, owner, report, limits)
        finally:
            source.unlink(missing_ok=True)

    def upload_of(self, path: Path) -> Upload | None:
        """What take_file() kept of a file that the operator named, or None where that is still to do."""
        address = self._brought.get(path)
        return None if address is None else self.uploads.find(address, OPERATOR)

    def take_file(self, path: Path, report: Callable[[float], None] = lambda share: None) -> Upload:
        """Read a file that the operator named, of any size, and keep its tensors for everybody.

        TorchScript and torch.export programs are loaded too, which runs what code they hold.

        Raises:
            UserError: if it is not there, no checkpoint, damaged, or holds more than tensors.
        """
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = path.stat().st_size
        except OSError as error:
            raise UserError(f"{safe_name(path.name)} cannot be read ({error.strerror}).") from error
        limits = Limits(max_bytes=max(size, self._limits().max_bytes))
        upload = self.uploads.join(digest, safe_name(path.name), OPERATOR) or self._read(
            path, digest, path.name, OPERATOR, report, limits
        )
        self._brought[path] = upload.address
        self._times[path] += 1
        return upload

    def reads_of(self, path: Path) -> int:
        """How often a file that the operator named was read: once more after nobody looked at it for long."""
        return self._times[path]

    def _read(
        self,
        source: Path,
        digest: str,
        name: str,
        owner: str,
        report: Callable[[float], None],
        limits: Limits,
    ) -> Upload:
        target = self._place("target")
        reading.read(source, name, target, report, limits, trusted=owner == OPERATOR)
        return self.uploads.adopt(target, digest, safe_name(name), owner)

    def _place(self, what: str) -> Path:
        """A file of our own, named by nobody else."""
        return self.uploads.folder / f"{what}-{next(self._numbers)}.part"

    @staticmethod
    def _write(place: Path, data: bytes, name: str) -> None:
        try:
            place.write_bytes(data)
        except OSError:
            raise UserError(
                f"{safe_name(name)} could not be kept: this server's disk did not take it; try again later."
            ) from None

    def find(self, address: str, owner: str | None = None) -> StoredCheckpoint | None:
        """The checkpoint of that address, or None where this server does not hold it, or not what was said of it.

        Args:
            address: as typed by anybody.
            owner: who asks; sees the name that the file had on their machine.
        """
        match = ADDRESS.fullmatch(address)
        upload = None if match is None else self.uploads.find(match[1], owner)
        if match is None or upload is None:
            return None
        choice = self._choices.get((upload.digest, match[2] or ""), None) if match[2] else Choice()
        if choice is None:
            return None
        with suppress(FileNotFoundError):
            path = self.uploads.path(upload)
            return StoredCheckpoint(upload, path, *_inspect(path, upload.digest), choice)
        return None

    def of_owner(self, owner: str) -> tuple[Upload, ...]:
        """The checkpoints of a visitor and those of the operator, the newest first."""
        theirs = self.uploads.of_owner(owner)
        digests = {upload.digest for upload in theirs}
        return (
            *theirs,
            *(upload for upload in self.uploads.of_owner(OPERATOR) if upload.digest not in digests),
        )

    def remember(self, held: StoredCheckpoint, choice: Choice) -> str:
        """Keep what a person says of a checkpoint; the address of the checkpoint with it."""
        if not choice.digest:
            return held.upload.address
        with self._lock:
            key = held.upload.digest, choice.digest
            self._choices[key] = choice
            self._choices.move_to_end(key)
            while len(self._choices) > MOST_CHOICES:
                self._choices.popitem(last=False)
        return f"{held.upload.address}@{choice.digest}"

    def forget(self, owner: str) -> tuple[str, ...]:
        """Let go of all checkpoints of a visitor; addresses of those that are deleted, as nobody else dropped them."""
        gone: list[str] = []
        for upload in self.uploads.of_owner(owner):
            self.uploads.forget(upload.address, owner)
            if self.uploads.find(upload.address) is None:
                choices = [choice for digest, choice in self._choices if digest == upload.digest]
                gone += [upload.address, *(f"{upload.address}@{choice}" for choice in choices)]
        return tuple(gone)


@lru_cache(maxsize=64)
def _inspect(path: Path, digest: str) -> tuple[Header, Origin, Recognition]:
    """What a kept file is, looked up once. The digest tells it from an earlier file in its place."""
    head = safetensors_header.read(path, Limits(max_bytes=2**62))
    origin = Origin.from_json(json.loads(head.metadata[NOTE]))
    if origin.network:
        return head, origin, recognise_network(read_note(origin.network), head.shapes)
    return head, origin, recognise(head.shapes, index.current_index())


CHECKPOINTS = Store(Uploads(budget=settings.CHECKPOINTS_MB.bytes))
