"""The signatures of all known architectures, shipped with the app: `python -m models.checkpoints.index` makes them."""

from __future__ import annotations

import gzip
import json
import re
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from models.checkpoints.architectures import LIBRARIES, OWN, Library
from models.checkpoints.known import CLASSES, SKETCH_MODULUS, Entry, Head, Index, Row
from models.checkpoints.signature import Shape, is_derived, mark, size_mark, total

FILE = Path(__file__).resolve().parents[2] / "assets" / "signatures.json.gz"
# A second number of classes, by which the head is told: no layer has it by accident.
OTHER = 7919
DEFAULT_CLASSES = 1000
# The smallest marks of an architecture, by which the nearest one is found.
SKETCH = 16
# Where the name of a published file ends in digits of its SHA-256.
HASHED = re.compile(r"-([0-9a-f]{8}|[0-9a-f]{10})\.(?:pth|pt|npz|safetensors)$")


@cache
def shipped_index() -> Index:
    """The index that ships with the app."""
    return read(FILE)


def current_index() -> Index:
    """The index that ships with the app, with the operator's own architectures before it."""
    own = LIBRARIES.get(OWN)
    return shipped_index() if own is None else _index_with(own)[0]


def own_problems() -> tuple[str, ...]:
    """A sentence for each architecture of the operator that cannot be built."""
    own = LIBRARIES.get(OWN)
    return () if own is None else _index_with(own)[1]


@cache
def _index_with(own: Library) -> tuple[Index, tuple[str, ...]]:
    from models.runtime.foreign import own_words

    rows, problems = [], {}
    for bare, options in own.names():
        try:
            rows.append(_own_row(f"{OWN}/{bare}", options))
        except Exception as error:  # the operator's code raises what it likes
            problems[bare] = (
                f"The architecture {bare}, which --model named, cannot be built: {type(error).__name__}, "
                f"{own_words(error)}."
            )
    built = {row.name for row in rows if row is not None}
    shipped = shipped_index()
    index = Index.of([*filter(None, rows), *shipped.rows], shipped.versions, shipped.entries)
    return index, tuple(problem for bare, problem in problems.items() if f"{OWN}/{bare}" not in built)


def _own_row(name: str, options: Mapping[str, Any]) -> Row | None:
    """The row of an architecture of the operator; raises what building it raises."""
    from models.checkpoints.operator_arguments import FIXED, count_outputs

    shapes = shapes_of(name, DEFAULT_CLASSES, options)
    if not options.get(FIXED):
        return row(name, options, shapes, shapes_of(name, OTHER, options))
    return _row(name, options, count_outputs(name, options), (), shapes)


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
            int(sizes, 16),
        )
        for name, options, classes, head, count, body, sketch, like, sizes in content["rows"]
    ]
    entries = {digits: Entry(*entry) for digits, entry in content["entries"].items()}
    return Index.of(rows, content["versions"], entries)


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
            "".join(f"{mark:08x}" for mark in sorted(row.sketch)),
            "" if row.like == row.name else row.like,
            f"{row.sizes:016x}",
        ]
        for row in index.rows
    ]
    entries = {digits: (entry.architecture, entry.name) for digits, entry in index.entries.items()}
    content = {"versions": dict(index.versions), "heads": list(heads), "rows": rows, "entries": entries}
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
        (name, tuple(CLASSES if b == OTHER else a for a, b in zip(shape, other[name], strict=True)))
        for name, shape in sorted(small.items())
        if shape != other[name]
    )
    if not head:
        return None
    first, template = head[0]
    return _row(name, options, small[first][template.index(CLASSES)], head, small)


def _row(name: str, options: Mapping[str, Any], classes: int, head: Head, shapes: Mapping[str, Shape]) -> Row:
    marks = [mark(name, shape) for name, shape in body(shapes, dict(head))]
    sketch = frozenset(sorted(number % SKETCH_MODULUS for number in marks)[:SKETCH])
    sizes = total(size_mark(shape) for _, shape in body(shapes, dict(head)))
    return Row(name, options, classes, head, (len(marks), total(marks)), sketch, name, sizes)


def published_entries() -> dict[str, Entry]:
    """The first digits of a file's SHA-256, as they are in its name -> which weights of a library it has."""
    import timm
    from torchvision import models

    from models.zoo.timm_models import config

    published = [
        (f"torchvision/{name}", entry.name, entry.url)
        for name in models.list_models(module=models)
        for entry in models.get_model_weights(name)
    ]
    for name in timm.list_models(pretrained=True):
        architecture, _, tag = name.partition(".")
        published.append((f"timm/{architecture}", tag, config(name).url or ""))
    return {
        match[1]: Entry(architecture, entry)
        # Of several that name one file, the first in turn.
        for architecture, entry, url in reversed(published)
        if (match := HASHED.search(url))
    }


def body(shapes: Mapping[str, Shape], head: Iterable[str]) -> Iterator[tuple[str, Shape]]:
    """The tensors that count for a signature besides those of the head."""
    aside = set(head)
    return ((name, shape) for name, shape in shapes.items() if name not in aside and not is_derived(name))


def main() -> None:
    """Look at every architecture of every library and write the index."""
    from models.checkpoints.likeness import with_likeness

    begun, rows = time.monotonic(), []
    for library in LIBRARIES.values():
        if len(sys.argv) > 1 and library.name not in sys.argv[1:]:
            continue
        for name, options in library.names():
            architecture = _row_of(f"{library.name}/{name}", options)
            if architecture is None:
                print(f"left out: {library.name}/{name}", flush=True)
                continue
            rows.append(architecture)
        print(f"{library.name}: {len(rows):,} rows, {time.monotonic() - begun:.0f} s", flush=True)
    versions = {library.name: library.version() for library in LIBRARIES.values()}
    index = Index.of(with_likeness(rows), versions, published_entries())
    write(index, FILE)
    print(
        f"{len(index.rows):,} architectures, {FILE.stat().st_size:,} bytes, {time.monotonic() - begun:.0f} s"
    )


def _row_of(name: str, options: Mapping[str, Any]) -> Row | None:
    default = _default_classes(name)
    # An architecture that cannot be built here, or not with other classes, is left out.
    with suppress(Exception):
        return row(name, options, shapes_of(name, default, options), shapes_of(name, OTHER, options))
    return None


def _default_classes(name: str) -> int:
    library, _, bare = name.partition("/")
    if library != "timm":
        return 10 if library == "vitrine" else DEFAULT_CLASSES
    import timm

    pretrained_cfg = timm.get_pretrained_cfg(bare)
    return int(pretrained_cfg.num_classes or 1000) if pretrained_cfg is not None else 1000


def shapes_of(name: str, classes: int, options: Mapping[str, Any]) -> dict[str, Shape]:
    """Name -> shape of an architecture's tensors."""
    from models.checkpoints.building import build_hollow

    state = build_hollow(name, classes, options).state_dict()
    return {name: tuple(tensor.shape) for name, tensor in state.items()}


if __name__ == "__main__":
    main()
