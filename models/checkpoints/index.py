"""The signatures of all known architectures, shipped with the app: `python -m models.checkpoints.index` makes them."""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from models.checkpoints.signature import MODULUS, Shape, derived, mark, total

FILE = Path(__file__).resolve().parents[2] / "assets" / "signatures.json.gz"
# Stands for the number of classes in the shape of a head.
CLASSES = -1
# A second number of classes, by which the head is told: no layer has it by accident.
OTHER = 7919
# The smallest marks of an architecture, by which the nearest one is found.
SKETCH = 16
SKETCH_MODULUS = 2**32
# Prefix of the architectures that the operator named.
OWN = "own"
Head = tuple[tuple[str, Shape], ...]


@dataclass(frozen=True)
class Row:
    """What is known of one architecture.

    Attributes:
        name: with its library's prefix.
        options: that change its tensors.
        classes: that it has by default.
        head: the tensors whose shape has the number of classes in it, with CLASSES in its place.
        body: number of all other tensors, derived ones left out, and the sum of their marks.
        sketch: the smallest of those marks, modulo SKETCH_MODULUS.
        like: name of the first architecture of this signature that computes the same.
    """

    name: str
    options: Mapping[str, Any]
    classes: int
    head: Head
    body: tuple[int, int]
    sketch: frozenset[int]
    like: str


@dataclass(frozen=True, eq=False)
class Index:
    """All rows, to be looked up.

    Attributes:
        versions: library -> the version that was looked at.
        rows: in the order in which candidates are offered.
        found: body and head -> its rows.
    """

    versions: Mapping[str, str]
    rows: tuple[Row, ...]
    found: Mapping[tuple[tuple[int, int], Head], tuple[Row, ...]]

    @classmethod
    def of(cls, rows: Sequence[Row], versions: Mapping[str, str]) -> Index:
        """The index of these rows."""
        found: dict[tuple[tuple[int, int], Head], list[Row]] = defaultdict(list)
        for row in rows:
            found[row.body, row.head].append(row)
        return cls(versions, tuple(rows), {key: tuple(same) for key, same in found.items()})

    @property
    def heads(self) -> tuple[Head, ...]:
        """Each head that some architecture has, once."""
        return tuple(dict.fromkeys(row.head for row in self.rows))


@cache
def shipped() -> Index:
    """The index that ships with the app."""
    return read(FILE)


def known() -> Index:
    """The index that ships with the app, with the operator's own architectures before it."""
    from models.checkpoints.architectures import LIBRARIES

    own = LIBRARIES.get(OWN)
    return shipped() if own is None else _with_own(tuple(name for name, _ in own.names()))


@cache
def _with_own(names: tuple[str, ...]) -> Index:
    rows = [found for name in names if (found := _looked_at(f"{OWN}/{name}", {})) is not None]
    return Index.of([*rows, *shipped().rows], shipped().versions)


def read(file: Path) -> Index:
    """The index of a file."""
    content = json.loads(gzip.decompress(file.read_bytes()))
    heads = [tuple((name, tuple(shape)) for name, shape in head) for head in content["heads"]]
    rows = [
        Row(
            name,
            options,
            classes,
            heads[head],
            (count, int(body, 16)),
            frozenset(int(sketch[at : at + 8], 16) for at in range(0, len(sketch), 8)),
            like or name,
        )
        for name, options, classes, head, count, body, sketch, like in content["rows"]
    ]
    return Index.of(rows, content["versions"])


def write(index: Index, file: Path) -> None:
    """Put an index into a file, the same bytes for the same index."""
    heads = {head: number for number, head in enumerate(index.heads)}
    rows = [
        [
            row.name,
            dict(row.options),
            row.classes,
            heads[row.head],
            row.body[0],
            f"{row.body[1]:016x}",
            "".join(f"{one:08x}" for one in sorted(row.sketch)),
            "" if row.like == row.name else row.like,
        ]
        for row in index.rows
    ]
    content = {"versions": dict(index.versions), "heads": list(heads), "rows": rows}
    file.write_bytes(gzip.compress(json.dumps(content, separators=(",", ":")).encode(), mtime=0))


def row(
    name: str, options: Mapping[str, Any], small: Mapping[str, Shape], other: Mapping[str, Shape]
) -> Row | None:
    """The row of an architecture, or None where it has no classes.

    Args:
        name: with its library's prefix.
        options: that change its tensors.
        small: name -> shape, as it is built by default.
        other: the same with OTHER classes.
    """
    head: Head = tuple(
        (name, tuple(CLASSES if two == OTHER else one for one, two in zip(shape, other[name], strict=True)))
        for name, shape in sorted(small.items())
        if shape != other[name]
    )
    if not head:
        return None
    first, template = head[0]
    classes = small[first][template.index(CLASSES)]
    marks = [mark(*one) for one in body(small, dict(head))]
    sketch = frozenset(sorted(one % SKETCH_MODULUS for one in marks)[:SKETCH])
    return Row(name, options, classes, head, (len(marks), total(marks)), sketch, name)


def body(shapes: Mapping[str, Shape], head: Iterable[str]) -> Iterator[tuple[str, Shape]]:
    """The tensors that count for a signature besides those of the head."""
    aside = set(head)
    return ((name, shape) for name, shape in shapes.items() if name not in aside and not derived(name))


def without(summed: int, marks: Iterable[int]) -> int:
    """A sum of marks with some of them taken away."""
    return (summed - sum(marks)) % MODULUS


def main() -> None:
    """Look at every architecture of every library and write the index."""
    from models.checkpoints.architectures import LIBRARIES
    from models.checkpoints.likeness import with_likeness

    begun, rows = time.monotonic(), []
    for library in LIBRARIES.values():
        if len(sys.argv) > 1 and library.name not in sys.argv[1:]:
            continue
        for name, options in library.names():
            found = _looked_at(f"{library.name}/{name}", options)
            if found is None:
                print(f"left out: {library.name}/{name}", flush=True)
                continue
            rows.append(found)
        print(f"{library.name}: {len(rows):,} rows, {time.monotonic() - begun:.0f} s", flush=True)
    index = Index.of(with_likeness(rows), {one.name: one.version() for one in LIBRARIES.values()})
    write(index, FILE)
    print(
        f"{len(index.rows):,} architectures, {FILE.stat().st_size:,} bytes, {time.monotonic() - begun:.0f} s"
    )


def _looked_at(name: str, options: Mapping[str, Any]) -> Row | None:
    default = _default_classes(name)
    # An architecture that cannot be built here, or not with other classes, is left out.
    with suppress(Exception):
        return row(name, options, shapes_of(name, default, options), shapes_of(name, OTHER, options))
    return None


def _default_classes(name: str) -> int:
    library, _, bare = name.partition("/")
    if library != "timm":
        return 10 if library == "vitrine" else 1000
    import timm

    chosen = timm.get_pretrained_cfg(bare)
    return int(chosen.num_classes or 1000) if chosen is not None else 1000


def shapes_of(name: str, classes: int, options: Mapping[str, Any]) -> dict[str, Shape]:
    """Name -> shape of an architecture's tensors."""
    from models.checkpoints.building import hollow

    state = hollow(name, classes, options).state_dict()
    return {name: tuple(tensor.shape) for name, tensor in state.items()}


def renamed(found: Row, like: str) -> Row:
    """The row that computes what another one does."""
    return replace(found, like=like)


if __name__ == "__main__":
    main()
