"""The kinds of input that networks read: one table. A fifth kind is its folders, its page, and its line here."""

from __future__ import annotations

from dataclasses import dataclass

PICTURES, TEXT, TABLE, HISTORY = "pictures", "text", "table", "history"


@dataclass(frozen=True)
class Kind:
    """One kind of input.

    Attributes:
        name: in tables, and in the folders of runs.
        one: a single input, in words.
        many: several, in words.
        size: how large the one is with which a network is followed, where it reads any size; empty where all are alike.
    """

    name: str
    one: str
    many: str
    size: str = ""


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(PICTURES, "a picture", "pictures"),
        Kind(TEXT, "a text", "texts", " as long as it reads"),
        Kind(TABLE, "a row of a table", "rows"),
        Kind(HISTORY, "a history of choices", "histories"),
    )
}
