"""What the axes of charts have in common, and the canvas that they stand on."""

from __future__ import annotations

from types import MappingProxyType

from dashboard.charts.palette import CLEAR, MARK

# Of a row that has a name beside it: one that is hit by a finger, and whose name is not in its neighbour's.
ROW = 24
# Cannot be dragged or zoomed, and makes room for its own words.
STILL = MappingProxyType({"fixedrange": True, "automargin": True})
LINED = MappingProxyType({**STILL, "gridwidth": 0.5})
PLAIN = MappingProxyType({**STILL, "showgrid": False})
# As for names, among which zero is a place like any other.
BARE = MappingProxyType({**PLAIN, "zeroline": False})
# Of a second quantity over the same places, on the right. By itself it takes the first one's ticks, wherever they fall.
SECOND = MappingProxyType({**PLAIN, "overlaying": "y", "tickmode": "auto", "side": "right"})
HIDDEN = MappingProxyType({"visible": False, "fixedrange": True})
# Of shares, which are drawn in percent: a space stands before the sign, which plotly's own format leaves out.
PERCENT = MappingProxyType({"ticksuffix": " %"})


def upright(x: float) -> dict[str, object]:
    """A line over the whole height of a chart that marks one place of its x axis."""
    return {"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "y domain"} | {
        "line": {"color": MARK, "width": 2}
    }


def canvas(
    height: float, *, left: int = 8, right: int = 8, top: int = 8, bottom: int = 8
) -> dict[str, object]:
    """A figure's height and margins, in pixels; whatever ground the page has shows through."""
    return {
        "height": height,
        "margin": {"l": left, "r": right, "t": top, "b": bottom},
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
    }
