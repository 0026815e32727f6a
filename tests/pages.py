"""Every view of every page for five networks, as a browser draws it: what a person would stumble over.

`python -m tests.pages` opens them all, light and dark, at 1440 x 900 and on a phone, prints a row for each, and is 1 if
any has a fault. That takes some twenty minutes, less where networks are named. Pages and views are found where the app
finds them, so that a new one is looked at by itself.

Faults are: a view without a headline, words and notations that LOOK at people from a machine, a number on another line
than its unit, a view that has nothing and offers nothing, no whole picture on the first screen, words too faint or too
small to read, a control or picture without a name, more than one main heading, sideways scroll, and errors of the
browser. They are computed from the page as it is drawn, by inspect.js and axe-core (MPL-2.0, beside its licence).
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from playwright.sync_api import ConsoleMessage, FilePayload, Page, expect, sync_playwright

from dashboard.components.tabs import KEY
from dashboard.navigation import PAGES
from dashboard.navigation import Page as Entry
from models.networks import find_network
from models.runtime.progress import silent
from models.zoo.embedded import WEIGHTS
from tests.browser.chromium import executable, launch
from tests.browser.screen import Screen
from tests.browser.server import Server
from tests.paths import ROOT

Scheme = Literal["light", "dark"]

INSPECT = (ROOT / "tests" / "browser" / "inspect.js", ROOT / "tests" / "axe" / "axe.min.js")
DROPPED = "dropped"
DROPPED_FILE = WEIGHTS / "squeezenet1_1_fp16.safetensors"
NETWORKS = ("efficientnet_lite0", "mlp", "cnn", "vit", DROPPED)
DESK, PHONE = (1440, 900), (390, 844)

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

# What nobody should have to read -> what it is.
NOTATIONS = {
    r"\b(None(?! of\b)|NaN(?! and infinit)|nan|Infinity|inf|undefined|null|True|False)\b": "a value of a program",
    r"\d(\.\d+)?e[-+]?\d+\b": "a number in a machine's notation",
    r"\b\d{8}-\d{6}\b": "the id of a run",
    r"\d%|\d[kK]B\b|\b\d+(\.\d+)?(MB|GB|ms)\b": "a number that touches its unit",
    r"\bKB\b": "another way to write kB",
    r"\b0\.0*[1-9]\d{4,}|\b[1-9]\d*\.\d{4,}": "more digits than anybody reads",
    r"\{\w*\}|%[sdf]\b|<\w+ object at": "what was to be filled in",
}
# A name with underscores is that of a variable, unless the network itself has it.
IDENTIFIER = re.compile(r"\b[a-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+\b(?!\.(?:jpg|png|csv|npz|safetensors|py)\b)")
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
    r"(?<![\d.,:x/-])(?<!\d )\b1 (?!was\b|is\b|has\b|as\b|this\b|its\b|times\b)[a-z]{2,}(?<![sui])s\b": "one of many",
    r"\b[Aa] (?=[aeiou])(?!(uni|use|usu|uti|eu|one\b|once))": "a before a vowel",
    r"\b[Aa] (8|11|18|8\d)\b": "a before a vowel",
    r"\b[Aa]n (?=[bcdfgjklmnpqrstvwxyz])": "an before a consonant",
    r"\b[Aa]n (?!8|11\b|18\b)\d": "an before a consonant",
    r"\b(?!that\b|had\b)([A-Za-z]{2,}) \1\b": "a word twice",
    r"\w ,|\w \.(?!\w)|,,|(?<!\.)\.\.(?!\.)": "marks that stand wrongly",
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
        faults: what is wrong, in the words of `KINDS` and what it was found at.
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
    def name(self) -> str:
        """What was opened."""
        return f"{self.network:20}{self.page + (' / ' + self.view if self.view else ''):34}{self.scheme}"

    @property
    def told(self) -> str:
        """With all that is wrong."""
        return "\n".join(
            [f"{self.name:61}{self.seconds:5.1f} s  {self.headline}", *(f"    {one}" for one in self.faults)]
        )


class Inspector:
    """A tab that is opened on the app and looked through.

    Args:
        page: Playwright's, of a visitor of its own.
        url: of the app.
    """

    def __init__(self, page: Page, url: str) -> None:
        self.screen = Screen(page, url)
        self._errors: list[str] = []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self._errors.append(str(error)))
        for file in INSPECT:
            page.add_init_script(path=file)

    def _note(self, message: ConsoleMessage) -> None:
        # Streamlit's page looks for its server below the page's own path first.
        if message.type == "error" and "/_stcore/" not in message.location.get("url", ""):
            self._errors.append(f"{message.text} {message.location.get('url', '')}")

    def rows(self, network: str, entry: Entry, scheme: Scheme) -> Iterator[Row]:
        """One row for each view of a page.

        Args:
            network: as the address names it, or DROPPED.
            entry: the page.
            scheme: of colours.
        """
        self.screen.page.emulate_media(color_scheme=scheme)
        self._desk()
        started = time.monotonic()
        address = self._drop() if network == DROPPED else network
        self.screen.open(entry.path, model=address)
        views = self.screen.main.locator(f'[class*="st-key-{KEY}"]').get_by_role("radio")
        for number in range(max(1, views.count())):
            title = ""
            if views.count():
                title = views.nth(number).inner_text().strip()
            if number:
                started = time.monotonic()
                with self.screen.rerun():
                    views.nth(number).click()
            faults = tuple(self._faults(network))
            yield Row(
                network, entry.title, title, scheme, self._ask("headline"), faults, time.monotonic() - started
            )

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
        expect(self.screen.page.get_by_test_id("stFileUploaderFile")).to_have_count(0)
        self.screen.rest()
        return self.screen.address["model"][0]

    def _desk(self) -> None:
        self._resize(DESK)

    def _resize(self, size: tuple[int, int]) -> None:
        self.screen.page.set_viewport_size({"width": size[0], "height": size[1]})

    def _ask(self, what: str, *given: Any) -> Any:
        return self.screen.page.evaluate(f"given => window.inspect.{what}(...given)", given)

    def still(self) -> None:
        """Wait until what is on the page has not changed for some frames; a busy machine has fewer of them."""
        self.screen.page.wait_for_function(STILL)

    def _faults(self, network: str) -> Iterator[str]:
        self.still()
        yield from self._first_screen()
        self._ask("unfold")
        self.still()
        yield from misworded(self._ask("words"), self._ask("headline"), names())
        yield from found("faint", self._ask("faint"))
        yield from found("small", self._ask("small", LEAST_TYPE))
        yield from found("unnamed", self._ask("unnamed", NAMED))
        yield from found("broken", self._ask("broken"))
        headings = self._ask("mainHeadings")
        if len(headings) > 1:
            yield f"headings: {len(headings)} main ones: {headings}"
        self._resize(PHONE)
        self.still()
        yield from found("broken on a phone", self._ask("broken"))
        try:
            self.screen.expect_to_fit()
        except Exception:
            yield "sideways: it scrolls sideways at 390 pixels"
        self._desk()
        self.still()
        yield from found("console", self._errors)
        self._errors.clear()

    def _first_screen(self) -> Iterator[str]:
        drawings = self._ask("drawings", LEAST_PICTURE)
        own = [one for one in drawings if not one["example"]]
        if not own and not any(one["example"] for one in drawings) and not self._ask("presses"):
            yield "dead end: it draws nothing, and offers neither an example nor a press"
        pictures = [one for one in drawings if one["kind"] != "table"]
        answers = [one for one in pictures if one["kind"] == "map"] or pictures
        if answers and not any(one["whole"] for one in answers):
            first = min(answers, key=lambda one: one["top"])
            yield f"first screen: no whole {first['kind']}; the first is from {first['top']} to {first['bottom']}"


STILL = """() => {
    const now = window.inspect.shape(), before = window.before ?? {};
    window.before = now === before.shape ? {shape: now, frames: before.frames + 1, since: before.since}
        : {shape: now, frames: 0, since: performance.now()};
    const quiet = performance.now() - window.before.since;
    if (!now.endsWith('true') || window.before.frames < 5 || quiet < 250) return false;
    window.before = {};
    return true;
}"""


def found(kind: str, what: list[str]) -> Iterator[str]:
    """Faults of one kind."""
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
            if match[0] not in known and "." + match[0] not in known:
                yield f"words: an id: {_around(line, match)}"


def _around(line: str, match: re.Match[str]) -> str:
    return line[max(0, match.start() - 40) : match.end() + 30]


@cache
def names() -> frozenset[str]:
    """Parts of names with underscores that the layers and tensors of these networks have."""
    shown = [find_network(name).load(silent) for name in (*NETWORKS[:-1], "squeezenet1_1")]
    paths = (
        name
        for network in shown
        for name in (*dict(network.module.named_modules()), *network.module.state_dict())
    )
    return frozenset(part for path in paths for part in path.split(".") if "_" in part)


def main() -> int:
    """Print what is found; 1 if anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.pages", description=__doc__)
    parser.add_argument(
        "--scheme", choices=("light", "dark"), action="append", help="both, unless one is named"
    )
    parser.add_argument("--page", action="append", help="title of a page; all, unless some are named")
    parser.add_argument("networks", nargs="*", help="all, unless some are named")
    given = parser.parse_args()
    rows: list[Row] = []
    with ExitStack() as stack:
        runs = stack.enter_context(tempfile.TemporaryDirectory())
        server = stack.enter_context(Server(VITRINE_RUNS=runs))
        playwright = stack.enter_context(sync_playwright())
        path = executable()
        if path is None:
            parser.error("there is no Chromium: install one, or name it in VITRINE_CHROMIUM")
        browser = launch(playwright, path, "--process-per-site")
        for network in given.networks or NETWORKS:
            for scheme in given.scheme or ("light", "dark"):
                for entry in PAGES:
                    if given.page and entry.title not in given.page:
                        continue
                    context = browser.new_context()
                    try:
                        for row in Inspector(context.new_page(), server.url).rows(network, entry, scheme):
                            print(row.told, flush=True)
                            rows.append(row)
                    except Exception as error:  # a fault of its own, which must not hide the others
                        row = Row(network, entry.title, "", scheme, "", (f"crashed: {error}",), 0)
                        print(row.told, flush=True)
                        rows.append(row)
                    context.close()
        browser.close()
    faults = Counter(one.partition(":")[0] for row in rows for one in row.faults)
    print(
        f"{len(rows)} views, {sum(map(bool, (row.faults for row in rows)))} with faults: {dict(faults.most_common())}"
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
