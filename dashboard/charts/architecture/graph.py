"""A network as a drawing: boxes that data flows through from top to bottom, blocks that open by a click."""

from __future__ import annotations

import plotly.graph_objects as go

from dashboard.charts.architecture.boxes import (
    SORTS,
    GraphStyle,
    bars,
    shape_text,
    shapes,
    share,
    sort_of,
    texts,
)
from dashboard.charts.architecture.layered import Drawing, PlacedBox, layered_drawing
from dashboard.charts.axes import HIDDEN, canvas
from dashboard.charts.literal import literal
from dashboard.charts.palette import FLOW
from dashboard.charts.strokes import strokes
from dashboard.records.architecture import Architecture
from dashboard.records.blocks import GraphBox
from dashboard.wording.numbers import percent, si

# A drawing of one column is no wider than that of so many.
FEWEST_COLUMNS = 3.0
# Points over a box that a click falls on.
MARKERS = 5
# Pixels around the drawing: the legend stands above it.
ABOVE, BELOW = 36, 4


def graph(architecture: Architecture, box: GraphBox, style: GraphStyle) -> go.Figure:
    """The figure of a folded network; a click gives `layer:<name>` or `block:<name>` as the point's data."""
    drawing = layered_drawing(box)
    columns = max(drawing.right - drawing.left, FEWEST_COLUMNS)
    middle = (drawing.left + drawing.right) / 2
    sorts = {sort for placed in drawing.placed if (sort := sort_of(placed.box)) is not None}
    return go.Figure(
        [
            *_lines(drawing),
            *texts(architecture, drawing, style, letters=min(max(int(64 / columns), 7), 18)),
            _targets(architecture, drawing, style),
            *_legend(sorts, style),
        ],
        {
            **canvas(drawing.height + ABOVE + BELOW, left=0, right=0, top=ABOVE, bottom=BELOW),
            "shapes": [*shapes(drawing, style, columns), *bars(architecture, drawing, style)],
            "xaxis": {**HIDDEN, "range": [middle - columns / 2, middle + columns / 2]},
            "yaxis": {**HIDDEN, "range": [drawing.height, 0]},
            "hovermode": "closest",
            "hoverdistance": 24,
            "dragmode": False,
            "legend": {
                "orientation": "h",
                "y": 1,
                "yanchor": "bottom",
                "x": 0,
                "itemclick": False,
                "itemdoubleclick": False,
            },
        },
    )


def pixels_below_top(figure: go.Figure, name: str) -> float | None:
    """How far below a figure's upper edge the middle of a layer or block is, in pixels; None where it is not drawn."""
    targets = next(trace for trace in figure.data if trace.customdata is not None)
    deeds = {f"layer:{name}", f"block:{name}"}
    return next(
        (ABOVE + float(y) for deed, y in zip(targets.customdata, targets.y, strict=True) if deed in deeds),
        None,
    )


def _lines(drawing: Drawing) -> list[go.Scatter]:
    ends = [line[-1] for line, head in zip(drawing.lines, drawing.heads, strict=True) if head]
    plain = {"hoverinfo": "skip", "showlegend": False}
    return [
        go.Scatter(**strokes(drawing.lines), mode="lines", line={"color": FLOW, "width": 1.4}, **plain),
        go.Scatter(
            x=[x for x, _ in ends],
            y=[y - 4 for _, y in ends],
            mode="markers",
            marker={"symbol": "triangle-down", "size": 8, "color": FLOW, "opacity": 1},
            unselected={"marker": {"opacity": 1}},
            **plain,
        ),
    ]


def _targets(architecture: Architecture, drawing: Drawing, style: GraphStyle) -> go.Scatter:
    """Invisible points over all boxes that can be clicked, several over a wide one."""
    xs, ys, data, texts = [], [], [], []
    for placed in drawing.placed:
        steps = ((number + 0.5) / MARKERS for number in range(MARKERS))
        xs += [placed.left + (placed.right - placed.left) * step for step in steps]
        ys += [placed.top + 11 if placed.frame else (placed.top + placed.bottom) / 2] * MARKERS
        data += [_click_data(placed)] * MARKERS
        texts += [_hover(architecture, placed, style)] * MARKERS
    return go.Scatter(
        x=xs,
        y=ys,
        mode="markers",
        marker={"symbol": "square", "size": 26, "opacity": 0},
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
        customdata=data,
        hovertext=texts,
        hovertemplate="%{hovertext}<extra></extra>",
        showlegend=False,
    )


def _click_data(placed: PlacedBox) -> str:
    """What a click on a box is about."""
    if placed.box.block is not None:
        return f"block:{placed.box.name}"
    node = placed.box.node
    return f"layer:{placed.box.name}" if node is not None and placed.box.name and not node.function else ""


def _legend(sorts: set[str], style: GraphStyle) -> list[go.Scatter]:
    return [
        go.Scatter(
            x=[None],
            y=[None],
            mode="markers",
            name=sort,
            marker={"symbol": "square", "size": 11, "color": style.palette[place % len(style.palette)]},
        )
        for sort, (_, place) in SORTS.items()
        if sort in sorts
    ]


def _hover(architecture: Architecture, placed: PlacedBox, style: GraphStyle) -> str:
    box = placed.box
    if box.node is not None and (box.node.function or not box.name):
        where = f" in {box.name}" if box.name else ""
        return literal(f"{box.node.title}{where}: {shape_text(box.node.shape)}")
    inside = architecture.inside(box.name) if box.block is not None else (architecture.find(box.name),)
    calls = [call for call in inside if call is not None]
    kind = box.block.kind if box.block is not None else calls[0].kind
    scattered = box.block is not None and architecture.find(box.name) is None
    lines = (
        f"<b>{literal(box.name)}</b>",
        literal(kind),
        f"gives {shape_text(box.node.shape)}" if box.node is not None else "",
        f"{si(sum(call.parameters for call in calls))} parameters, {si(sum(call.flops for call in calls))} FLOPs",
        f"{percent(share(architecture, box, style))} of {literal(style.measure)}" if style.shares else "",
        "its parts are called one by one, so it is no layer to be chosen" if scattered else "",
        f"<i>click to {'fold' if placed.frame else 'unfold'}</i>" if box.block is not None else "",
    )
    return "<br>".join(filter(None, lines))
