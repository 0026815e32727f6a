"""One visitor's tab: what a person does, and what they see."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import FilePayload, Locator, Page, Request, expect
from playwright.sync_api import TimeoutError as TookTooLong

from dashboard.navigation import PAGES
from tests.paths import ROOT

SETTLE_MS = 5_000
PATIENCE_MS = 60_000
# A script that has been at rest for so long has not merely been asked to start again.
REST_MS = 150
PHOTOS = ROOT / "assets" / "photos"

# Streamlit says on its outermost element whether the script runs; count the runs and note the last change.
WATCH = """
window.watch = {runs: 0, state: 'initial', since: 0};
new MutationObserver(() => {
    const app = document.querySelector('[data-testid="stApp"]');
    const state = app ? app.dataset.testScriptState : 'initial';
    if (state === window.watch.state) return;
    window.watch = {runs: window.watch.runs + (state === 'running'), state, since: performance.now()};
}).observe(document, {subtree: true, childList: true, attributeFilter: ['data-test-script-state']});
"""
# Parts of the page whose code is still on its way show as a skeleton.
AT_REST = f"""before => window.watch.runs > before && window.watch.state === 'notRunning'
    && performance.now() - window.watch.since > {REST_MS}
    && !document.querySelector('[data-testid="stSkeleton"]')
    && [...document.images].every(image => image.complete)"""
UNFOLDED = "() => ![...document.querySelectorAll('details')].some(one => one.getAnimations().length)"
DRAWN = "picture => picture.complete && picture.naturalWidth > 0"


class Screen:
    """A tab, to be opened on the app.

    Attributes:
        page: Playwright's.
        url: of the app.
        foreign: addresses outside the app that the tab asked for.
    """

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.foreign: list[str] = []
        page.on("request", self._note)
        page.add_init_script(WATCH)
        page.set_default_timeout(PATIENCE_MS)

    def _note(self, request: Request) -> None:
        if urlsplit(request.url).scheme not in ("data", "blob") and not request.url.startswith(
            self.url + "/"
        ):
            self.foreign.append(request.url)

    # What a person does

    def open(self, path: str = "", **parameters: str | Sequence[str]) -> Screen:
        """Open an address of the app and wait until it is complete."""
        said = urlencode({name.replace("p_", "p."): text for name, text in parameters.items()}, doseq=True)
        return self.follow(f"{self.url}/{path}" + (f"?{said}" if said else ""))

    def follow(self, link: str) -> Screen:
        """Open a link and wait until it is complete."""
        self.page.goto(link)
        self.rest()
        return self

    def rest(self, runs: int = 0) -> None:
        """Wait until the script has run more often than that and rests, without an error on the page."""
        self.page.wait_for_function(AT_REST, arg=runs)
        assert not self.page.get_by_test_id("stException").count(), "the page shows an uncaught error"

    @contextmanager
    def rerun(self) -> Iterator[None]:
        """Wait until what happens inside has made the script run, and it rests again."""
        # A run that is interrupted goes over into the next without a rest.
        runs = self.page.evaluate("window.watch.state === 'running' ? 0 : window.watch.runs")
        yield
        self.rest(runs)

    def go(self, title: str) -> None:
        """Change the page by its link in the sidebar, as soon as it is there."""
        self.page.get_by_test_id("stSidebarNavLink").filter(has_text=title).click()

    def visit(self, title: str) -> None:
        """Change the page and wait until it is complete."""
        with self.rerun():
            self.go(title)

    def pick(self, label: str, text: str, option: str | None = None) -> None:
        """Type into a select box and take the option that begins so."""
        with self.rerun():
            self.take(self.box(label), text, option)

    def take(self, box: Locator, text: str, option: str | None = None) -> None:
        """Type into a select box and take the option that begins so; again where the page closed the list meanwhile."""
        offered = self.page.get_by_role("option").filter(has_text=option or text).first
        for _ in range(PATIENCE_MS // SETTLE_MS):
            box.click()
            box.fill(text)
            with suppress(TookTooLong):
                return offered.click(timeout=SETTLE_MS)
            box.press("Escape")
        raise AssertionError(f"no option {option or text} was offered")

    def press(self, label: str) -> None:
        """Press a button, a pill or a segment, and wait for what it does."""
        with self.rerun():
            self.button(label).click()

    def unfold(self, label: str) -> None:
        """Open what is folded away under a label, to its full height: a press on what still moves is lost."""
        self.main.get_by_text(label, exact=True).click()
        self.page.wait_for_function(UNFOLDED)

    def upload(self, *files: FilePayload) -> None:
        """Drop files."""
        with self.rerun():
            self.page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(files)
        # The files are taken in by one run, which ends in another with an empty drop zone.
        expect(self.page.get_by_test_id("stFileUploaderFile")).to_have_count(0)
        self.rest()

    def download(self, label: str) -> Path:
        """Press a download button; the file that comes."""
        with self.page.expect_download() as coming:
            self.button(label).click()
        return coming.value.path()

    # What a person sees

    @property
    def main(self) -> Locator:
        """The page without the sidebar."""
        return self.page.get_by_test_id("stMain")

    @property
    def headline(self) -> Locator:
        """The sentence on top."""
        return self.main.get_by_role("heading", level=2).first

    def button(self, label: str) -> Locator:
        """The first button, pill or segment in the page whose label begins so."""
        # An icon before the label is a word in small letters to the browser.
        begins = re.compile(f"^([a-z_]+ ?)?{re.escape(label)}")
        roles = (self.main.get_by_role(role, name=begins) for role in ("button", "radio"))
        return next(roles).or_(next(roles)).first

    def box(self, label: str) -> Locator:
        """A select box."""
        return self.page.get_by_role("combobox", name=label, exact=True)

    def maps(self, method: str = "") -> Locator:
        """The maps on the page, of one method or of all."""
        named = f'[alt^="{method} for "]' if method else ""
        return self.main.locator(f'img[alt*=" for "][alt*=" over "]{named}')

    def seen(self, method: str = "") -> dict[str, str]:
        """Alternative text -> digest of the picture, of the maps on the page."""
        return {str(one.get_attribute("alt")): self._digest(one) for one in self.maps(method).all()}

    def _digest(self, picture: Locator) -> str:
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate(DRAWN), "the picture is broken"
        answer = self.page.request.get(str(picture.evaluate("picture => picture.currentSrc")))
        assert answer.ok, answer.status_text
        return hashlib.sha256(answer.body()).hexdigest()

    @property
    def address(self) -> Mapping[str, list[str]]:
        """The parameters of the address."""
        return parse_qs(urlsplit(self.page.url).query)

    def expect_address(self, **parameters: str | Sequence[str]) -> None:
        """Wait until the address has these parameters and no other."""
        expected = {
            name.replace("p_", "p."): [text] if isinstance(text, str) else list(text)
            for name, text in parameters.items()
        }
        self.page.wait_for_function(
            """expected => {
                const said = {};
                for (const [name, text] of new URLSearchParams(location.search)) (said[name] ??= []).push(text);
                return JSON.stringify(Object.entries(said).sort()) === JSON.stringify(Object.entries(expected).sort());
            }""",
            arg=expected,
        )

    def expect_to_fit(self) -> None:
        """Nothing sticks out of the screen sideways, once the charts have taken up its width."""
        self.page.wait_for_function(
            """() => [document.scrollingElement, document.querySelector('[data-testid="stMain"]')]
                .every(one => one.scrollWidth <= one.clientWidth)""",
            timeout=SETTLE_MS,
        )


def photo(name: str, called: str | None = None) -> FilePayload:
    """A sample photo as a file to drop."""
    return {
        "name": called or f"{name}.jpg",
        "mimeType": "image/jpeg",
        "buffer": (PHOTOS / f"{name}.jpg").read_bytes(),
    }


def path_of(title: str) -> str:
    """Path in the address of the page of that title."""
    return next(page.path for page in PAGES if page.title == title)
