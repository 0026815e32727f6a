"""A tree as one figure: at each node the mean picture, if there is one, the shares of the answers, and the question."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from PIL import Image

from dashboard.charts import clickable
from dashboard.charts.axes import HIDDEN, canvas
from dashboard.charts.literal import literal
from dashboard.charts.maps import png
from dashboard.charts.palette import BRANCH, MARK, OTHER_ANSWERS
from dashboard.charts.strokes import Points, strokes
from dashboard.charts.surrogate.layout import SIDE, PlacedNode, TreeLayout, tree_layout
from dashboard.records.surrogate import Tree
from dashboard.wording.numbers import level, percent, shorten

# So many answers have a colour of their own.
COLOURED = 10
# How far a bar reaches, in columns, and where it stands below the picture.
REACH, BAR = 0.82, 7
LINE_HEIGHT, FONT = 16, 12
LONGEST_NAME = 14
# How far above a row a line to the branch beside turns off, in pixels.
TURN = 22
# Characters of the key of colours in a line; a narrow screen shows so many.
KEY_WIDTH = 44
# Pictures are embedded at least this large, so that their pixels stay square.
EMBEDDED = 112


def tree_figure(
    tree: Tree, depth: int, path: Sequence[int], classes: Sequence[str], palette: Sequence[str], ink: str
) -> go.Figure:
    """The tree of one depth, with one picture's way lit.

    Args:
        tree: the tree.
        depth: at which it is cut.
        path: nodes of the picture, from the root to where it ends.
        classes: names by class index.
        palette: at least COLOURED colours.
        ink: colour of text.
    """
    layout = tree_layout(tree, depth, path)
    colours = _colours(tree, layout, path, palette)
    key = _key(tree, classes, colours)
    top = 20 + LINE_HEIGHT * (1 + key.count("<br>"))
    figure = go.Figure(
        [
            _lines(layout, set()),
            _lines(layout, set(path)),
            *_bars(tree, layout, colours),
            _hover(tree, depth, layout, classes),
        ],
        layout=go.Layout(
            **canvas(round(layout.height + top + 16), left=4, right=0, top=top),
            xaxis={**HIDDEN, "range": [0, layout.columns]},
            yaxis={**HIDDEN, "range": [layout.height, -8]},
            images=[_picture(tree, placed) for placed in layout.placed if tree.means.size],
            annotations=[
                _note(key, ink) | {"x": 0, "y": 1, "yanchor": "bottom", "yshift": 6, "yref": "paper"},
                *(
                    _words(tree, depth, layout, placed, classes, ink, placed.node in path)
                    for placed in layout.placed
                ),
                *(
                    _branch(tree, layout, placed, ink)
                    for placed in layout.placed
                    if placed.parent is not None
                ),
            ],
            hoverdistance=60,
            dragmode=False,
            showlegend=False,
        ),
    )
    return figure


def _colours(tree: Tree, layout: TreeLayout, path: Sequence[int], palette: Sequence[str]) -> list[str]:
    """A colour for each answer that the tree knows; those share one that say least about what is drawn."""
    nodes = [*reversed(path), *(placed.node for placed in layout.placed)]
    telling = [int(place) for place in tree.counts[nodes].argmax(1)]
    commonest = [int(place) for place in np.argsort(-tree.counts[0], kind="stable")]
    chosen = sorted(list(dict.fromkeys([*telling, *commonest]))[:COLOURED])
    own = {place: palette[number] for number, place in enumerate(chosen)}
    return [own.get(place, OTHER_ANSWERS) for place in range(len(tree.classes))]


def _key(tree: Tree, classes: Sequence[str], colours: Sequence[str]) -> str:
    """Which colour is which answer, in lines that a narrow screen can show."""
    entries = [
        (colour, shorten(classes[int(known)], LONGEST_NAME, end=0))
        for colour, known in zip(colours, tree.classes, strict=True)
        if colour != OTHER_ANSWERS
    ]
    entries += [(OTHER_ANSWERS, "others")] * (OTHER_ANSWERS in colours)
    lines, length = [""], 0
    for colour, name in entries:
        if length + len(name) + 3 > KEY_WIDTH:
            lines, length = [*lines, ""], 0
        lines[-1] += f'<span style="color:{colour}">\u25a0</span> {literal(name)}   '
        length += len(name) + 3
    return "<br>".join(lines)


def _picture(tree: Tree, placed: PlacedNode) -> dict[str, object]:
    pixels = tree.means[placed.node]
    picture = Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)
    factor = max(1, round(EMBEDDED / max(picture.size)))
    large = picture.resize((picture.width * factor, picture.height * factor), Image.Resampling.NEAREST)
    return {
        "source": clickable.source(png(large)),
        "x": placed.x,
        "y": placed.y,
        "sizex": REACH,
        "sizey": SIDE,
        "xref": "x",
        "yref": "y",
        "xanchor": "left",
        "yanchor": "top",
        "sizing": "contain",
        "layer": "above",
    }


def _lines(layout: TreeLayout, highlighted: set[int]) -> go.Scatter:
    """The branches: all of them thin, or those between lit nodes."""
    at = {placed.node: placed for placed in layout.placed}
    branch = _elbow if layout.whole else _step
    branches = [
        branch(at[placed.parent], placed)
        for placed in layout.placed
        if placed.parent is not None and (not highlighted or {placed.node, placed.parent} <= highlighted)
    ]
    return go.Scatter(
        **strokes(branches),
        mode="lines",
        line={"width": 4 if highlighted else 1.5, "color": MARK if highlighted else BRANCH},
        hoverinfo="skip",
    )


def _elbow(parent: PlacedNode, child: PlacedNode) -> list[tuple[float, float]]:
    middle, bend = SIDE / 2, parent.x + 0.9
    return [
        (parent.x + 0.02, parent.y + middle),
        (bend, parent.y + middle),
        (bend, child.y + middle),
        (child.x + 0.02, child.y + middle),
    ]


def _step(parent: PlacedNode, child: PlacedNode) -> list[tuple[float, float]]:
    """Down from the parent; across above the row of the child where it stands beside."""
    stem, over = 0.06, child.y - TURN
    return [(stem, parent.y + SIDE), (stem, over), (child.x + stem, over), (child.x + stem, child.y + 2)]


def _bars(tree: Tree, layout: TreeLayout, colours: Sequence[str]) -> list[go.Scatter]:
    """The shares of the answers at each node, below its picture: one trace for each colour."""
    order = sorted(range(len(colours)), key=lambda place: (colours[place] == OTHER_ANSWERS, place))
    bars: dict[str, list[Points]] = {colour: [] for colour in colours}
    for placed in layout.placed:
        counts = tree.counts[placed.node]
        ends = placed.x + REACH * np.cumsum(counts[order]) / counts.sum()
        starts, below = np.concatenate(([placed.x], ends[:-1])), placed.y + SIDE + BAR
        for place, start, end in zip(order, starts, ends, strict=True):
            if counts[place]:
                bars[colours[place]].append([(float(start), below), (float(end), below)])
    return [
        go.Scatter(
            **strokes(lines),
            mode="lines",
            line={"width": 8, "color": colour},
            hoverinfo="skip",
        )
        for colour, lines in bars.items()
    ]


def _note(text: str, ink: str) -> dict[str, object]:
    return {
        "text": text,
        "showarrow": False,
        "xref": "x",
        "xanchor": "left",
        "align": "left",
        "font": {"size": FONT, "color": ink},
    }


def _words(
    tree: Tree,
    depth: int,
    layout: TreeLayout,
    placed: PlacedNode,
    classes: Sequence[str],
    ink: str,
    highlighted: bool,
) -> dict[str, object]:
    """What stands beside or below the picture of a node."""
    counts = tree.counts[placed.node]
    name = literal(shorten(classes[int(tree.classes[counts.argmax()])], LONGEST_NAME, end=0))
    first = f"{name}: {percent(counts.max() / counts.sum())}"
    lines = [f"<b>{first}</b>" if highlighted else first, f"of {counts.sum():,}"]
    if placed.folded:
        lines.append(f"{placed.folded:,} more nodes")
    elif not tree.ends(placed.node, depth):
        asked = tree.short[tree.feature[placed.node]]
        # What excites a unit stands in a line of its own where there is little room.
        lines += f"{literal(asked)}?".replace(" (", "<br>(" if not layout.whole else " (").split("<br>")
    beside = {"y": placed.y, "yanchor": "top", "xshift": SIDE + 8}
    below = {"y": placed.y + SIDE + BAR, "yanchor": "top", "yshift": -6}
    return _note("<br>".join(lines), ink) | {"x": placed.x} | (below if layout.whole else beside)


def _branch(tree: Tree, layout: TreeLayout, placed: PlacedNode, ink: str) -> dict[str, object]:
    """What must hold to come to a node, at the line that leads there."""
    assert placed.parent is not None
    text = ("\u2264 " if placed.small else "> ") + level(tree.threshold[placed.parent], tree.decimals)
    if not layout.whole:
        return _note(text, ink) | {
            "x": placed.x + 0.06,
            "y": placed.y - TURN,
            "xshift": 6,
            "yanchor": "top",
        }
    # On the side that the line does not come from.
    beside = {"yanchor": "bottom", "yshift": 1} if placed.small else {"yanchor": "top", "yshift": -1}
    return _note(text, ink) | {"x": placed.x - 0.02, "y": placed.y + SIDE / 2, "xanchor": "right"} | beside


def _hover(tree: Tree, depth: int, layout: TreeLayout, classes: Sequence[str]) -> go.Scatter:
    """An invisible mark on each picture that tells the whole of its node."""
    return go.Scatter(
        x=[placed.x + 0.1 for placed in layout.placed],
        y=[placed.y + SIDE / 2 for placed in layout.placed],
        mode="markers",
        marker={"size": 44, "opacity": 0, "symbol": "square"},
        text=[_full_text(tree, depth, placed, classes) for placed in layout.placed],
        hovertemplate="%{text}<extra></extra>",
    )


def _full_text(tree: Tree, depth: int, placed: PlacedNode, classes: Sequence[str]) -> str:
    counts = tree.counts[placed.node]
    ranked = [place for place in np.argsort(-counts, kind="stable")[:4] if counts[place]]
    shares = ", ".join(
        f"{literal(classes[int(tree.classes[place])])} {percent(counts[place] / counts.sum())}"
        for place in ranked
    )
    lines = [f"{counts.sum():,} in all: {shares}"]
    if not tree.ends(placed.node, depth):
        asked = literal(tree.names[tree.feature[placed.node]])
        lines.append(f"asks: {asked} \u2264 {level(tree.threshold[placed.node], tree.decimals)}")
    return "<br>".join(lines)
