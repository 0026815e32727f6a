"""The settings of pages in the address, `p.<name>`: each is declared here, with its type, default and bounds.

Settings of attribution methods are not: they are the fields of the methods' own records.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")
K = TypeVar("K", bound=str)
# A number of more digits is none.
MOST_DIGITS = 9
# Of the text of a setting.
USUAL_LETTERS = 32


@dataclass(frozen=True)
class Parameter(Generic[T]):
    """One setting.

    Attributes:
        name: in the address, behind `p.`.
    """

    name: str

    def text(self, settings: Mapping[str, str]) -> str | None:
        """What the address says; None where it says nothing."""
        return settings.get(self.name)

    def write(self, value: T) -> str:
        """A value as the address says it."""
        return str(value)


@dataclass(frozen=True)
class Text(Parameter[str]):
    """Names, digests and the like, which whoever reads them checks.

    Attributes:
        longest: letters that it may have.
    """

    longest: int = USUAL_LETTERS


@dataclass(frozen=True)
class Places(Parameter[frozenset[int]]):
    """Places of a list, from 0, with points between them.

    Attributes:
        longest: letters that they may have.
    """

    longest: int

    def read(self, settings: Mapping[str, str], count: int) -> frozenset[int]:
        """Those of the address that a list of so many has."""
        written = settings.get(self.name, "").split(".")
        places = {
            int(text) for text in written if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
        }
        return frozenset(place for place in places if place < count)

    def write(self, value: frozenset[int]) -> str:
        """All of them, in order; a point alone is none of them, which is not the default."""
        return ".".join(map(str, sorted(value))) or "."

    def holds(self, value: frozenset[int]) -> bool:
        """Whether an address has room for them."""
        return len(self.write(value)) <= self.longest


class Flag(Parameter[bool]):
    """Something that is on or off."""

    def read(self, settings: Mapping[str, str], *, default: bool = False) -> bool:
        """Whether it is on."""
        return settings.get(self.name, self.write(default)) == "1"

    def write(self, value: bool) -> str:
        """On or off as the address says it."""
        return str(int(value))


class Option(Parameter[str]):
    """One of several names; a table elsewhere says what they stand for, and its first is the default."""

    def read(self, settings: Mapping[str, str], offered: Iterable[K]) -> K:
        """The name of the address where it is offered, else the first.

        Args:
            settings: of the address.
            offered: at least one name.
        """
        names = list(offered)
        return next((name for name in names if name == settings.get(self.name)), names[0])


@dataclass(frozen=True)
class Number(Parameter[int]):
    """A whole number.

    Attributes:
        default: where the address says nothing; pages may know a better one.
        low: the least, at least 0.
        high: the greatest; None where it depends on what is looked at.
    """

    default: int = 0
    low: int = 0
    high: int | None = None

    def parse(self, settings: Mapping[str, str]) -> int | None:
        """The number of the address, whatever the bounds; None where there is none that can be read."""
        text = settings.get(self.name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None

    def read(
        self, settings: Mapping[str, str], default: int | None = None, *, high: int | None = None
    ) -> int:
        """The number of the address, brought within the bounds, or the default.

        Args:
            settings: of the address.
            default: in place of the declared one.
            high: in place of the declared one.
        """
        number = self.parse(settings)
        if number is None:
            number = self.default if default is None else default
        most = self.high if high is None else high
        return max(self.low, number if most is None else min(number, most))


class Step(Parameter[int]):
    """A step of somebody's log, which can be below 0 and of any size."""

    def parse(self, settings: Mapping[str, str]) -> int | None:
        """The step of the address; None where there is none that can be read."""
        text = settings.get(self.name, "")
        return int(text) if re.fullmatch(r"-?[0-9]{1,19}", text) else None


def merge(settings: Mapping[str, str], changes: Mapping[Parameter[Any], Any]) -> dict[str, str]:
    """The settings with some changed; None takes one back to its default, which the address does not say."""
    changed = dict(settings)
    for parameter, value in changes.items():
        if value is None:
            changed.pop(parameter.name, None)
        else:
            changed[parameter.name] = parameter.write(value)
    return changed


# Every page: whether a photo is turned into a digit.
DIGIT = Flag("digit")
# Training, over the curves: percent of smoothing (by default what makes a curve of single batches readable),
# logarithm, and the steps that are shown.
SMOOTHING = Number("smoothing", 60, high=99)
LOG = Flag("log")
FIRST_STEP = Step("from")
LAST_STEP = Step("to")
# The session of a log that is shown, from 1; 0 shows all. Charts drawn as one, by digests of their titles, and words
# that are in the title of each.
SESSION = Number("session")
JOIN = Text("join")
FIND = Text("find")
# Architecture: levels of blocks that are open, blocks that were clicked since, and what the bars show. A decision tree
# has a depth as well.
DEPTH = Number("depth")
OPEN = Text("open")
BARS = Option("bars")
# Activations: the view.
VIEW = Option("view")
# One layer.
SORT = Option("sort")
OWN_SCALE = Flag("own")
PAGE = Number("page")
# Embedding.
MAP = Option("map")
DISTANCE = Option("distance")
COLOUR = Option("colour")
PERPLEXITY = Number("perplexity", 30, low=2)
# What it looks for.
MADE_FOR = Option("of")
AVOID = Flag("avoid")
EVERYWHERE = Flag("everywhere")
STILL = Flag("still")
STEPS = Number("steps", 128)
SEED = Number("seed")
# Over training, here and on Weights.
STEP = Number("step")
PLAY = Flag("play")
# Attention: its layer, the patch and the head.
BLOCK = Number("block")
PATCH = Number("patch")
HEAD = Number("head")
# One neuron: the place of its output, whether a batch norm is folded into its kernel, and which weight is looked at.
ROW = Number("row")
COLUMN = Number("column")
FOLD = Flag("fold")
WEIGHT = Number("weight")
# Weights: the view, and in it tensors of which kind, drawn how, from where, and which page of them.
ASPECT = Option("aspect")
ROLE = Option("role")
SCALE = Option("scale")
SOURCE = Option("source")
FILTERS = Option("filters")
ROWS = Number("rows", 1, low=1)
TILES = Number("tiles", 1, low=1)
INPUT = Number("input")
# The tensor that is looked at, as a digest of its name.
TENSOR = Text("tensor")
# Files of tensors, as digests of their addresses: in place of the network, and of the one to compare with.
TENSORS = Text("tensors")
OTHER_TENSORS = Text("other")
# Attribution: percent of the overlay, whether maps side by side share a scale, and whether they are measured.
STRENGTH = Number("strength", 70, high=100)
COMMON = Flag("common")
# What kind the explained class is one of, where all classes of it are explained together: WordNet's number.
ANY = Option("any")
BELIEVE = Flag("believe")
# Evaluation: the view, the labelled set, the gallery, the flips, the cell of the matrix, and the sheet of pictures.
SEE = Option("see")
PART = Option("part")
KIND = Option("kind")
FLIP = Option("flip")
CELL = Text("cell")
SHEET = Number("sheet")
# Learned from: by influence, by TracIn, or labels that may be wrong.
LEARNED = Option("learned")
# The slide that is shown, from 1, in place of the page; without it there is none.
SLIDE = Number("slide", 1, low=1)
# The step of the tour, from 1; without it nobody is led.
TOUR = Number("tour", 1, low=1)
# Decision tree.
FEATURES = Option("features")
# What if: the view.
WHAT = Option("what")
# Brush: what is painted, as records.mask writes it, what stands there instead, whether it is all that is kept, how many
# superpixels there are, and which region is searched for.
MASK = Text("mask", longest=540)
FILL = Option("fill")
ONLY = Flag("only")
SUPERPIXELS = Number("superpixels", 25, low=4, high=100)
REGION = Option("region")
# Attack: levels of 255 by which a pixel may change, the class that is aimed at, and whether a set is attacked as well.
EPS = Number("eps", 4, high=8)
AIM = Number("aim")
CURVE = Flag("curve")
# Concepts: whose, and the one whose pictures are shown.
CONCEPTS = Option("concepts")
CONCEPT = Option("concept")
# Strategies: how many groups the maps are told into; 0 leaves it to their eigenvalues.
GROUPS = Number("groups", high=6)
# Text: which of the test texts, or the digits of one that was pasted; the view; the class that is explained; and the
# method that colours its words.
TEXT = Number("text")
PASTED = Text("pasted")
READ = Option("read")
SPEAKS_FOR = Number("for")
WORDS = Option("words")
# Changed words: places of those that are struck out, with points between them, and of the one that is replaced, from 1.
STRUCK = Places("struck", longest=1200)
REPLACED = Number("replaced")
# Attention: the word that looks, from 1; 0 stands for all of them.
LOOKS = Number("looks")
# Table: which of the test rows, the class that is explained, and the method that says what columns count for.
TABLE_ROW = Number("tuple")
TABLE_CLASS = Number("class")
COUNTS_BY = Option("counts")
# The view; the column that the answer is followed along, from 1; and places of the columns that cannot change, with
# points between them.
TABLE_VIEW = Option("show")
BY_COLUMN = Number("by")
HELD = Places("held", longest=400)
# How what columns count for is drawn, and what is counted in groups of rows.
DRAWN_AS = Option("drawn")
RATE = Option("rate")
# Recommendation: whose history, or numbers of the films of one's own, with points between them; the film that is
# explained; and the method that says because of what.
PERSON = Number("person")
FILMS = Places("films", longest=60)
FILM = Number("film")
BECAUSE = Option("because")
# Settings whose text may be long.
LONG = {setting.name: setting.longest for setting in (MASK, STRUCK, HELD, FILMS)}
_REPORT = "in_"


def in_report(chapter: str) -> Flag:
    """Whether a chapter goes into the report."""
    # As the names of settings are.
    return Flag(f"{_REPORT}{chapter.replace('-', '_')}")


def without_report(settings: Mapping[str, str]) -> dict[str, str]:
    """The settings that say what a view shows: not what a report holds, nor the slide or the step of the tour."""
    return {
        name: text
        for name, text in settings.items()
        if not name.startswith(_REPORT) and name not in (SLIDE.name, TOUR.name)
    }
