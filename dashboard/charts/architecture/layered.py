"""Where the boxes of a network go: from top to bottom as the data flows, open blocks as frames around theirs.

A layered drawing after Sugiyama, Tagawa and Toda (1981), level by level: a box stands below all that it reads, and a
line that passes other boxes runs beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dashboard.records.blocks import IN, OUT, GraphBox

# Sizes: across in columns, one box each; down in pixels.
BOX, SIGN = 0.9, 0.3
HIGH, HEIGHT, LOW, GAP = 58, 42, 24, 18
TITLE, PADDING = 22, 0.07
BESIDE, LANE = 0.1, 0.08
TIMES = "\u00d7"
# Functions drawn as a sign in a circle.
SIGNS = {
    "add": "+",
    "iadd": "+",
    "radd": "+",
    "mul": TIMES,
    "imul": TIMES,
    "rmul": TIMES,
    "sub": "-",
    "matmul": "@",
}

Point = tuple[float, float]


@dataclass(frozen=True)
class PlacedBox:
    """A box and its place.

    Attributes:
        box: the box.
        left: of its edges, in columns.
        right: in columns.
        top: in pixels from the top of the drawing.
        bottom: in pixels.
        port: where lines come in on top and leave below, in columns.
    """

    box: GraphBox
    left: float
    right: float
    top: float
    bottom: float
    port: float

    @property
    def frame(self) -> bool:
        """Whether it is an open block."""
        return bool(self.box.boxes)


@dataclass(frozen=True)
class Drawing:
    """Boxes, frames before what they hold, and lines.

    Attributes:
        placed: the boxes.
        lines: each through these points, down to an arrow's head where `heads` says so.
        heads: whether a line ends at a box; one to the edge of a frame goes on outside.
        left: edge of all, in columns.
        right: in columns.
        height: in pixels.
    """

    placed: tuple[PlacedBox, ...]
    lines: tuple[tuple[Point, ...], ...]
    heads: tuple[bool, ...]
    left: float
    right: float
    height: float


def _shift(drawing: Drawing, right: float, down: float) -> Drawing:
    placed = tuple(
        replace(
            box,
            left=box.left + right,
            right=box.right + right,
            top=box.top + down,
            bottom=box.bottom + down,
            port=box.port + right,
        )
        for box in drawing.placed
    )
    lines = tuple(tuple((x + right, y + down) for x, y in line) for line in drawing.lines)
    return Drawing(placed, lines, drawing.heads, drawing.left + right, drawing.right + right, drawing.height)


def _draw_box(box: GraphBox) -> Drawing:
    """A box by itself, its port at 0 and its top at 0."""
    if box.boxes:
        return _draw_frame(box)
    sign = box.node is not None and box.node.function and box.node.title in SIGNS
    low = box.node is not None and (box.node.function or not box.name)
    half = (SIGN if sign else BOX) / 2
    height = LOW if low else HEIGHT if box.block is None else HIGH
    return Drawing((PlacedBox(box, -half, half, 0, height, 0),), (), (), -half, half, height)


def _draw_frame(box: GraphBox) -> Drawing:
    inner = _shift(layered_drawing(box), 0, TITLE)
    left, right = min(inner.left, -BOX / 2) - PADDING, max(inner.right, BOX / 2) + PADDING
    height = inner.height + TITLE
    frame = PlacedBox(box, left, right, 0, height, 0)
    return Drawing((frame, *inner.placed), inner.lines, inner.heads, left, right, height)


def layered_drawing(box: GraphBox) -> Drawing:
    """The boxes of one open block around its port at 0, from its upper edge at 0 to its lower one."""
    ranks = _ranks(box)
    parts = [_draw_box(inner) for inner in box.boxes]
    tops, bottom = _tops(parts, ranks)
    across = _across(box, parts, ranks)
    parts = [
        _shift(part, across[place], tops[ranks[place]] + _slack(parts, ranks, place) / 2)
        for place, part in enumerate(parts)
    ]
    lines, heads, right = _lines(box, parts, ranks, bottom)
    return Drawing(
        placed=tuple(inner for part in parts for inner in part.placed),
        lines=(*(line for part in parts for line in part.lines), *lines),
        heads=(*(head for part in parts for head in part.heads), *heads),
        left=min(part.left for part in parts),
        right=max(right, *(part.right for part in parts)),
        height=bottom,
    )


def _ranks(box: GraphBox) -> list[int]:
    """How far down each box stands: one below the lowest that it reads."""
    ranks = [0] * len(box.boxes)
    inner = [(source, target) for source, target in box.lines if source != IN and target != OUT]
    for source, target in sorted(inner, key=lambda line: line[1]):
        ranks[target] = max(ranks[target], ranks[source] + 1)
    fed = {target for _, target in box.lines}
    for place in reversed(range(len(ranks))):
        below = [ranks[target] for source, target in inner if source == place]
        if place not in fed and below:
            ranks[place] = max(min(below) - 1, 0)
    return ranks


def _tops(parts: Sequence[Drawing], ranks: Sequence[int]) -> tuple[list[float], float]:
    """Upper edge of each rank, and the lower edge of all."""
    tops, y = [], float(GAP)
    for rank in range(max(ranks) + 1):
        tops.append(y)
        y += (
            max((part.height for part, other in zip(parts, ranks, strict=True) if other == rank), default=0)
            + GAP
        )
    return tops, y


def _slack(parts: Sequence[Drawing], ranks: Sequence[int], place: int) -> float:
    """How much lower than the highest box of its rank a box is."""
    rank = ranks[place]
    return (
        max(part.height for part, other in zip(parts, ranks, strict=True) if other == rank)
        - parts[place].height
    )


def _across(box: GraphBox, parts: Sequence[Drawing], ranks: Sequence[int]) -> list[float]:
    """Where the port of each box is: below the middle of what it reads, beside the others of its rank."""
    across = [0.0] * len(parts)
    for rank in range(max(ranks) + 1):
        members = [place for place, other in enumerate(ranks) if other == rank]
        wanted = {
            place: _mean(
                [0.0 if source == IN else across[source] for source, target in box.lines if target == place]
            )
            for place in members
        }
        members.sort(key=lambda place: (wanted[place], place))
        edge, ports = 0.0, []
        for place in members:
            ports.append(edge - parts[place].left)
            edge = ports[-1] + parts[place].right + BESIDE
        shift = _mean(list(wanted.values())) - _middle(parts, members, ports)
        for place, port in zip(members, ports, strict=True):
            across[place] = round(port + shift, 6)
    return across


def _middle(parts: Sequence[Drawing], members: Sequence[int], ports: Sequence[float]) -> float:
    """What of a rank goes below what it reads: the port of a single box, the middle of several."""
    if len(members) == 1:
        return ports[0]
    return (ports[0] + parts[members[0]].left + ports[-1] + parts[members[-1]].right) / 2


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0.0


def _lines(
    box: GraphBox, parts: Sequence[Drawing], ranks: Sequence[int], bottom: float
) -> tuple[list[tuple[Point, ...]], list[bool], float]:
    """The lines of a level, whether each has a head, and how far to the right they reach."""
    ends = {IN: -1, OUT: max(ranks) + 1} | dict(enumerate(ranks))
    lanes = _Lanes(parts, ranks, bottom)
    lines, heads = [], []
    # Short ones first: they run closest to the boxes.
    for source, target in sorted(box.lines, key=lambda line: (ends[line[1]] - ends[line[0]], line)):
        begin = (0.0, 0.0) if source == IN else _port(parts[source], lower=True)
        end = (0.0, bottom) if target == OUT else _port(parts[target], lower=False)
        passed = range(ends[source] + 1, ends[target])
        # Lines bend between the ranks only: a box beside may be taller than the one that they leave.
        bends = [(begin[0], lanes.lower(ends[source]))]
        if passed:
            beside = lanes.take(source, passed, begin[0])
            bends += [(beside, lanes.upper(passed[0])), (beside, lanes.lower(passed[-1]))]
        bends.append((end[0], lanes.upper(ends[target])))
        lines.append((begin, *_bend(*bends[:2]), *(_bend(*bends[2:]) if passed else ()), end))
        heads.append(target != OUT)
    return lines, heads, lanes.right


def _port(part: Drawing, *, lower: bool) -> Point:
    """Where lines meet a box that is in its place."""
    outer = part.placed[0]
    return outer.port, outer.bottom if lower else outer.top


class _Lanes:
    """Ways beside the boxes for lines that pass ranks; the lines of one source share theirs."""

    def __init__(self, parts: Sequence[Drawing], ranks: Sequence[int], bottom: float) -> None:
        self.right = 0.0
        self._edges: dict[int, float] = {}
        self._spans: dict[int, tuple[float, float]] = {-1: (0.0, 0.0), max(ranks) + 1: (bottom, bottom)}
        for part, rank in zip(parts, ranks, strict=True):
            outer = part.placed[0]
            self._edges[rank] = max(self._edges.get(rank, outer.right), outer.right)
            top, bottom = self._spans.get(rank, (outer.top, outer.bottom))
            self._spans[rank] = (min(top, outer.top), max(bottom, outer.bottom))
        self._taken: list[tuple[int, range, float]] = []

    def take(self, source: int, passed: range, own: float) -> float:
        """Where a line passes these ranks: straight below its source where nothing is in the way."""
        beside = max(own, max(self._edges[rank] for rank in passed) + BESIDE)
        others = [x for other, ranks, x in self._taken if other != source and {*ranks} & {*passed}]
        while any(abs(x - beside) < LANE / 2 for x in others):
            beside += LANE
        self._taken.append((source, passed, beside))
        self.right = max(self.right, beside)
        return beside

    def upper(self, rank: int) -> float:
        """Upper edge of the highest box of a rank; of the level itself below all."""
        return self._spans[rank][0]

    def lower(self, rank: int) -> float:
        """Lower edge of the lowest box of a rank; of the level itself above all."""
        return self._spans[rank][1]


STEPS = 8


def _bend(begin: Point, end: Point) -> tuple[Point, ...]:
    """An S from one point to a lower one."""
    if begin[0] == end[0]:
        return begin, end
    shares = [step / STEPS for step in range(STEPS + 1)]
    return tuple(
        (
            begin[0] + (end[0] - begin[0]) * share * share * (3 - 2 * share),
            begin[1] + (end[1] - begin[1]) * share,
        )
        for share in shares
    )
