"""What tells architectures apart: the names and shapes of their tensors, added up so that parts can be taken away."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping

Shape = tuple[int, ...]
MODULUS = 2**64
# Tensors that are counters or follow from the shapes of others: some versions keep them, some do not.
DERIVED = ("num_batches_tracked", "relative_position_index", "attn_mask", "relative_coords_table")
# How the tools of training wrap names.
WRAPPERS = ("module.", "_orig_mod.", "model.", "net.", "network.", "backbone.", "encoder.", "ema_model.")
COMPILED = "_orig_mod."
# How many wrappers may be around each other.
DEEPEST = 4


def is_derived(name: str) -> bool:
    """Whether a tensor of that name says nothing that the others do not."""
    return name.rpartition(".")[2] in DERIVED


def mark(name: str, shape: Iterable[int]) -> int:
    """A number for one tensor's name and shape, the same on every machine."""
    text = f"{name}:{','.join(map(str, shape))}"
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def total(marks: Iterable[int]) -> int:
    """The number of many tensors, whatever their order."""
    return sum(marks) % MODULUS


def wrappings(shapes: Mapping[str, Shape]) -> Iterator[tuple[str, dict[str, str]]]:
    """The ways in which names may be wrapped: a prefix, and the bare name -> the name in the file.

    The names as they are come first, then those behind prefixes that wrap most of them, from the outside in; then
    the same without what torch.compile writes within names.
    """
    bare = {name: name for name in shapes}
    yield from _layers(bare)
    compiled = {name.replace(COMPILED, ""): full for name, full in bare.items()}
    if compiled.keys() != bare.keys() and len(compiled) == len(bare):
        yield from _layers(compiled)


def _layers(bare: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    pending = [("", bare)]
    for _ in range(DEEPEST + 1):
        yield from pending
        pending = [
            (prefix + wrapper, inner) for prefix, outer in pending for wrapper, inner in _unwrap(outer)
        ]


def _unwrap(names: Mapping[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Each first part of the names that most of them share, or that is a known wrapper, with what is behind it."""
    inner: dict[str, dict[str, str]] = {}
    for name, full in names.items():
        first, dot, rest = name.partition(".")
        if dot:
            inner.setdefault(first + dot, {})[rest] = full
    for wrapper, behind in inner.items():
        if 2 * len(behind) > len(names) or wrapper in WRAPPERS:
            yield wrapper, behind


def common_wrapper(names: Iterable[str]) -> str:
    """The prefix of known wrappers that all names have, possibly empty."""
    rest, prefix = list(names), ""
    while rest:
        wrapper = next(
            (known for known in WRAPPERS[:2] if all(name.startswith(known) for name in rest)), None
        )
        if wrapper is None:
            break
        prefix += wrapper
        rest = [name.removeprefix(wrapper) for name in rest]
    return prefix
