"""Which architecture a set of tensors belongs to, from names and shapes alone."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from models.checkpoints.architectures import (
    FileNetwork,
    Options,
    file_architecture,
    options_for_channels,
    options_for_small_stem,
)
from models.checkpoints.custom_head import HEAD, custom_heads, replaced_head
from models.checkpoints.index import shapes_of
from models.checkpoints.known import CLASSES, SKETCH_MODULUS, Head, Index, Match, Row
from models.checkpoints.signature import (
    MODULUS,
    STATISTICS,
    Shape,
    is_derived,
    is_statistic,
    mark,
    total,
    wrappings,
)
from models.checkpoints.small_stem import small_stem
from models.parametrisations import effective_shapes

# The part of an architecture's sketch that must be found for it to be called the nearest.
NEAR = 0.5
# So many of the nearest are built to see whether only their heads differ.
MOST_NEAR = 3
# Libraries that have several architectures of the same tensors, none of which is the usual one.
MANIFOLD = ("timm",)
# Channels that first layers read in the index, and those of a picture without colours.
COLOURS, GREY = 3, 1
# A first layer lies no deeper than this, if it is a block of several convolutions.
SHALLOW = 4


@dataclass(frozen=True, eq=False)
class Recognition:
    """What a set of tensors may be.

    Attributes:
        matches: architectures with exactly these names and shapes, one for each that computes something else.
        twins: name of a match -> others that compute the same.
        nearest: where nothing matches, the architecture that shares most, with the prefix that was taken off.
        leftover: names in the file that no match uses.
    """

    matches: tuple[Match, ...]
    twins: Mapping[str, tuple[str, ...]]
    nearest: tuple[Row, str] | None
    leftover: tuple[str, ...] = ()

    def match(self, name: str = "") -> Match | None:
        """The match of that architecture.

        Without a name: the only one, or the first of several where it is of a library that has few of each kind;
        None where a person must choose.
        """
        if not name:
            known = self.matches and self.matches[0].row.name.partition("/")[0] not in MANIFOLD
            return self.matches[0] if known or len(self.matches) == 1 else None
        return next((match for match in self.matches if match.row.name == name), None)


def recognise(shapes: Mapping[str, Shape], index: Index) -> Recognition:
    """Look tensors up in an index.

    Args:
        shapes: name -> shape, as in the file.
        index: of known architectures.
    """
    effective = effective_shapes(shapes)
    wrapped: list[_Wrapped] = []
    for stored in (shapes, effective) if effective != shapes else (shapes,):
        wrapped = [_Wrapped.of(stored, prefix, names) for prefix, names in wrappings(stored)]
        for stems, heads in itertools.product((_usual_stem, _other_stems), (_usual_heads, _custom_heads)):
            for candidate in wrapped:
                matches = list(_matches(candidate, index, stems, heads))
                if matches:
                    return _recognition_of(stored, matches)
    nearest = _nearest(wrapped, index)
    for row, candidate in nearest:
        replaced = list(_replaced_heads(candidate, row, index))
        if replaced:
            return _recognition_of(effective, replaced)
    return Recognition((), {}, next(((row, candidate.prefix) for row, candidate in nearest), None))


@dataclass(frozen=True)
class _Wrapped:
    """A way in which a file's names may be wrapped.

    Attributes:
        prefix: that is taken off.
        names: bare name -> name in the file.
        shapes: bare name -> shape.
        marks: bare name -> mark, of all but derived tensors.
    """

    prefix: str
    names: Mapping[str, str]
    shapes: Mapping[str, Shape]
    marks: Mapping[str, int]

    @classmethod
    def of(cls, shapes: Mapping[str, Shape], prefix: str, names: Mapping[str, str]) -> _Wrapped:
        """That of a file's tensors."""
        inner = {name: shapes[full] for name, full in names.items()}
        marks = {name: mark(name, shape) for name, shape in inner.items() if not is_derived(name)}
        return cls(prefix, names, inner, marks)


def _replaced_heads(wrapped: _Wrapped, row: Row, index: Index) -> Iterator[Match]:
    """An architecture, and those of its tensors, where all but what holds their head is in the file."""
    head = replaced_head(row.head, wrapped.shapes, shapes_of(row.name, row.classes, row.options))
    if head is not None:
        for alike in index.by_signature[row.body, row.head]:
            built = replace(alike, options={**alike.options, HEAD: head})
            yield Match(built, head.classes, wrapped.prefix, wrapped.names)


def recognise_network(network: FileNetwork, shapes: Mapping[str, Shape]) -> Recognition:
    """The one network of a file that says itself how it computes."""
    name, options = file_architecture(network)
    row = Row(name, options, network.outputs, (), (len(shapes), 0), frozenset(), name)
    channels, _, _ = network.size()
    other = None if channels in (GREY, COLOURS) else channels
    return Recognition((Match(row, network.outputs, "", {name: name for name in shapes}, other),), {}, None)


def _recognition_of(shapes: Mapping[str, Shape], matches: list[Match]) -> Recognition:
    """What matches make of a file."""
    match = matches[0]
    first, twins = _group_alike([_adapt_channels(candidate) for candidate in matches])
    used = set(match.names.values())
    return Recognition(tuple(first), twins, None, tuple(name for name in shapes if name not in used))


def _matches(wrapped: _Wrapped, index: Index, stems: Stems, heads: Heads) -> Iterator[Match]:
    marks, summed = wrapped.marks, total(wrapped.marks.values())
    read = list(heads(index, wrapped.shapes))
    changes = stems(wrapped.shapes) if read else ()
    for found in read:
        own = [mark for name, mark in marks.items() if name in found.names]
        for stem in changes:
            body = len(marks) - len(own), (summed - sum(own) + stem.change) % MODULUS
            for row in index.by_signature.get((body, found.usual), ()):
                options = stem.options(row)
                if options is not None:
                    built = replace(row, options={**options, **found.options})
                    yield Match(
                        built, found.classes or row.classes, wrapped.prefix, wrapped.names, stem.channels
                    )


def _adapt_channels(match: Match) -> Match:
    """The match with an architecture that reads as many channels as the file does."""
    row, channels = match.row, match.channels
    options = None if channels is None else options_for_channels(row.name, row.options, channels)
    return match if options is None else replace(match, row=replace(row, options=options))


@dataclass(frozen=True)
class _ReadStem:
    """A first layer that a file may have.

    Attributes:
        channels: that it reads, where they are not the architecture's own.
        change: what the sum of marks lacks for the architecture's own.
        small: whether it is one for small pictures.
    """

    channels: int | None = None
    change: int = 0
    small: bool = False

    def options(self, row: Row) -> Options | None:
        """With which an architecture can have it, but for its channels; None where it cannot."""
        if self.channels is not None and options_for_channels(row.name, row.options, self.channels) is None:
            return None
        return options_for_small_stem(row.name, row.options) if self.small else row.options


# From a file's shapes to the first layers that it may have.
Stems = Callable[[Mapping[str, Shape]], Iterable[_ReadStem]]


def _usual_stem(_: Mapping[str, Shape]) -> Iterable[_ReadStem]:
    return (_ReadStem(),)


def _other_stems(shapes: Mapping[str, Shape]) -> Iterable[_ReadStem]:
    """As if one convolution, or all in one block that read as many channels, read colours as in the index.

    Or as if a small first layer were the large one of the index.
    """
    changes: Counter[tuple[str, int]] = Counter()
    for name, shape in shapes.items():
        if len(shape) != 4 or shape[1] == COLOURS:
            continue
        change = mark(name, (shape[0], COLOURS, *shape[2:])) - mark(name, shape)
        parts = name.split(".")
        blocks = (".".join(parts[:depth]) for depth in range(1, min(len(parts), SHALLOW)))
        for block in {name, *blocks}:
            changes[block, shape[1]] += change
    small = small_stem(shapes)
    return {
        *(_ReadStem(channels, change) for (_, channels), change in changes.items()),
        *(() if small is None else (_ReadStem(*small, small=True),)),
    }


@dataclass(frozen=True)
class _ReadHead:
    """A head that a file may have.

    Attributes:
        usual: head of the architecture, in whose place it stands.
        classes: that it tells apart; 0 for as many as the architecture has by itself.
        names: of its tensors.
        options: with which the architecture has it.
    """

    usual: Head
    classes: int
    names: frozenset[str]
    options: Options = field(default_factory=dict)


# From an index and a file's shapes to the heads that the file may have.
Heads = Callable[[Index, Mapping[str, Shape]], Iterable[_ReadHead]]


def _usual_heads(index: Index, shapes: Mapping[str, Shape]) -> Iterator[_ReadHead]:
    for head in index.heads:
        classes = _classes(head, shapes)
        if classes is not None:
            yield _ReadHead(head, classes, frozenset(name for name, _ in head))


def _custom_heads(index: Index, shapes: Mapping[str, Shape]) -> Iterator[_ReadHead]:
    for usual in index.heads:
        for head in custom_heads(usual, shapes):
            yield _ReadHead(usual, head.classes, frozenset(filter(head.has, shapes)), {HEAD: head})


def _classes(head: Head, shapes: Mapping[str, Shape]) -> int | None:
    """How many classes a file has if that is its head, or None where it is not."""
    if not head:
        return 0  # as many as the architecture has by itself
    counts = set()
    for name, template in head:
        shape = shapes.get(name)
        if shape is None or len(shape) != len(template):
            return None
        for size, expected in zip(shape, template, strict=True):
            if expected == CLASSES:
                counts.add(size)
            elif size != expected:
                return None
    return counts.pop() if len(counts) == 1 and min(counts) > 0 else None


def _group_alike(matches: list[Match]) -> tuple[list[Match], dict[str, tuple[str, ...]]]:
    """One match for each function that is computed, and the names of the others that compute it."""
    first: dict[str, Match] = {}
    twins: dict[str, list[str]] = {}
    for match in matches:
        if match.row.like in first:
            twins.setdefault(first[match.row.like].row.name, []).append(match.row.name)
        else:
            first[match.row.like] = match
    return list(first.values()), {name: tuple(others) for name, others in twins.items()}


def _nearest(wrapped: Iterable[_Wrapped], index: Index) -> list[tuple[Row, _Wrapped]]:
    """The architectures that share most, the first of each signature, each with how the file's names are wrapped."""
    near: list[tuple[float, float, Row, _Wrapped]] = []
    for candidate in wrapped:
        marks = {mark % SKETCH_MODULUS for mark in (*candidate.marks.values(), *_left_out(candidate.shapes))}
        for row in index.rows:
            shared = len(row.sketch & marks) / max(len(row.sketch), 1)
            if shared >= NEAR:
                # Of those that share as much, the one that has as many tensors.
                near.append((shared, -abs(math.log(row.body[0] / max(len(marks), 1))), row, candidate))
    near.sort(key=lambda one: one[:2], reverse=True)
    first: dict[object, tuple[Row, _Wrapped]] = {}
    for *_, row, candidate in near:
        first.setdefault((row.body, row.head), (row, candidate))
    return list(first.values())[:MOST_NEAR]


def _left_out(shapes: Mapping[str, Shape]) -> Iterator[int]:
    """Marks of the running statistics that a file would have if its normalisations were those of batches."""
    for name, shape in shapes.items():
        layer, _, last = name.rpartition(".")
        if last == "weight" and len(shape) == 1 and f"{layer}.running_mean" not in shapes:
            yield from (mark(f"{layer}.{statistic}", shape) for statistic in STATISTICS)


@dataclass(frozen=True)
class Difference:
    """How a file differs from an architecture.

    Attributes:
        missing: names that the architecture has and the file has not.
        unexpected: names that the file has and the architecture has not.
        mismatched: name -> shape in the file, shape in the architecture.
        shared: how many tensors agree.
    """

    missing: tuple[str, ...]
    unexpected: tuple[str, ...]
    mismatched: Mapping[str, tuple[Shape, Shape]]
    shared: int

    @property
    def without_statistics(self) -> bool:
        """Whether all that a file lacks are the running statistics of batch normalisations."""
        lacks = bool(self.missing) and all(is_statistic(name) for name in self.missing)
        return lacks and not self.unexpected and not self.mismatched


def classes_of(row: Row, shapes: Mapping[str, Shape], prefix: str) -> int:
    """How many classes a file tells apart if it is that architecture; the architecture's own where it has no such head.

    Args:
        row: of the architecture.
        shapes: name -> shape, as in the file.
        prefix: to take off the file's names.
    """
    bare = {name: shapes[full] for name, full in _behind(prefix, shapes).items()}
    return _classes(row.head, bare) or row.classes


def _behind(prefix: str, shapes: Mapping[str, Shape]) -> Mapping[str, str]:
    """Bare name -> name in the file, once a prefix is taken off."""
    return next(
        (inner for wrapper, inner in wrappings(shapes) if wrapper == prefix), {name: name for name in shapes}
    )


def difference(shapes: Mapping[str, Shape], wanted: Mapping[str, Shape], prefix: str) -> Difference:
    """Compare a file with an architecture, name by name.

    Args:
        shapes: name -> shape, as in the file.
        wanted: name -> shape, as the architecture has them.
        prefix: to take off the file's names.
    """
    names = _behind(prefix, shapes)
    bare = {name: shapes[full] for name, full in names.items()}
    aside = tuple(name for name in shapes if name not in set(names.values()))
    mismatched = {
        name: (bare[name], shape) for name, shape in wanted.items() if name in bare and bare[name] != shape
    }
    return Difference(
        missing=tuple(name for name in wanted if name not in bare and not is_derived(name)),
        unexpected=(*(name for name in bare if name not in wanted and not is_derived(name)), *aside),
        mismatched=mismatched,
        shared=sum(bare.get(name) == shape for name, shape in wanted.items()),
    )
