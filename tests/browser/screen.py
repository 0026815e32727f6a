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

# Each run of the script begins and ends with a message from the server: fields 4 and 6 of Streamlit 1.67's ForwardMsg.
# A quick run may leave no trace on the page, which draws what both messages say at once.
WATCH = """
window.watch = {begun: 0, running: false, since: 0};
window.WebSocket = class extends WebSocket {
    constructor(...given) {
        super(...given);
        this.addEventListener('message', ({data}) => {
            const bytes = new Uint8Array(data);
            let place = 0;
            const number = () => {
                for (let value = 0, factor = 1; ; factor *= 128) {
                    const byte = bytes[place++];
                    value += (byte % 128) * factor;
                    if (!(byte >= 128)) return value;
                }
            };
            while (place < bytes.length) {
                const tag = number(), field = Math.floor(tag / 8);
                const size = number();
                if (tag % 8 === 2) place += size;
                if (field !== 4 && field !== 6) continue;
                window.watch.running = field === 4;
                window.watch.begun += window.watch.running;
                window.watch.since = performance.now();
            }
        });
    }
};
"""
# What keeps a page from being at rest. Parts of it whose code is still on its way show as a skeleton.
UNREST = f"""before => {{
    const {{begun, running, since}} = window.watch;
    const state = document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState;
    if (begun <= before) return `no run has begun since ${{before}}`;
    if (running) return `run ${{begun}} has not ended`;
    if (state !== 'notRunning') return `the page says ${{state}}`;
    if (performance.now() - since <= {REST_MS}) return 'it has just ended';
    if (document.querySelector('[data-testid="stSkeleton"]')) return 'a part is a skeleton';
    return [...document.images].filter(image => !image.complete).map(image => image.src).join();
}}"""
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
        try:
            self.page.wait_for_function(f"before => !({UNREST})(before)", arg=runs)
        except TookTooLong as patience:
            raise AssertionError(f"not at rest: {self.page.evaluate(UNREST, runs)}") from patience
        assert not self.page.get_by_test_id("stException").count(), "the page shows an uncaught error"

    @contextmanager
    def rerun(self) -> Iterator[None]:
        """Wait until what happens inside has made the script run, and it rests again."""
        runs = self.page.evaluate("window.watch.begun")
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

    @property
    def box_body(self) -> Locator:
        """What stands in the box that is open."""
        return self.page.get_by_test_id("stPopoverBody")

    def open_box(self, label: str) -> Locator:
        """Open a box of the page, and wait for what stands in it."""
        if not self.box_body.is_visible():
            self.button(label).click()
        expect(self.box_body.locator("button, img, input").first).to_be_visible()
        return self.box_body

    def pill(self, box: str, label: str) -> None:
        """Press a pill in a box of the page, and wait for what it does."""
        with self.rerun():
            self.open_box(box).get_by_role("button", name=begins(label)).first.click()
        with self.rerun():
            self.page.keyboard.press("Escape")

    def unfold(self, label: str, place: Locator | None = None) -> None:
        """Open what is folded away under a label, to its full height: a press on what still moves is lost.

        Args:
            label: whole.
            place: where it stands; None means the page without the sidebar.
        """
        (place or self.main).get_by_text(label, exact=True).click()
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
    def sidebar(self) -> Locator:
        """The frame: network, photo, class."""
        return self.page.get_by_test_id("stSidebar")

    def open_samples(self) -> Locator:
        """Open the sample photos, and wait for them."""
        if not self.box_body.is_visible():
            self.sidebar.get_by_role("button", name="Samples").click()
        expect(self.box_body.locator("img").first).to_be_visible()
        return self.box_body

    @property
    def headline(self) -> Locator:
        """The sentence on top."""
        return self.main.get_by_role("heading", level=2).first

    def button(self, label: str) -> Locator:
        """The first button, pill or segment in the page whose label begins so."""
        roles = (self.main.get_by_role(role, name=begins(label)) for role in ("button", "radio"))
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


def begins(label: str) -> re.Pattern[str]:
    """What a label may be read as: an icon before it is a word in small letters to the browser."""
    return re.compile(f"^([a-z_]+ ?)?{re.escape(label)}")


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
