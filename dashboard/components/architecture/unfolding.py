"""Which blocks are open, said in the address: a depth, and the blocks that were clicked since."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from dashboard.records.architecture import Architecture
from dashboard.records.blocks import blocks_around, open_blocks

# A setting of the address has at most so many characters.
LONGEST = 32
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
MARK = 4


def open_names(architecture: Architecture, *, depth: int, clicked: str, chosen: str | None) -> frozenset[str]:
    """Names of the blocks that are open: by depth, but for those that were clicked, and around the chosen layer."""
    names = open_blocks(architecture, depth) ^ frozenset(_read(architecture, clicked))
    return names | (blocks_around(architecture, chosen) if chosen else frozenset())


def toggle(architecture: Architecture, clicked: str, block: str) -> str | None:
    """The setting after a click on a block; None where none is left. The oldest click makes room for a new one."""
    names = list(_read(architecture, clicked))
    names = [name for name in names if name != block] if block in names else [*names, block]
    while names and len(_write(architecture, names)) > LONGEST:
        names = names[1:]
    return _write(architecture, names) if names else None


def _write(architecture: Architecture, names: Iterable[str]) -> str:
    places = {block.name: place for place, block in enumerate(architecture.blocks)}
    return ".".join([_mark(architecture), *(_base36(places[name]) for name in names)])


def _read(architecture: Architecture, text: str) -> Iterable[str]:
    """The blocks that a setting names; none where it was made for another network or by hand."""
    mark, *places = text.split(".")
    if mark != _mark(architecture):
        return ()
    blocks = {_base36(place): block.name for place, block in enumerate(architecture.blocks)}
    return dict.fromkeys(blocks[place] for place in places if place in blocks)


def _mark(architecture: Architecture) -> str:
    """Tells one network's blocks from another's."""
    names = "\n".join(block.name for block in architecture.blocks)
    return hashlib.sha256(names.encode()).hexdigest()[:MARK]


def _base36(number: int) -> str:
    """A number to the base of 36."""
    head, last = divmod(number, len(DIGITS))
    return (_base36(head) if head else "") + DIGITS[last]
