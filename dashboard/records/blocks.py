"""Which blocks of a network are drawn open, and what is then to be drawn: boxes in boxes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from dashboard.records.architecture import OUTSIDE, Architecture, Block, Node

# A block that holds more of the network than this is open from the start: folded, it would be all there is to see.
DOMINANT = 0.6
# More boxes than this are no picture any more.
MOST_BOXES = 220
# Ends of the lines that come into a block and leave it, beside the places of its boxes.
IN, OUT = -1, -2


@dataclass(frozen=True)
class GraphBox:
    """One box of the drawing: a step, a folded block, or an open block with boxes in it.

    Attributes:
        name: of the block; of the call that a step belongs to.
        node: the step; None for a block.
        block: the block; None for a step and for the network itself.
        steps: how many steps it holds.
        boxes: inside an open block, in the order in which they run.
        lines: pairs of places in `boxes`, or IN and OUT, that data flows between.
    """

    name: str
    node: Node | None = None
    block: Block | None = None
    steps: int = 1
    boxes: tuple[GraphBox, ...] = ()
    lines: tuple[tuple[int, int], ...] = ()

    def count(self) -> int:
        """How many boxes there are to draw, frames too."""
        return 1 + sum(box.count() for box in self.boxes)


def open_blocks(architecture: Architecture, depth: int) -> frozenset[str]:
    """Names of the blocks that are open at a depth: 0 opens only what holds nearly all of the network."""
    sizes = Counter(name for node in architecture.nodes for name in node.blocks)
    large = DOMINANT * len(architecture.nodes)
    levels = {
        block.name: sum(sizes[name] <= large for name in (*block.blocks, block.name))
        for block in architecture.blocks
    }
    return frozenset(name for name, level in levels.items() if level <= depth)


def max_depth(architecture: Architecture) -> int:
    """The largest depth that opens another block and is still a picture."""
    depth = 0
    while (
        open_blocks(architecture, depth + 1) != open_blocks(architecture, depth)
        and nested_boxes(architecture, open_blocks(architecture, depth + 1)).count() <= MOST_BOXES
    ):
        depth += 1
    return depth


def blocks_around(architecture: Architecture, layer: str) -> frozenset[str]:
    """Names of the blocks that must be open for a call to be seen."""
    call = architecture.find(layer)
    return frozenset() if call is None else frozenset(call.blocks) - {layer}


def nested_boxes(architecture: Architecture, opened: Collection[str]) -> GraphBox:
    """The boxes to draw, as one box of the whole network.

    Args:
        architecture: of the network.
        opened: names of the blocks that are open; one in a folded block is not seen.
    """
    blocks = {block.name: block for block in architecture.blocks}

    def level(name: str, depth: int, places: list[int]) -> GraphBox:
        groups: dict[str | int, list[int]] = {}
        for place in places:
            inside = architecture.nodes[place].blocks
            groups.setdefault(inside[depth] if len(inside) > depth else place, []).append(place)
        boxes = []
        for key, members in groups.items():
            if isinstance(key, int):
                node = architecture.nodes[key]
                boxes.append(GraphBox(node.call, node=node))
            else:
                folded = GraphBox(key, block=blocks[key], steps=len(members))
                boxes.append(level(key, depth + 1, members) if key in opened else folded)
        owner = {place: number for number, members in enumerate(groups.values()) for place in members}
        lines = _lines(architecture.edges, owner)
        return GraphBox(name, None, blocks.get(name), len(places), tuple(boxes), lines)

    return level(OUTSIDE, 0, list(range(len(architecture.nodes))))


def _lines(edges: Iterable[tuple[int, int]], owner: dict[int, int]) -> tuple[tuple[int, int], ...]:
    """The flows between boxes, and those that come in and go out."""
    flows = {
        (owner.get(source, IN), owner.get(target, OUT))
        for source, target in edges
        if source in owner or target in owner
    }
    return tuple(sorted((source, target) for source, target in flows if source != target))


@dataclass(frozen=True)
class Stage:
    """A part of the network on the way from the photo to the logits.

    Attributes:
        name: of its layer or block; OUTSIDE for what blocks that are open from the start do themselves.
        calls: names of its calls.
    """

    name: str
    calls: tuple[str, ...]


def stages(architecture: Architecture) -> tuple[Stage, ...]:
    """The parts of a network that are seen from the start, in order; together they hold every call once."""
    named = dict.fromkeys(_closed_names(nested_boxes(architecture, open_blocks(architecture, 0))))
    parts = [Stage(name, tuple(call.name for call in architecture.inside(name))) for name in named]
    known = {call for part in parts for call in part.calls}
    rest = tuple(call.name for call in architecture.calls if call.name not in known)
    return (*parts, Stage(OUTSIDE, rest))


def _closed_names(box: GraphBox) -> Iterator[str]:
    """Names of layers and of folded blocks in a box."""
    for inner in box.boxes:
        if inner.boxes:
            yield from _closed_names(inner)
        elif inner.name and not (inner.node is not None and inner.node.function):
            yield inner.name
