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
        reads: kind of input of the networks that it looks at, a name of models.kinds; empty where it looks at any.
    """

    title: str
    script: str
    icon: str
    summary: str
    path: str
    reads: str = "pictures"

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
        reads="",
    ),
    Page(
        "Architecture",
        "architecture.py",
        ":material/account_tree:",
        "How the network is built: every layer, what it costs, and the formula that it computes.",
        "architecture",
        reads="",
    ),
    Page(
        "Activations",
        "activations.py",
        ":material/layers:",
        "What every layer does with this photo: forward pass, channels, health, and the way back.",
        "activations",
    ),
    Page(
        "Weights",
        "weights.py",
        ":material/bar_chart:",
        "What training wrote into the network: spread, filters, change and health of every layer.",
        "weights",
        reads="",
    ),
    # Between what a network is made of and why it decides: its mistakes lead to the page that explains them.
    Page(
        "Evaluation",
        "evaluation.py",
        ":material/fact_check:",
        "How good the network is on labelled examples: what it confuses, how sure it may be, and what changed.",
        "evaluation",
        reads="",
    ),
    Page(
        "Attribution",
        "attribution.py",
        ":material/travel_explore:",
        "Bring your own photos and ask why: several methods, classes, photos or networks side by side.",
        "attribution",
    ),
    Page(
        "What if",
        "whatif.py",
        ":material/brush:",
        "Change the picture and watch the answer move: paint on it, look for the least change, ask about concepts.",
        "what-if",
    ),
    Page(
        "Decision tree",
        "surrogate.py",
        ":material/park:",
        "How much of the network can be said in rules: a tree that imitates it, and how faithfully.",
        "surrogate",
    ),
    Page(
        "Text",
        "text.py",
        ":material/article:",
        "Why this mail is spam: what the network says of a text, which words it says so for, and what would turn it.",
        "text",
        reads="text",
    ),
    Page(
        "Table",
        "table.py",
        ":material/table_chart:",
        "Why this row: what the network says of it while you move its values, and what each column counts for.",
        "table",
        reads="table",
    ),
    Page(
        "Recommendation",
        "history.py",
        ":material/recommend:",
        "Why this film: what the network recommends to somebody, and which of the films they chose it does so for.",
        "history",
        reads="history",
    ),
    Page(
        "Report",
        "report.py",
        ":material/description:",
        "One file to hand over: the views you choose, in plain sentences, with everything it takes to make them again.",
        "report",
        reads="",
    ),
)


def find_page(path: str) -> Page:
    """The page of that path in the address, which is one."""
    return next(page for page in PAGES if page.path == path)


def find_home(reads: str) -> Page | None:
    """The first page that looks at networks for that kind of input; None where there is none."""
    return next((page for page in PAGES if page.reads == reads), None)
