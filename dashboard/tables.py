"""Tables that visitors drop: as they were read, kept by digest of their file, for a while, each its owner's alone."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from models.photos.uploads import Upload, Uploads
from models.runtime.errors import UserError
from models.table import reading
from models.table.found import FoundTable

TABLES = Uploads()


def take(data: bytes, name: str, owner: str, watch: Callable[[], None] = lambda: None) -> Upload:
    """Read a file and keep its table.

    Args:
        data: of any content.
        name: as its owner's machine calls it.
        owner: who drops it.
        watch: called again and again; what it raises ends the reading.

    Raises:
        UserError: if it is no table that can be learned from, or there is no room.
    """
    digest = hashlib.sha256(data).hexdigest()
    held = TABLES.join(digest, name, owner)
    if held is not None:
        return held
    source, target = (TABLES.folder / f"{secrets.token_hex(8)}.{ending}" for ending in ("file", "npz"))
    try:
        source.write_bytes(data)
        reading.read(source, name, watch).save(target)
        return TABLES.adopt(target, digest, name, owner)
    except OSError:
        raise UserError(
            f"{name} could not be kept: this server's disk did not take it; try again later."
        ) from None
    finally:
        source.unlink(missing_ok=True)
        target.unlink(missing_ok=True)


def newest(owner: str) -> tuple[Upload, FoundTable] | None:
    """The table that somebody dropped last, as far as it is still kept."""
    for upload in TABLES.of_owner(owner)[:1]:
        return upload, _load(TABLES.path(upload))
    return None


# A page asks again with every click; one table can be hundreds of megabytes.
@lru_cache(maxsize=1)
def _load(place: Path) -> FoundTable:
    return FoundTable.load(place)


def forget(owner: str) -> None:
    """Let go of all that somebody dropped."""
    for upload in TABLES.of_owner(owner):
        TABLES.forget(upload.address, owner)
