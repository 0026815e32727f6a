"""What ImageNet's 1,000 classes are kinds of, by WordNet: `python -m models.datasets.wordnet FOLDER` makes the table.

The folder is that of Debian's `wordnet-base`, /usr/share/wordnet. Kept are the nouns above several classes that
WordNet's own counts of texts know: a dog is told, a placental is not.
"""

from __future__ import annotations

import hashlib
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from models.photos.samples import ASSETS

TABLE = ASSETS / "wordnet.tsv"
# Lines of WordNet's notice, which stays with all copies, begin with two spaces in its files and with this in the table.
NOTICE = "#"
# What stands elsewhere here: the giant panda, which WordNet 3.0 has beside the raccoon, among the bears, where zoology
# has it. Number -> number of what it is a kind of.
MOVED = {"02510455": "02131653"}


@dataclass(frozen=True)
class Kind:
    """A noun that several classes fall under.

    Attributes:
        synset: number of its meaning in WordNet 3.0, as ImageNet's folders are called: "n02084071".
        name: the commonest of its words.
        classes: class indices, in order.
    """

    synset: str
    name: str
    classes: tuple[int, ...]


def kinds(classes: Sequence[str]) -> tuple[Kind, ...]:
    """What these classes fall under, the largest kind first; nothing where they are not ImageNet's."""
    digest, table = _table()
    return table if _digest(classes) == digest else ()


@cache
def _table() -> tuple[str, tuple[Kind, ...]]:
    lines = [line for line in TABLE.read_text().splitlines() if not line.startswith(NOTICE)]
    rows = (line.split("\t") for line in lines[1:])
    return lines[0], tuple(Kind(synset, name, tuple(_places(ranges))) for synset, name, ranges in rows)


def _places(ranges: str) -> Iterator[int]:
    """Of "3-5 9": 3, 4, 5, 9."""
    for part in ranges.split():
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def _ranges(places: Sequence[int]) -> str:
    """Of 3, 4, 5, 9: "3-5 9"."""
    parts: list[list[int]] = []
    for place in places:
        if parts and parts[-1][-1] == place - 1:
            parts[-1].append(place)
        else:
            parts.append([place])
    return " ".join(f"{part[0]}-{part[-1]}" if len(part) > 1 else str(part[0]) for part in parts)


def _digest(classes: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(classes).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Noun:
    """One meaning in WordNet's file of nouns.

    Attributes:
        name: the commonest of its words.
        uses: how often that is in the texts that were counted.
        above: numbers of what it is a kind of.
    """

    name: str
    uses: int
    above: tuple[str, ...]


def read_nouns(folder: Path) -> dict[str, Noun]:
    """Number -> noun, of WordNet's own files but for what is moved; wndb(5) and cntlist(5) say what stands where."""
    uses = {
        key: int(count)
        for key, _, count in (line.split() for line in (folder / "cntlist.rev").read_text().splitlines())
    }
    nouns = {}
    for line in (folder / "data.noun").read_text("latin-1").splitlines():
        if line.startswith("  "):
            continue
        number, file, _, size, *fields = line.partition(" | ")[0].split()
        words = fields[: 2 * int(size, 16)]
        counted = [
            (uses.get(f"{word.lower()}%1:{file}:{int(mark, 16):02}::", 0), -place, word)
            for place, (word, mark) in enumerate(zip(words[::2], words[1::2], strict=True))
        ]
        times, _, name = max(counted)
        links = fields[len(words) + 1 :]
        above = [links[place + 1] for place in range(0, len(links), 4) if links[place] in ("@", "@i")]
        nouns[number] = Noun(
            name.replace("_", " "), times, (MOVED[number],) if number in MOVED else tuple(above)
        )
    return nouns


def kinds_above(nouns: dict[str, Noun], synsets: Sequence[str]) -> list[Kind]:
    """What several of these classes are kinds of, the largest first; one word for one set of classes.

    Args:
        nouns: by number.
        synsets: of the classes, in the order of the logits.
    """
    under = defaultdict(set)
    for index, synset in enumerate(synsets):
        left, seen = list(nouns[synset[1:]].above), set()
        while left:
            number = left.pop()
            if number not in seen:
                seen.add(number)
                under[number].add(index)
                left += nouns[number].above
    told: dict[tuple[int, ...], str] = {}
    for number, found in sorted(under.items(), key=lambda pair: -nouns[pair[0]].uses):
        if 1 < len(found) < len(synsets) and nouns[number].uses:
            told.setdefault(tuple(sorted(found)), number)
    return sorted(
        (Kind(f"n{number}", nouns[number].name, places) for places, number in told.items()),
        key=lambda kind: (-len(kind.classes), kind.synset),
    )


def make(folder: Path) -> str:
    """The table of WordNet's files, with WordNet's notice."""
    from models.datasets.imagenet import imagenet_classes, imagenet_synsets

    with (folder / "data.noun").open(encoding="latin-1") as file:
        notice = [
            f"{NOTICE} {line.strip().partition(' ')[2]}".rstrip() for line in file if line.startswith("  ")
        ]
    made = (
        f"{NOTICE} Nouns above ImageNet's classes, by `python -m models.datasets.wordnet`, of these files, but for the "
        "giant panda, which stands among the bears:"
    )
    rows = (
        f"{kind.synset}\t{kind.name}\t{_ranges(kind.classes)}"
        for kind in kinds_above(read_nouns(folder), imagenet_synsets())
    )
    return "\n".join([made, NOTICE, *notice, _digest(imagenet_classes()), *rows]) + "\n"


if __name__ == "__main__":
    TABLE.write_text(make(Path(sys.argv[1])))
