"""Blocks, step by step."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.charts.architecture.formulas.symbols import Formula, real_space, tex_name
from dashboard.records.architecture import Architecture, Shape, TracedCall
from dashboard.records.blocks import IN, OUT, GraphBox, blocks_around, nested_boxes

# Steps of a block that are written out one by one; more are no formula any more.
MOST_STEPS = 16
JOINED = {
    "add": " + ",
    "iadd": " + ",
    "radd": " + ",
    "mul": r" \odot ",
    "imul": r" \odot ",
    "matmul": r" \, ",
}


def block_formula(architecture: Architecture, call: TracedCall) -> Formula | None:
    """A block step by step; None where it has too many steps or is the whole network."""
    box = _find_box(
        nested_boxes(architecture, blocks_around(architecture, call.name) | {call.name}), call.name
    )
    if box is None or not 0 < len(box.boxes) <= MOST_STEPS or not _is_connected(box):
        return None
    names = {IN: "x"}
    ends = [source for source, target in box.lines if target == OUT]
    lines = []
    for place, step in enumerate(box.boxes):
        names[place] = "y" if ends == [place] else f"z_{{{place + 1}}}"
        reads = [names[source] for source, target in sorted(box.lines) if target == place]
        shape = _shape(architecture, step)
        size = rf" && \in {real_space(*shape)}" if shape else ""
        lines.append(f"{names[place]} &= {_step(step, reads)}{size}")
    if len(ends) > 1:
        lines.append(f"y &= ({', '.join(names[place] for place in ends)})")
    # Small, because names and sizes side by side are wide.
    return Formula(
        (r"\footnotesize \begin{aligned} " + r" \\ ".join(lines) + r" \end{aligned}",), _sentences(box)
    )


def _is_connected(box: GraphBox) -> bool:
    """Whether every step of a block reads something, and one step gives what the block gives."""
    fed = {target for _, target in box.lines}
    return all(place in fed for place in range(len(box.boxes))) and OUT in fed


def _find_box(box: GraphBox, name: str) -> GraphBox | None:
    if box.block is not None and box.name == name:
        return box
    return next((match for inner in box.boxes if (match := _find_box(inner, name)) is not None), None)


def _shape(architecture: Architecture, box: GraphBox) -> Shape:
    """What a step or a block in a block gives."""
    call = architecture.find(box.name)
    return box.node.shape if box.node is not None else call.shape if call is not None else ()


def _step(box: GraphBox, reads: Sequence[str]) -> str:
    if box.node is None or not box.node.function:
        return f"{tex_name(box.name.rpartition('.')[2])}({', '.join(reads)})"
    title = box.node.title
    if title in JOINED and len(reads) > 1:
        return JOINED[title].join(reads)
    if title in ("cat", "concat", "stack"):
        return f"[{', '.join(reads)}]"
    return f"{tex_name(title)}({', '.join(reads)})"


def _sentences(box: GraphBox) -> tuple[str, ...]:
    added = {
        place
        for place, step in enumerate(box.boxes)
        if step.node is not None and step.node.title in ("add", "iadd")
    }
    if any(source == IN and target in added for source, target in box.lines):
        return ("What it reads is added to what it computes: it learns only the difference.",)
    if any(step.node is not None and step.node.title == "cat" for step in box.boxes):
        return ("What its branches find is laid side by side, as more channels.",)
    return ()
