"""What a report holds, before it is written: plain words, numbers, pictures and charts, no markup anywhere."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import plotly.graph_objects as go

from dashboard.report.theme import apply_theme

# What a sentence is: said, said in small print, checked, to be careful with, refused.
Tone = Literal["plain", "small", "good", "care", "refused"]


class Block(ABC):
    """A piece of a section; the page has a macro of the same name for each kind."""

    @property
    def kind(self) -> str:
        """The name of its macro."""
        return type(self).__name__.lower()

    @abstractmethod
    def texts(self) -> Iterator[str]:
        """All that is read in it."""


@dataclass(frozen=True)
class Words(Block):
    """One or a few sentences.

    Attributes:
        text: anybody's words.
        tone: names the sign before them.
    """

    text: str
    tone: Tone = "plain"

    def texts(self) -> Iterator[str]:
        """All that is read in it."""
        yield self.text


@dataclass(frozen=True)
class Points(Block):
    """Sentences below each other, numbered where their order matters."""

    items: tuple[str, ...]
    numbered: bool = False

    def texts(self) -> Iterator[str]:
        """All that is read in it."""
        yield from self.items


@dataclass(frozen=True)
class Numbers(Block):
    """Numbers with their names, the number as it is read."""

    items: tuple[tuple[str, str], ...]

    def texts(self) -> Iterator[str]:
        """All that is read in it."""
        yield from (name for name, _ in self.items)


@dataclass(frozen=True)
class Bar:
    """One share of several.

    Attributes:
        name: of what has it.
        share: in [0, 1].
        label: the share as it is read.
        strong: whether it stands out.
    """

    name: str
    share: float
    label: str
    strong: bool = False


@dataclass(frozen=True)
class Bars(Block):
    """Shares below each other."""

    items: tuple[Bar, ...]

    def texts(self) -> Iterator[str]:
        """All that is read in it."""
        yield from (bar.name for bar in self.items)


@dataclass(frozen=True)
class Scale:
    """The colours of a map.

    Attributes:
        bar: PNG.
        ends: what stands at its left and right end.
    """

    bar: bytes
    ends: tuple[str, str]


@dataclass(frozen=True)
class Picture:
    """One picture.

    Attributes:
        content: PNG or JPEG.
        alt: what it shows, in words.
        title: above it; may be empty.
        caption: below it.
        scale: of its colours, or None.
        remarks: what must be known of it.
        sharp: whether its pixels are looked at, which are scaled without smoothing.
    """

    content: bytes
    alt: str
    title: str = ""
    caption: str = ""
    scale: Scale | None = None
    remarks: tuple[Words, ...] = ()
    sharp: bool = False

    def texts(self) -> Iterator[str]:
        """All that is read in it."""
        yield from (self.title, self.caption, *(remark.text for remark in self.remarks))
        yield from () if self.scale is None else self.scale.ends


@dataclass(frozen=True)
class Pictures(Block):
    """Pictures side by side.

    Attributes:
        items: in order.
        across: how many fit beside each other on a wide screen and on paper.
    """

    items: tuple[Picture, ...]
    across: int = 2

    def texts(self) -> Iterator[str]:
        """All that is read in it."""
        for picture in self.items:
            yield from picture.texts()


@dataclass(frozen=True)
class Chart(Block):
    """A chart that moves under the pointer.

    Attributes:
        figure: as JSON.
        height: in pixels.
        alt: what it shows, in words.
        caption: below it.
        words: what is read in the drawing.
        wide: whether it needs the whole column; on a narrow screen it is moved sideways in a window of its own.
        brief: a lower one in its place on a slide, where it is read from afar; None where it is low enough.
    """

    figure: str
    height: int
    alt: str
    caption: str = ""
    words: tuple[str, ...] = ()
    wide: bool = False
    brief: Chart | None = None

    @classmethod
    def of(
        cls,
        figure: go.Figure,
        alt: str,
        caption: str = "",
        *,
        wide: bool = False,
        brief: Chart | None = None,
    ) -> Chart:
        """A figure in the report's own colours."""
        written = apply_theme(figure).to_json()
        words = tuple(_texts(json.loads(written)))
        return cls(written, int(figure.layout.height), alt, caption, words, wide, brief)

    def texts(self) -> Iterator[str]:
        """All that is read in it."""
        yield from (self.caption, *self.words)


@dataclass(frozen=True)
class Table(Block):
    """Rows of words and numbers as they are read.

    Attributes:
        columns: their titles.
        rows: each as long as the columns.
        caption: below it.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""

    def texts(self) -> Iterator[str]:
        """All that is read in it."""
        yield from (self.caption, *self.columns)


@dataclass(frozen=True)
class Section:
    """One view.

    Attributes:
        name: in the table of chapters.
        title: what it is about.
        finding: the sentence that says what was found, or why nothing was.
        blocks: the evidence.
        address: that restores the view in the app.
        provenance: how it was made: names and values.
        credits: whom and what to thank for what is shown.
        summary: what of it belongs on top of the report; empty for nothing.
        refused: whether there is nothing to show but the reason.
    """

    name: str
    title: str
    finding: str
    blocks: tuple[Block, ...] = ()
    address: str = ""
    provenance: tuple[tuple[str, str], ...] = ()
    credits: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()
    refused: bool = False

    def texts(self) -> Iterator[str]:
        """All that is read in it."""
        yield self.finding
        for block in self.blocks:
            yield from block.texts()


@dataclass(frozen=True)
class Report:
    """All of it.

    Attributes:
        title: the finding on top.
        about: the network and its input, in a line.
        cover: the picture as the network reads it; None where it read none.
        time: when it was made, in words.
        summary: what somebody must know who reads nothing else.
        sections: in order.
        provenance: title -> names and values.
        credits: whom and what to thank, and under which terms.
    """

    title: str
    about: str
    cover: Picture | None
    time: str
    summary: tuple[Words, ...]
    sections: tuple[Section, ...]
    provenance: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    credits: tuple[str, ...]

    def texts(self) -> Iterator[str]:
        """What it says: title, summary and sections, without what is about the file itself."""
        yield self.title
        for words in self.summary:
            yield words.text
        for section in self.sections:
            yield from section.texts()


def _texts(part: Any) -> Iterator[str]:
    """What is read in a figure: titles of charts and axes, names of traces, annotations."""
    if isinstance(part, dict):
        for name, value in part.items():
            if (name == "name" and isinstance(value, str)) or (name == "text" and isinstance(value, str)):
                yield value
            elif name not in ("customdata", "source", "hovertext", "hovertemplate", "template"):
                yield from _texts(value)
    elif isinstance(part, Sequence) and not isinstance(part, str):
        for value in part:
            yield from _texts(value)
