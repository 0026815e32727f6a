"""What is known of architectures, as a checkpoint is compared with it: a row each, and the index of all."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.checkpoints.signature import Shape

# Stands for the number of classes in the shape of a head.
CLASSES = -1
# The marks of a sketch are kept modulo this.
SKETCH_MODULUS = 2**32
Head = tuple[tuple[str, Shape], ...]
# Of each tensor of a head, sorted: how often the number of classes is a factor of its size, and the rest of it.
Sizes = tuple[tuple[int, int], ...]
# How many digits of its hash a library writes into the name of a file.
DIGITS = (8, 10)


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
        sizes: sum of the marks that the body's tensors have by how many numbers they hold, whatever their names.
    """

    name: str
    options: Mapping[str, Any]
    classes: int
    head: Head
    body: tuple[int, int]
    sketch: frozenset[int]
    like: str
    sizes: int = 0

    @property
    def head_sizes(self) -> Sizes:
        """The head by numbers alone."""
        return tuple(
            sorted(
                (shape.count(CLASSES), math.prod(size for size in shape if size != CLASSES))
                for _, shape in self.head
            )
        )


@dataclass(frozen=True)
class Entry:
    """Weights that a library publishes, which the beginning of their file's SHA-256 tells.

    Attributes:
        architecture: with its library's prefix.
        name: of these weights in the library.
    """

    architecture: str
    name: str

    @property
    def title(self) -> str:
        """As its library writes it: "resnet50, IMAGENET1K_V2 of torchvision"."""
        library, _, bare = self.architecture.partition("/")
        return f"{bare}, {self.name} of {library}"


@dataclass(frozen=True, eq=False)
class Index:
    """All rows, to be looked up.

    Attributes:
        versions: library -> the version that was looked at.
        rows: in the order in which candidates are offered.
        by_signature: body and head -> its rows.
        by_sizes: tensors of the body, their sizes and the head's -> its rows.
        entries: first digits of a file's SHA-256 -> the weights that it is.
    """

    versions: Mapping[str, str]
    rows: tuple[Row, ...]
    by_signature: Mapping[tuple[tuple[int, int], Head], tuple[Row, ...]]
    by_sizes: Mapping[tuple[int, int, Sizes], tuple[Row, ...]]
    entries: Mapping[str, Entry]

    @classmethod
    def of(
        cls, rows: Sequence[Row], versions: Mapping[str, str], entries: Mapping[str, Entry] | None = None
    ) -> Index:
        """The index of these rows."""
        alike: dict[tuple[tuple[int, int], Head], list[Row]] = defaultdict(list)
        sized: dict[tuple[int, int, Sizes], list[Row]] = defaultdict(list)
        for row in rows:
            alike[row.body, row.head].append(row)
            sized[row.body[0], row.sizes, row.head_sizes].append(row)
        return cls(
            versions,
            tuple(rows),
            {signature: tuple(same) for signature, same in alike.items()},
            {sizes: tuple(same) for sizes, same in sized.items()},
            entries or {},
        )

    def entry(self, digest: str) -> Entry | None:
        """The published weights whose file has that SHA-256, as far as its first digits tell."""
        return next(
            (self.entries[digest[:count]] for count in DIGITS if digest[:count] in self.entries), None
        )

    @property
    def heads(self) -> tuple[Head, ...]:
        """Each head that some architecture has, once."""
        return tuple(dict.fromkeys(row.head for row in self.rows))


@dataclass(frozen=True)
class Match:
    """One architecture that has exactly these tensors.

    Attributes:
        row: of the index.
        classes: that the file's last layer tells apart.
        prefix: that was taken off the names.
        names: name in the architecture -> name in the file.
        channels: of a picture that the file's first layer reads, where they are not the architecture's own.
    """

    row: Row
    classes: int
    prefix: str
    names: Mapping[str, str]
    channels: int | None = None

    @property
    def exact(self) -> bool:
        """Whether the number of classes is the architecture's own, too."""
        return self.classes == self.row.classes
