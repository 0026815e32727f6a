"""Bytes of all layers as areas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from dashboard.charts.axes import canvas
from dashboard.charts.literal import literal
from dashboard.charts.palette import CLEAR, SEAM, ink_on
from dashboard.wording.numbers import memory

# Deeper parts are added to their whole.
DEEPEST = 3
# Areas; the smallest tensors beyond are added to their whole.
MOST = 400
# No part of a network is called so.
ROOT = "/"


def areas(sizes: Mapping[str, int], palette: Sequence[str]) -> go.Figure:
    """Each part of a network as an area as large as its bytes, parts within their wholes.

    Args:
        sizes: qualified name of each tensor -> bytes.
        palette: colours of the parts at the top.
    """
    totals: dict[tuple[str, ...], int] = {(): 0}
    for name, size in sizes.items():
        parts = tuple(name.split(".")[:-1] or [name])[:DEEPEST]
        for depth in range(len(parts) + 1):
            totals[parts[:depth]] = totals.get(parts[:depth], 0) + size
    kept = sorted(totals, key=lambda parts: -totals[parts])[:MOST]
    areas_shown = [parts for parts in kept if totals[parts] and (not parts or parts[:-1] in {*kept})]
    tops = {parts[0]: place for place, parts in enumerate(part for part in totals if len(part) == 1)}
    colours = [palette[tops[parts[0]] % len(palette)] if parts else "" for parts in areas_shown]
    return go.Figure(
        go.Treemap(
            ids=[".".join(parts) or ROOT for parts in areas_shown],
            labels=[literal(parts[-1]) if parts else "All" for parts in areas_shown],
            parents=[".".join(parts[:-1]) or (ROOT if parts else "") for parts in areas_shown],
            values=[totals[parts] for parts in areas_shown],
            branchvalues="total",
            marker={
                "colors": colours,
                "line": {"width": 1, "color": SEAM},
            },
            text=[memory(totals[parts]) for parts in areas_shown],
            hovertemplate="%{id}: %{text}<extra></extra>",
            textinfo="label+text",
            textfont={"color": [ink_on(colour) if colour else CLEAR for colour in colours]},
            tiling={"pad": 1},
            pathbar={"visible": False},
        ),
        layout=go.Layout(
            **canvas(420, left=0, right=0, top=0, bottom=0),
            # Words that do not fit are left out; whoever points at the area reads them.
            uniformtext={"minsize": 12, "mode": "hide"},
        ),
    )
