"""The only list of pages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Page:
    """One page of the app.

    Attributes:
        title: in the navigation.
        script: file in `dashboard/pages`.
        icon: of Material Symbols.
        summary: what a person can do there, in one sentence.
        path: in the address; empty for the page that opens first.
    """

    title: str
    script: str
    icon: str
    summary: str
    path: str

    @property
    def file(self) -> str:
        """Absolute path of the script."""
        return str(Path(__file__).parent / "pages" / self.script)


PAGES: tuple[Page, ...] = (
    Page(
        "Overview",
        "overview.py",
        ":material/visibility:",
        "What the network says about one photo, where it looks, and what it is.",
        "",
    ),
    Page(
        "Training",
        "training.py",
        ":material/show_chart:",
        "Watch a network learn, live, compare runs, and see what to do when it does not learn.",
        "training",
    ),
    Page(
        "Attribution",
        "attribution.py",
        ":material/travel_explore:",
        "Bring your own photos and ask why: several methods, classes, photos or networks side by side.",
        "attribution",
    ),
)
