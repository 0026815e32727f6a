"""Every view of every page for five networks, as a browser draws it: what a person would stumble over.

`python -m tests.pages` opens them all, light and dark, at 1440 x 900 and on a phone, prints a row for each, and is 1 if
one has a fault that nobody has looked at. That takes some twenty minutes, less where networks or pages are named. Pages
and views are found where the app finds them, so that a new one is looked at by itself. `--write` keeps the faults that
there are in pages.txt, to be looked at.

Faults are: a view without a headline, words and notations of a machine, a number on another line than its unit, a view
that has nothing and offers nothing, no whole picture on the first screen, words that are too faint or too small, a
control or a picture without a name, more than one main heading, sideways scroll, and errors of the browser. They are
computed from the page as it is drawn, by browser/inspect.js and axe-core (MPL-2.0, beside its licence).
"""

from __future__ import annotations

import argparse
import itertools
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import ConsoleMessage, FilePayload, expect, sync_playwright
from playwright.sync_api import TimeoutError as TookTooLong
from safetensors import safe_open

from dashboard.components.tabs import KEY
from dashboard.navigation import PAGES
from dashboard.navigation import Page as Entry
from models.zoo.embedded import WEIGHTS
from tests.browser.chromium import executable, launch
from tests.browser.screen import Screen
from tests.browser.server import Server
from tests.paths import ROOT

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
REVIEWED = Path(__file__).with_suffix(".txt")

INSPECT = (ROOT / "tests" / "browser" / "inspect.js", ROOT / "tests" / "axe" / "axe.min.js")
DROPPED = "dropped"
# What its library calls it.
DROPPED_NAME = "squeezenet1_1"
DROPPED_FILE = WEIGHTS / "squeezenet1_1_fp16.safetensors"
NETWORKS = ("efficientnet_lite0", "mlp", "cnn", "vit", DROPPED)
DESK, PHONE = (1440, 900), (390, 844)
# A picture that is made step by step is a picture after few of them too.
FAST = {"p_steps": "32"}
# A layer without tensors, whose name no file of weights holds, and torch's name of what one does.
SILENT = ("global_pool", "batch_norm")

# Charts' words, in pixels; what counts as a picture is no smaller than this in either direction.
LEAST_TYPE = 12
LEAST_PICTURE = 96
# axe-core's rules on names that a screen reader says.
NAMED = (
    *("area-alt", "aria-command-name", "aria-input-field-name", "aria-meter-name", "aria-progressbar-name"),
    *("aria-toggle-field-name", "aria-tooltip-name", "aria-treeitem-name", "button-name", "document-title"),
    *("empty-heading", "frame-title", "html-has-lang", "image-alt", "input-button-name", "input-image-alt"),
    *("label", "link-name", "role-img-alt", "select-name", "summary-name", "svg-img-alt"),
)
# Kind of fault -> the question to the page, and what it is given.
LOOKED_FOR: tuple[tuple[Any, ...], ...] = (
    ("faint", "faint"),
    ("small", "small", LEAST_TYPE),
    ("unnamed", "unnamed", NAMED),
    ("broken", "broken"),
)

# What nobody should have to read -> what it is. A choice of several may be called "None".
NOTATIONS = {
    r"(?!^None$)\bNone\b(?! (of|was|is|are)\b)": "a machine's value",
    r"\b(NaN(?! and infinit)|nan|Infinity|inf|undefined|null)\b": "a machine's value",
    r"\d(\.\d+)?e[-+]?\d+\b": "a number in a machine's notation",
    r"\b\d{8}-\d{6}\b": "the id of a run",
    r"\d%|\d[kK]B\b|\b\d+(\.\d+)?(MB|GB|ms)\b": "a number that touches its unit",
    r"\bKB\b": "another way to write kB",
    r"\b0\.0*[1-9]\d{4,}|\b[1-9]\d*\.\d{4,}": "more digits than anybody reads",
    r"\{\w*\}|%[sdf]\b|<\w+ object at": "what was to be filled in",
}
# A name with underscores is that of a variable, unless it is the network's own: of a layer, or within one.
IDENTIFIER = re.compile(
    r"(?<![.\w])[a-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+\b(?!\.(?:jpg|png|csv|npz|safetensors|py)\b)"
)
BOOKKEEPING = (
    r"numbers become one answer",
    r"layer calls",
    r"times as wide as Kaiming",
    r"in the usual range",
    r"time goes to outside",
    r"leaves an error of",
    r"Dividing the scores",
    r"^Run \d",
)
GRAMMAR = {
    # Not "1 class", "1 bias".
    r"(?<![\d.,:x/-])(?<!\d )\b1 (?!(was|is|has|as|this|its|times)\b)[a-z]{2,}(?<![sui])s\b(?!\.\w)": "one of many",
    r"\b[Aa] (?=[aeiou])(?!(uni|use|usu|uti|eu|one\b|once))": "a before a vowel",
    r"\b[Aa] (8|11|18|8\d)\b": "a before a vowel",
    r"\b[Aa]n (?=[bcdfgjklmnpqrstvwxyz])": "an before a consonant",
    r"\b[Aa]n (?!8|11\b|18\b)\d": "an before a consonant",
    r"\b(?!that\b|had\b)([A-Za-z]{2,}) \1\b": "a word twice",
    r"\w ,|\w \.(?![\w.])|,,|(?<!\.)\.\.(?!\.)": "marks that stand wrongly",
}


@dataclass(frozen=True)
class Row:
    """One view as it was drawn once.

    Attributes:
        network: of NETWORKS.
        page: title of its page.
        view: title of the view; empty where the page has one.
        scheme: of colours.
        headline: the sentence on top.
        faults: what is wrong: the kind, and where it was found.
        seconds: until it stood.
    """

    network: str
    page: str
    view: str
    scheme: str
    headline: str
    faults: tuple[str, ...]
    seconds: float

    @property
    def reviewed(self) -> frozenset[str]:
        """Its faults as they are kept: of which kind, at which view."""
        return frozenset(f"{self._view}: {kind_of(fault)}" for fault in self.faults)

    @property
    def new(self) -> list[str]:
        """The faults that nobody has looked at."""
        known = reviewed()
        return [fault for fault in self.faults if f"{self._view}: {kind_of(fault)}" not in known]

    @property
    def _view(self) -> str:
        return f"{self.page} / {self.view}" if self.view else self.page

    @property
    def name(self) -> str:
        """What was opened."""
        return f"{self.network:20}{self._view:34}{self.scheme}"

    @property
    def told(self) -> str:
        """With all that is wrong."""
        return "\n".join(
            [f"{self.name:61}{self.seconds:5.1f} s  {self.headline}", *(f"    {one}" for one in self.faults)]
        )


class Inspector:
    """Looks through the app in a tab.

    Args:
        screen: of a visitor of its own, not opened yet.
    """

    def __init__(self, screen: Screen) -> None:
        self.screen, self._page = screen, screen.page
        self._errors: list[str] = []
        self._page.on("console", self._note)
        self._page.on("pageerror", lambda error: self._errors.append(str(error)))
        for file in INSPECT:
            self._page.add_init_script(path=file)

    def _note(self, message: ConsoleMessage) -> None:
        # Streamlit's page looks for its server below the page's own path first.
        if message.type == "error" and "/_stcore/" not in message.location.get("url", ""):
            self._errors.append(f"{message.text} {message.location.get('url', '')}")

    def rows(self, network: str, entry: Entry, scheme: Scheme) -> Iterator[Row]:
        """One row for each view of a page.

        Args:
            network: as the address names it, or DROPPED.
            entry: the page.
            scheme: of the colours, which the tab has already.
        """
        self._resize(DESK)
        started = time.monotonic()
        self.screen.open(entry.path, model=self._drop() if network == DROPPED else network, **FAST)
        views = self.screen.main.locator(f".st-key-{KEY}").get_by_role("radio")
        titles = [title.strip() for title in views.all_inner_texts()]
        for number, title in enumerate(titles or [""]):
            if number:
                started = time.monotonic()
                with self.screen.rerun():
                    views.nth(number).click()
            faults = tuple(self._faults())
            seconds = time.monotonic() - started
            yield Row(network, entry.title, title, scheme, self.ask("headline"), faults, seconds)

    def _drop(self) -> str:
        """The address of a checkpoint that is dropped in this tab."""
        self.screen.open()
        with self.screen.rerun():
            self.screen.sidebar.get_by_role("button", name="Your checkpoint").click()
        file: FilePayload = {
            "name": "found in a drawer.safetensors",
            "mimeType": "application/octet-stream",
            "buffer": DROPPED_FILE.read_bytes(),
        }
        with self.screen.rerun():
            self.screen.box_body.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(file)
        expect(self._page.get_by_test_id("stFileUploaderFile")).to_have_count(0)
        self.screen.rest()
        return self.screen.address["model"][0]

    def _resize(self, size: tuple[int, int]) -> None:
        self._page.set_viewport_size({"width": size[0], "height": size[1]})

    def ask(self, what: str, *given: Any) -> Any:
        """What inspect.js says of the page as it is now."""
        return self._page.evaluate(f"given => window.inspect.{what}(...given)", given)

    def _still(self) -> None:
        """Wait until what is on the page has not changed for some frames; a busy machine has fewer of them."""
        self._page.wait_for_function(STILL)

    def _faults(self) -> Iterator[str]:
        self._still()
        yield from self._first_screen()
        if self.ask("unfold"):
            self._still()
        yield from misworded(self.ask("words"), self.ask("headline"), names())
        for kind, what, *given in LOOKED_FOR:
            yield from faults_of(kind, self.ask(what, *given))
        headings = self.ask("mainHeadings")
        if len(headings) > 1:
            yield f"headings: more than one main one: {headings}"
        self._resize(PHONE)
        self._still()
        yield from faults_of("broken on a phone", self.ask("broken"))
        try:
            self.screen.expect_to_fit()
        except TookTooLong:
            yield "sideways: something sticks out of a phone's screen"
        self._resize(DESK)
        yield from faults_of("console", self._errors)
        self._errors.clear()

    def _first_screen(self) -> Iterator[str]:
        drawings = self.ask("drawings", LEAST_PICTURE)
        if not drawings and not self.ask("presses"):
            yield "dead end: it draws nothing, and offers neither an example nor a press"
        pictures = [drawing for drawing in drawings if drawing["kind"] != "table"]
        if pictures and not any(drawing["whole"] for drawing in pictures):
            first = min(pictures, key=lambda drawing: drawing["top"])
            yield (
                f"first screen: no {first['kind']} is whole; the first is from {first['top']} to "
                f"{first['bottom']} of {DESK[1]}"
            )


STILL = """() => {
    const now = window.inspect.shape(), before = window.before ?? {};
    window.before = now === before.shape ? {shape: now, frames: before.frames + 1, since: before.since}
        : {shape: now, frames: 0, since: performance.now()};
    const quiet = performance.now() - window.before.since;
    if (!now.endsWith('true') || window.before.frames < 4 || quiet < 100) return false;
    window.before = {};
    return true;
}"""


def kind_of(fault: str) -> str:
    """What comes first in a fault."""
    return fault.partition(":")[0]


def faults_of(kind: str, what: Iterable[str]) -> Iterator[str]:
    """Faults of one kind, each once."""
    return (f"{kind}: {one}" for one in dict.fromkeys(what))


def misworded(lines: list[str], headline: str, known: frozenset[str]) -> Iterator[str]:
    """What is said wrongly.

    Args:
        lines: all that can be read on the page.
        headline: the sentence on top.
        known: names with underscores that networks have.
    """
    if not headline:
        yield "headline: there is none"
    elif not headline.endswith((".", "?")):
        yield f"headline: no sentence: {headline}"
    for pattern in BOOKKEEPING:
        if re.search(pattern, headline):
            yield f"headline: bookkeeping: {headline}"
    for line in lines:
        for pattern, why in (NOTATIONS | GRAMMAR).items():
            match = re.search(pattern, line)
            if match:
                yield f"words: {why}: {_around(line, match)}"
        for match in IDENTIFIER.finditer(line):
            if match[0] not in known:
                yield f"words: an id: {_around(line, match)}"


def _around(line: str, match: re.Match[str]) -> str:
    return line[max(0, match.start() - 40) : match.end() + 30]


@cache
def names() -> frozenset[str]:
    """Parts of names with underscores that layers and tensors of the networks on board have."""
    paths = [*SILENT, DROPPED_NAME]
    for file in WEIGHTS.rglob("*.safetensors"):
        with safe_open(file, "np") as tensors:
            paths += tensors.keys()
    return frozenset(part for path in paths for part in path.split(".") if "_" in part)


def reviewed() -> set[str]:
    """The faults that somebody has looked at."""
    return set(REVIEWED.read_text(encoding="utf-8").splitlines()) if REVIEWED.exists() else set()


def look_through(networks: Sequence[str], pages: Sequence[Entry], schemes: Sequence[Scheme]) -> Iterator[Row]:
    """Each view of the pages for each network, in a visit of its own for each page."""
    path = executable()
    if path is None:
        raise SystemExit("there is no Chromium: install one, or name it in VITRINE_CHROMIUM")
    with (
        tempfile.TemporaryDirectory() as runs,
        Server(VITRINE_RUNS=runs) as server,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright, path, "--process-per-site")
        for network, scheme, entry in itertools.product(networks, schemes, pages):
            with browser.new_context(color_scheme=scheme) as context:
                try:
                    yield from Inspector(Screen(context.new_page(), server.url)).rows(network, entry, scheme)
                except Exception as error:  # a fault of its own, which must not hide the others
                    yield Row(network, entry.title, "", scheme, "", (f"crashed: {error}",), 0)
        browser.close()


def main() -> int:
    """Print what is found; 1 if anything is wrong that nobody has looked at."""
    parser = argparse.ArgumentParser(prog="python -m tests.pages", description=__doc__)
    parser.add_argument("--scheme", choices=SCHEMES, action="append", help="both, unless one is named")
    parser.add_argument("--page", action="append", help="title of a page; all, unless some are named")
    parser.add_argument("--write", action="store_true", help="make these faults those that are looked at")
    parser.add_argument("networks", nargs="*", help="all, unless some are named")
    given = parser.parse_args()
    rows: list[Row] = []
    pages = [entry for entry in PAGES if entry.title in (given.page or [entry.title])]
    for row in look_through(given.networks or NETWORKS, pages, given.scheme or SCHEMES):
        print(row.told, flush=True)
        rows.append(row)
    kinds = Counter(kind_of(fault) for row in rows for fault in row.faults)
    print(
        f"{len(rows)} views, {sum(bool(row.faults) for row in rows)} with faults: {dict(kinds.most_common())}"
    )
    if given.write:
        lines = sorted({line for row in rows for line in row.reviewed})
        REVIEWED.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return 1 if any(row.new for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
