"""Texts that visitors paste: kept by digest like dropped photos, for a while, within a budget, each its owner's."""

from __future__ import annotations

from models.photos.uploads import SCHEME, Uploads
from models.runtime.errors import UserError

TEXTS = Uploads()
NAME = "The pasted text"
# Characters; far more than a network reads.
LONGEST = 20_000


def keep_text(text: str, owner: str) -> str:
    """Keep a text; the digits of the address that find it.

    Raises:
        UserError: if it is too long, or there is no room.
    """
    if len(text) > LONGEST:
        raise UserError(f"{NAME} has {len(text):,} characters; paste at most {LONGEST:,}.")
    # A browser can send halves of characters.
    return TEXTS.put(text.encode("utf-8", "replace"), NAME, owner).prefix


def find_text(digits: str, owner: str) -> str | None:
    """The text that an address means; None where it is not kept any more, or not for who asks."""
    upload = TEXTS.find(SCHEME + digits, owner)
    return None if upload is None else TEXTS.read(upload).decode("utf-8")
