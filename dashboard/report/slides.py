"""A report as slides: one finding and one picture each."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from dashboard.report.contents import Bars, Block, Chart, Numbers, Pictures, Report, Section, Table

# Beside each other on a screen across a room, unless they are many small ones that belong together.
MOST_PICTURES = 2
# A chart that is taller, in pixels, has words too small to be read from there.
TALL = 760


@dataclass(frozen=True)
class Slide:
    """One slide.

    Attributes:
        eyebrow: what it is about.
        finding: the sentence on it.
        block: what shows it; None where there is nothing but the sentence.
    """

    eyebrow: str
    finding: str
    block: Block | None = None


def slides(report: Report) -> tuple[Slide, ...]:
    """The title with the picture, and a slide for each section that has something to show."""
    first = Slide(report.about, report.title, None if report.cover is None else Pictures((report.cover,)))
    return (
        first,
        *(
            Slide(section.title, section.finding, _shown(section))
            for section in report.sections
            if not section.refused
        ),
    )


def _shown(section: Section) -> Block | None:
    """The block that shows the finding: of those that are seen from farthest away, the first."""
    blocks = [block for block in section.blocks if _rank(block) is not None]
    if not blocks:
        return None
    block = min(blocks, key=lambda block: _rank(block) or 0)
    if isinstance(block, Chart):
        return block.brief or block
    if not isinstance(block, Pictures):
        return block
    if block.across <= MOST_PICTURES:
        return dataclasses.replace(block, items=block.items[:MOST_PICTURES])
    return dataclasses.replace(block, across=MOST_PICTURES) if len(block.items) <= block.across else block


def _rank(block: Block) -> int | None:
    """How well it is seen from afar, best first; None for what is read."""
    if isinstance(block, Pictures):
        # Those with a title are results; others show what was looked at.
        return 1 if block.items[0].title else 3
    if isinstance(block, Chart):
        return 0 if block.height <= TALL else 6
    ranks: dict[type[Block], int] = {Bars: 2, Numbers: 4, Table: 5}
    return ranks.get(type(block))
