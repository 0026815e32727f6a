"""The app's colours, as `.streamlit/config.toml` names them, for a file that no app draws."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import plotly.graph_objects as go

from dashboard.charts.palette import GRID

CONFIG = Path(__file__).resolve().parents[2] / ".streamlit" / "config.toml"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Noto Sans', sans-serif"
FONT_SIZE = 13


@dataclass(frozen=True)
class Tokens:
    """The colours of one scheme, as #rrggbb."""

    accent: str
    ground: str
    raised: str
    ink: str
    grid: str


@cache
def _theme() -> dict[str, Any]:
    theme: dict[str, Any] = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"]
    return theme


def tokens(scheme: str) -> Tokens:
    """The colours of "light" or "dark"."""
    own = _theme()[scheme]
    return Tokens(
        accent=own["primaryColor"],
        ground=own["backgroundColor"],
        raised=own["secondaryBackgroundColor"],
        ink=own["textColor"],
        grid=GRID[scheme],
    )


def categories() -> list[str]:
    """A colour for each thing."""
    return list(_theme()["chartCategoricalColors"])


def ink() -> str:
    """The colour of text in charts: that of the light scheme, in whose place the report's script puts others."""
    return tokens("light").ink


def apply_theme(figure: go.Figure) -> go.Figure:
    """The figure with the report's colours where it names none of its own."""
    light = tokens("light")
    axis = {
        "gridcolor": light.grid,
        "linecolor": light.grid,
        "zerolinecolor": light.grid,
        "automargin": True,
    }
    figure.update_layout(
        template=go.layout.Template(
            layout={
                "colorway": categories(),
                "font": {"family": FONT, "size": FONT_SIZE, "color": light.ink},
                "xaxis": axis,
                "yaxis": axis,
                "hoverlabel": {"font": {"family": FONT, "size": FONT_SIZE}},
            }
        ),
        autosize=True,
    )
    return figure
