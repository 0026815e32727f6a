"""The boxes of a drawing: their shapes, colours and words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dashboard.charts.architecture.layered import PADDING, SIGNS, TIMES, Drawing, PlacedBox
from dashboard.charts.literal import literal
from dashboard.charts.palette import with_opacity
from dashboard.records.architecture import Architecture, Block, Shape, TracedCall
from dashboard.records.blocks import GraphBox

# Sort of layer -> what the class names of its layers contain, and its place among the theme's colours; the first that
# fits.
SORTS: dict[str, tuple[tuple[str, ...], int]] = {
    "Attention": (("attention",), 3),
    "Convolution": (("conv",), 0),
    "Dense": (("linear", "matmul"), 1),
    "Pooling": (("pool", "mean"), 4),
    "Normalisation": (("norm",), 6),
    "Activation": (
        ("elu", "silu", "sigmoid", "tanh", "softmax", "mish", "softplus", "swish", "threshold"),
        2,
    ),
}
OTHER = 7
# Classes that say nothing of what is in them.
ROWS = ("Sequential", "ModuleList", "ModuleDict")
# Height of the bar in a box, in pixels.
BAR = 4
RADIUS = 6.0
# How strongly a frame, a folded block and a step are filled.
FRAME, PILE, STEP = 0.03, 0.14, 0.24


@dataclass(frozen=True)
class GraphStyle:
    """How a drawing looks.

    Attributes:
        palette: the theme's categorical colours.
        ink: the theme's colour of text.
        chosen: name of the chosen layer, or None.
        shares: name of a call -> the share of the network's cost that its bar shows; None for no bars.
        measure: what the shares are of ("all parameters").
    """

    palette: Sequence[str]
    ink: str
    chosen: str | None = None
    shares: Mapping[str, float] | None = None
    measure: str = ""

    def colour(self, sort: str | None) -> str:
        """The colour of a sort of layer."""
        return self.palette[(OTHER if sort is None else SORTS[sort][1]) % len(self.palette)]


def sort_of(box: GraphBox) -> str | None:
    """The sort of a step or a block by the name of its class, or None for what is of no sort."""
    title = (
        box.node.title if box.node is not None else box.block.kind if box.block is not None else ""
    ).lower()
    return next((sort for sort, (parts, _) in SORTS.items() if any(part in title for part in parts)), None)


# Fill, colour of the edge, width of the edge, in the order in which they are painted.
_PathStyle = tuple[str, str, float]


def shapes(drawing: Drawing, style: GraphStyle, columns: float) -> list[dict[str, object]]:
    """The boxes, those that look alike as one shape: a browser, and Plotly's checks, are slow with hundreds."""
    alike: dict[_PathStyle, list[str]] = {}
    for placed in sorted(drawing.placed, key=lambda item: (not item.frame, _is_chosen(item.box, style))):
        for look, path in _paths(placed, style, columns):
            alike.setdefault(look, []).append(path)
    return [
        {
            "type": "path",
            "path": " ".join(paths),
            "fillcolor": fill,
            # Without it frames in frames would be filled in turns.
            "fillrule": "nonzero",
            "line": {"color": edge, "width": width},
            "layer": "below",
        }
        for (fill, edge, width), paths in alike.items()
    ]


def _is_chosen(box: GraphBox, style: GraphStyle) -> bool:
    return box.name == style.chosen and not (box.node is not None and box.node.function)


def _paths(placed: PlacedBox, style: GraphStyle, columns: float) -> Iterable[tuple[_PathStyle, str]]:
    colour = style.colour(sort_of(placed.box))
    folded = placed.box.block is not None and not placed.frame
    filled = with_opacity(colour, FRAME if placed.frame else PILE if folded else STEP)
    if folded:
        # A second edge behind it, as of a pile, says that there is more inside.
        yield (filled, with_opacity(colour, 0.9), 1.0), _rounded_path(placed, columns, shift=4)
    chosen = _is_chosen(placed.box, style)
    edge = style.palette[1] if chosen else with_opacity(colour, 0.9)
    # A style of its own, for the two paths of a pile must not become one shape.
    yield (filled, edge, 3.5 if chosen else 1.01 if folded else 1.0), _rounded_path(placed, columns)


def _rounded_path(placed: PlacedBox, columns: float, *, shift: float = 0.0) -> str:
    """An SVG path of a rectangle with round corners; a pixel across is about a 600th of the drawing."""
    across = columns / 600
    left, right = placed.left + shift * across, placed.right + shift * across
    top, bottom = placed.top + shift, placed.bottom + shift
    sign = placed.right - placed.left < 0.5
    y = (bottom - top) / 2 if sign else RADIUS
    x = (right - left) / 2 if sign else RADIUS * across
    return (
        f"M{left + x},{top} L{right - x},{top} Q{right},{top} {right},{top + y} L{right},{bottom - y} "
        f"Q{right},{bottom} {right - x},{bottom} L{left + x},{bottom} Q{left},{bottom} {left},{bottom - y} "
        f"L{left},{top + y} Q{left},{top} {left + x},{top} Z"
    )


def bars(architecture: Architecture, drawing: Drawing, style: GraphStyle) -> list[dict[str, object]]:
    """A bar at the foot of each layer and folded block: its share, next to the largest that is seen."""
    seen = [placed for placed in drawing.placed if _has_cost(placed.box)]
    shares = [share(architecture, placed.box, style) for placed in seen]
    longest = max(shares, default=0.0)
    paths = [
        f"M{placed.left},{placed.bottom - BAR} H{placed.left + (placed.right - placed.left) * part / longest} "
        f"V{placed.bottom} H{placed.left} Z"
        for placed, part in zip(seen, shares, strict=True)
        if part > 0
    ]
    bar = {
        "type": "path",
        "path": " ".join(paths),
        "fillcolor": style.ink,
        "opacity": 0.7,
        "line": {"width": 0},
    }
    return [bar] if paths else []


def _has_cost(box: GraphBox) -> bool:
    """Whether a box has a cost of its own to show: a layer or a folded block."""
    return bool(box.name) and not box.boxes and not (box.node is not None and box.node.function)


def share(architecture: Architecture, box: GraphBox, style: GraphStyle) -> float:
    """A box's share of the cost that the bars show."""
    return sum((style.shares or {}).get(call.name, 0.0) for call in calls_of(architecture, box))


def calls_of(architecture: Architecture, box: GraphBox) -> tuple[TracedCall, ...]:
    """The calls that a layer or a block consists of."""
    if box.block is not None:
        return architecture.inside(box.name)
    call = architecture.find(box.name)
    return () if call is None else (call,)


def texts(architecture: Architecture, drawing: Drawing, style: GraphStyle, letters: int) -> list[go.Scatter]:
    """The words in the boxes, and those at the upper edge of frames.

    Args:
        architecture: of the network.
        drawing: where the boxes are.
        style: of the drawing.
        letters: how many letters fit into a box.
    """
    frames = [placed for placed in drawing.placed if placed.frame]
    boxes = [placed for placed in drawing.placed if not placed.frame]
    words = [_words(architecture, placed.box) for placed in boxes]
    return [
        _text_trace(
            [(placed.left + placed.right) / 2 for placed in boxes],
            [
                (placed.top + placed.bottom - BAR * (len(lines) > 1)) / 2
                for placed, lines in zip(boxes, words, strict=True)
            ],
            [_markup(lines, letters) for lines in words],
            "middle center",
            style,
        ),
        _text_trace(
            [placed.left + PADDING / 4 for placed in frames],
            [placed.top + 11 for placed in frames],
            [f"- {literal(_title(placed.box))}" for placed in frames],
            "middle right",
            style,
        ),
    ]


def _text_trace(
    across: list[float], down: list[float], words: list[str], position: str, style: GraphStyle
) -> go.Scatter:
    font = {"color": style.ink}
    return go.Scatter(
        x=across,
        y=down,
        text=words,
        mode="text",
        textposition=position,
        textfont={"size": 12, **font},
        # A click selects a box, which must not fade the words of the others.
        selected={"textfont": font},
        unselected={"textfont": font},
        hoverinfo="skip",
        showlegend=False,
    )


def _markup(lines: Sequence[str], letters: int) -> str:
    first, *others = lines
    if not others:
        return literal(_shorten(first, letters))
    small = [
        f"<span style='font-size:10px'>{literal(_shorten(other, letters + 3))}</span>" for other in others
    ]
    return "<br>".join([f"<b>{literal(_shorten(first, letters))}</b>", *small])


def _words(architecture: Architecture, box: GraphBox) -> tuple[str, ...]:
    """The lines in a box."""
    if box.block is not None:
        call = architecture.find(box.name)
        shape = () if call is None else (shape_text(call.shape),)
        return (f"+ {_title(box)}", _contents(architecture, box.block), *shape)
    assert box.node is not None, "a box is a step or a block"
    if not box.name and not box.node.function:
        return (f"{box.node.title} {shape_text(box.node.shape)}",)
    if box.node.function:
        return (SIGNS.get(box.node.title, box.node.title),)
    return _title(box), shape_text(box.node.shape)


def _contents(architecture: Architecture, block: Block) -> str:
    """What is in a block: "3 InvertedResidual" where it is a row of blocks of one class, else its own class."""
    around = (*block.blocks, block.name)
    kinds = [inner.kind for inner in architecture.blocks if inner.blocks == around]
    layers = any(node.blocks == around and not node.function for node in architecture.nodes)
    row = len(set(kinds)) == 1 and not layers and (len(kinds) > 1 or block.kind in ROWS)
    return f"{len(kinds)} {kinds[0]}" if row else block.kind


def _title(box: GraphBox) -> str:
    """What of a name the frames around it do not say; a layer that is a mere number says its class."""
    blocks = box.block.blocks if box.block is not None else box.node.blocks if box.node is not None else ()
    around = blocks[-1].partition("#")[0] + "." if blocks else ""
    own = box.name.removeprefix(around)
    return f"{own} {box.node.title}" if box.node is not None and own[:1].isdigit() else own


def shape_text(shape: Shape) -> str:
    """A shape as people write it: "32 x 112 x 112"."""
    return TIMES.join(f"{side:,}" for side in shape) if shape else "one number"


def _shorten(text: str, letters: int) -> str:
    """Text that fits into a box; the end of a name with dots tells it from others."""
    if len(text) <= letters:
        return text
    return f"…{text[1 - letters :]}" if "." in text else f"{text[: letters - 1]}…"
