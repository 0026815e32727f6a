"""What is known of tensors besides their numbers: how the file was made, and where in it they were."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# Key in a kept file's metadata.
NOTE = "vitrine"


@dataclass(frozen=True)
class Origin:
    """How one set of tensors was found.

    Attributes:
        kind: of the file, in words.
        path: keys that lead to the tensors in it; empty where it is a state dict itself.
        others: places of other tensors in the file, with how many each has.
        ignored: names beside the tensors that are none.
        digest: SHA-256 over names, dtypes, shapes and bytes, hexadecimal.
        spoiled: name -> how many of its numbers are NaN or infinite.
        network: configuration of the network, where the file says how it computes; empty where tensors are all it has.
        classes: lists of names of classes in the file, the surest first.
        renamed: architecture whose library gave the tensors their names; empty where they had them in the file.
    """

    kind: str
    path: tuple[str, ...] = ()
    others: tuple[tuple[str, int], ...] = ()
    ignored: tuple[str, ...] = ()
    digest: str = ""
    spoiled: Mapping[str, int] = field(default_factory=dict)
    renamed: str = ""
    network: str = ""
    classes: tuple[tuple[str, ...], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Its fields, for JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Origin:
        """What to_json() was made from."""
        return cls(
            kind=str(content["kind"]),
            path=tuple(map(str, content["path"])),
            others=tuple((str(place), int(count)) for place, count in content["others"]),
            ignored=tuple(map(str, content["ignored"])),
            digest=str(content["digest"]),
            spoiled={str(name): int(count) for name, count in content["spoiled"].items()},
            renamed=str(content["renamed"]),
            network=str(content["network"]),
            classes=tuple(tuple(map(str, names)) for names in content["classes"]),
        )

    @property
    def sentences(self) -> tuple[str, ...]:
        """Where the tensors were taken from, what was left aside, and what is wrong with their numbers."""
        library, _, name = self.renamed.partition("/")
        weights = [f"{place or 'the top'} ({count:,})" for place, count in self.others]
        spoiled = [f"{name} ({count:,})" for name, count in self.spoiled.items()]
        total = sum(self.spoiled.values())
        sentences = (
            f"The weights were taken from {'/'.join(self.path)} in the file." if self.path else "",
            f"Its names are its publisher's; {library}'s own loading of {name} renamed them."
            if self.renamed
            else "",
            f"Other tensors in the file were left aside: {_join_first(weights)}." if weights else "",
            f"Beside the tensors were left aside: {_join_first(self.ignored)}." if self.ignored else "",
            f"{total:,} of the numbers are NaN or infinite, in {_join_first(spoiled)}." if spoiled else "",
        )
        return tuple(filter(None, sentences))


MOST_LISTED = 5


def _join_first(names: list[str] | tuple[str, ...]) -> str:
    more = len(names) - MOST_LISTED
    return ", ".join(names[:MOST_LISTED]) + (f" and {more:,} more" if more > 0 else "")
