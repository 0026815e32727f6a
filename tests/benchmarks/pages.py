"""How fast the pages come in a real browser, and how much memory visitors cost.

"Cold" is a new server process; files that the system keeps in memory stay there. Every visitor has an empty
browser cache. Times of pages count from the start of the navigation, as the browser's own clock has it.
"""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

import torch
from captum.attr import LayerGradCam
from PIL import Image
from playwright.sync_api import Browser, FilePayload, sync_playwright

from dashboard import pictures
from dashboard.inspection.engine.survey import survey
from models import zoo
from models.networks import find_network
from models.photos.samples import PHOTOS
from models.runtime.progress import silent
from tests.browser.chromium import executable, launch
from tests.browser.screen import DRAWN, Screen, photo
from tests.browser.server import Server

THREADS = os.cpu_count() or 1
SERVERS, VISITS, CHOICES = 3, 5, 5
FEW, MANY = 2, 20
SETTLE_SECONDS = 5
LEFT_SECONDS = 120

READABLE = """() => [...document.querySelectorAll('[data-testid="stMain"] p')]
    .some(one => one.innerText.trim()) && performance.now()"""
COMPLETE = f"""() => {{
    const map = document.querySelector('[data-testid="stMain"] img[alt*=" over "]');
    return window.watch.begun && !window.watch.running && document.querySelector('h2')?.innerText
        && !document.querySelector('[data-testid="stSkeleton"]')
        && [...document.images].every({DRAWN}) && map && performance.now();
}}"""
NOTE_CHOICE = """addEventListener('click', event => {
    if (event.target.closest('[role="option"]')) window.chosen = performance.now();
}, true)"""
CHOSEN_IS_DRAWN = f"""title => {{
    const map = document.querySelector(`[data-testid="stMain"] img[alt^="Grad-CAM"][alt$=" over ${{title}}"]`);
    return map && ({DRAWN})(map) && performance.now() - window.chosen;
}}"""


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        key: in the JSON object.
        what: was measured.
        value: in the unit.
        unit: of the value and the aim.
        aim: at most this much; None where there is none.
    """

    key: str
    what: str
    value: float
    unit: str
    aim: float | None = None

    def __str__(self) -> str:
        aim = "" if self.aim is None else f"aim {self.aim:g}, {'met' if self.value <= self.aim else 'MISSED'}"
        return f"{self.what:<62} {self.value:>9.3f} {self.unit:<3} {aim}"


def run() -> dict[str, float]:
    """Print the table and return its numbers by key."""
    path = executable()
    if path is None:
        raise SystemExit("There is no Chromium: install one, or name it in VITRINE_CHROMIUM.")
    print(
        f"{THREADS} threads; cold is a new process, what the system keeps of its files in memory stays there."
    )
    with sync_playwright() as playwright:
        browser = launch(playwright, path)
        rows = [*_cold(browser), *_warm(browser), *memory(browser)]
        browser.close()
    for row in rows:
        print(row)
    return {row.key: round(row.value, 4) for row in rows}


def _cold(browser: Browser) -> list[Row]:
    readable, complete = [], []
    for _ in range(SERVERS):
        with Server(threads=THREADS) as server:
            screen = _visitor(browser, server)
            screen.page.goto(server.url, wait_until="commit")
            readable.append(_seconds(screen, READABLE))
            complete.append(_seconds(screen, COMPLETE))
            screen.page.context.close()
    return [
        Row("cold_readable_s", f"cold: first words, median of {SERVERS} servers", median(readable), "s", 2),
        Row(
            "cold_complete_s",
            f"cold: complete first page, median of {SERVERS} servers",
            median(complete),
            "s",
            8,
        ),
    ]


def _warm(browser: Browser) -> list[Row]:
    with Server(threads=THREADS) as server:
        _visitor(browser, server).open().page.context.close()
        complete = [_first_page(browser, server) for _ in range(VISITS)]
        on_screen = _choices(browser, server)
    bare = _bare_computation(list(on_screen))
    overheads = [on_screen[name] - bare[name] for name in on_screen]
    return [
        Row("warm_complete_s", f"warm: complete first page, median of {VISITS}", median(complete), "s", 2),
        Row(
            "photo_on_screen_s",
            f"another photo's Grad-CAM on screen, median of {CHOICES}",
            median(on_screen.values()),
            "s",
        ),
        Row("photo_bare_s", f"its bare computation, median of {CHOICES}", median(bare.values()), "s"),
        Row("photo_overhead_s", f"the difference, median of {CHOICES}", median(overheads), "s", 0.5),
    ]


def _first_page(browser: Browser, server: Server) -> float:
    screen = _visitor(browser, server)
    screen.page.goto(server.url, wait_until="commit")
    seconds = _seconds(screen, COMPLETE)
    screen.page.context.close()
    return seconds


def _choices(browser: Browser, server: Server) -> dict[str, float]:
    """Photo -> seconds from the click that chose it in the sidebar to its map on the screen."""
    screen = _visitor(browser, server)
    screen.page.add_init_script(NOTE_CHOICE)
    screen.open()
    seconds = {}
    for name in list(PHOTOS)[1 : CHOICES + 1]:
        title = PHOTOS[name].title
        screen.box("Photo").click()
        screen.page.get_by_role("option", name=title, exact=True).click()
        seconds[name] = _seconds(screen, CHOSEN_IS_DRAWN, title)
        screen.rest()
    screen.page.context.close()
    return seconds


def _bare_computation(names: list[str]) -> dict[str, float]:
    """Photo -> seconds that reading it, the answer and Captum's Grad-CAM take in this process, warmed up."""
    torch.set_num_threads(THREADS)
    classifier = find_network(zoo.DEFAULT).load(silent)
    module, transforms = classifier.module, classifier.preprocessing.transforms()
    layer = module.get_submodule(
        str(survey(module, torch.zeros(1, 3, *classifier.preprocessing.size)).default_layer)
    )

    def grad_cam(name: str) -> None:
        inputs = transforms(pictures.find(name).open())[None]
        with torch.no_grad():
            target = int(module(inputs).argmax())
        LayerGradCam(module, layer).attribute(inputs.requires_grad_(), target)

    for name in names:
        grad_cam(name)
    return {name: _timed(lambda name=name: grad_cam(name)) for name in names}  # type: ignore[misc]


def memory(browser: Browser) -> list[Row]:
    """What visitors with a photo of their own each leave in the memory of a server, and how much of it stays."""
    measured: dict[int, float] = {}
    with Server(threads=THREADS) as server:
        for number in range(1, MANY + 1):
            _visit(_visitor(browser, server), number)
            if number in (FEW, MANY):
                time.sleep(SETTLE_SECONDS)
                measured[number] = server.memory()
        time.sleep(LEFT_SECONDS)
        left = server.memory()
    return [
        Row(
            "memory_2_mb", f"memory after {FEW} visitors with a photo of their own each", measured[FEW], "MB"
        ),
        Row("memory_20_mb", f"memory after {MANY} visitors", measured[MANY], "MB"),
        Row("memory_growth", "growth between them, as a share", measured[MANY] / measured[FEW] - 1, "", 0.06),
        Row("memory_left", f"the same {LEFT_SECONDS} s after they left", left / measured[FEW] - 1, "", 0.03),
    ]


def _visit(screen: Screen, number: int) -> None:
    """Look at the first page, drop a photo that nobody had, read its maps, and leave."""
    screen.open()
    screen.visit("Attribution")
    screen.upload(_own_photo(number))
    screen.page.context.close()


def _own_photo(number: int) -> FilePayload:
    names = list(PHOTOS)
    payload = photo(names[number % len(names)], f"{number}.jpg")
    file = io.BytesIO()
    Image.open(io.BytesIO(payload["buffer"])).rotate(number).save(file, "JPEG")
    return {**payload, "buffer": file.getvalue()}


def _visitor(browser: Browser, server: Server) -> Screen:
    return Screen(browser.new_page(viewport={"width": 1440, "height": 1000}), server.url)


def _seconds(screen: Screen, expression: str, arg: Any = None) -> float:
    """The number of seconds that an expression of milliseconds becomes once it is true."""
    found: float = screen.page.wait_for_function(expression, arg=arg).json_value()
    return found / 1000


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
