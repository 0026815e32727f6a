"""Published files, brought to this machine once: streamed beside their place, checked, and moved in whole."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
from collections.abc import Generator
from contextlib import closing
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from models.runtime.errors import UserError

if TYPE_CHECKING:
    from http.client import HTTPResponse

    from models.runtime.progress import Report

SCHEMES = ("https", "file")
CHUNK = 1 << 20  # bytes
TIMEOUT = 10  # seconds without a byte: a dead line is told soon, a slow one is waited for
# The disk's own refusals. Every other OSError while storing is a fault of ours and stays a crash in the log.
REFUSALS = {errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS}


class _TransferError(Exception):
    """Why a file does not come, in few words."""


def fetch(url: str, path: Path, report: Report, digest_prefix: str | None = None) -> Path:
    """Bring a published file to its place, whole or not at all.

    Args:
        url: https:// or file://.
        path: where the file goes; what is there already is replaced.
        report: told how many bytes have come; what it raises ends the transfer and passes through.
        digest_prefix: first digits of the file's published SHA-256, hexadecimal.

    Returns:
        The path.

    Raises:
        UserError: if the file cannot be had, is not the published one, or cannot be stored.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("xb") as file:
            _copy(url, file, report, digest_prefix or "")
        part.replace(path)
    except _TransferError as error:
        raise UserError(
            f"{path.name} could not be fetched ({error}): this needs a network connection once; "
            "connect and try again, or choose one that is on board."
        ) from error.__cause__
    except OSError as error:
        if error.errno not in REFUSALS:
            raise
        raise UserError(
            f"{path.name} could not be stored ({error.strerror}): make room, or choose one that is on board."
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return path


def hub_path(name: str) -> Path:
    """Where torch hub's cache keeps the checkpoint of that file name."""
    import torch

    return Path(torch.hub.get_dir()) / "checkpoints" / name


def hub_checkpoint(url: str, report: Report) -> Path:
    """A published checkpoint in torch hub's cache, fetched where it is not there yet or has been damaged.

    Raises:
        UserError: as fetch does.
    """
    path = hub_path(Path(urlsplit(url).path).name)
    published = published_digest(path.name)
    known = path.is_file() and _is_published(path, published)
    return path if known else fetch(url, path, report, published)


def published_digest(name: str) -> str:
    """The first digits of a SHA-256 that torch's file names carry (resnet18-f37072fd.pth), or nothing."""
    digits = re.search(r"-([0-9a-f]{8,})\.pth$", name)
    return digits.group(1) if digits else ""


def _is_published(path: Path, published: str) -> bool:
    """Whether a file has the published digest; True where none is published."""
    if not published:
        return True
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest().startswith(published)


def _copy(url: str, file: BinaryIO, report: Report, digest_prefix: str) -> None:
    """Write what is behind an address into an open file, down to the disk."""
    content, done, expected = hashlib.sha256(), 0, None
    with closing(_chunks(url)) as chunks:
        for chunk, expected in chunks:
            file.write(chunk)
            content.update(chunk)
            done += len(chunk)
            report(done, expected)
    if expected is not None and done != expected:
        raise _TransferError(f"the line broke after {done:,} of {expected:,} bytes")
    if not content.hexdigest().startswith(digest_prefix):
        raise _TransferError("what came is not the file that was published")
    file.flush()
    os.fsync(file.fileno())


def _chunks(url: str) -> Generator[tuple[bytes, int | None], None, None]:
    """What is behind an address piece by piece, each with the bytes expected in all where that is known."""
    try:
        with _open(url) as response:
            length = response.headers.get("Content-Length")
            while chunk := response.read(CHUNK):
                yield chunk, int(length) if length else None
    except (OSError, HTTPException) as error:
        raise _TransferError(_reason(error)) from error


def _open(url: str) -> HTTPResponse:
    _refuse_unprotected(url)
    request = Request(url, headers={"User-Agent": "vitrine"})  # noqa: S310 - the scheme is checked
    response: HTTPResponse = urlopen(request, timeout=TIMEOUT)  # noqa: S310 - the scheme is checked
    # A server may have sent us on to another address.
    _refuse_unprotected(response.url)
    return response


def _refuse_unprotected(url: str) -> None:
    if urlsplit(url).scheme not in SCHEMES:
        raise URLError("its address is not protected by https")


def _reason(error: Exception) -> str:
    """Why nothing came, in few words; nothing of what a server wrote."""
    if isinstance(error, HTTPError):
        return f"the server answers {error.code}"
    cause = getattr(error, "reason", error)
    return getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
