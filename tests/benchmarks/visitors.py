"""25 visitors within a minute, each with Overview, another photo and one slow map; and what visitors leave in memory.

They speak to the server without a browser, which would take the cores that the server is measured on. What each of them
is shown is compared with what a server shows to one visitor at a time. No two of them share a result: each explains a
class of its own, one for which no map is refused.
"""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count, islice
from statistics import median

import numpy as np
from PIL import Image
from playwright.sync_api import sync_playwright

from dashboard import pictures
from dashboard.inspection.attribution import METHODS
from dashboard.inspection.attribution.run import Request, attribute
from dashboard.inspection.engine.survey import survey
from models import zoo
from models.networks import find_network
from models.photos.samples import PHOTOS
from models.runtime.progress import silent
from models.runtime.threads import use_threads
from tests.benchmarks._session import Session
from tests.benchmarks.pages import THREADS, Row, memory
from tests.browser.chromium import executable, launch
from tests.browser.server import Server

VISITORS, ARRIVAL_SECONDS, ALONE = 25, 60.0, 5
MAPS = ("Grad-CAM", "Integrated Gradients")
# Mean difference of two pictures of a map, as a share of white, where they are the same but for rounding.
SAME = 0.01


@dataclass(frozen=True)
class Visit:
    """What one visitor waited for, and saw.

    Attributes:
        overview: seconds until the first page was complete.
        photo: seconds until it was, of another photo.
        slow: seconds until the slow map was.
        maps: as files.
    """

    overview: float
    photo: float
    slow: float
    maps: tuple[bytes, ...]


def options(parser: argparse.ArgumentParser) -> None:
    """Words of the command line."""
    parser.add_argument("--visitors", type=int, default=VISITORS)
    parser.add_argument(
        "--no-memory", action="store_true", help="only the crowd, which takes about five minutes"
    )


def run(visitors: int, no_memory: bool) -> dict[str, float]:
    """Print the table and return its numbers by key."""
    classes = list(islice(_classes(), visitors + ALONE + 1))
    with Server(threads=THREADS) as server:
        alone = [_visit(server, number) for number in classes[visitors:]][1:]  # the first warms it up
        crowd = _crowd(server, classes[:visitors])
    came = {number: visit for number, visit in crowd if visit is not None}
    with Server(threads=THREADS) as server:
        wrong = sum(not _same(visit, _visit(server, number)) for number, visit in came.items())
    waits = {
        "overview": (median(each.overview for each in alone), [each.overview for each in came.values()]),
        "photo": (median(each.photo for each in alone), [each.photo for each in came.values()]),
        "slow": (median(each.slow for each in alone), [each.slow for each in came.values()]),
    }
    for what, (before, taken) in waits.items():
        print(
            f"{what:<10} alone {before:7.2f} s, in the crowd {median(taken):7.2f} s, longest {max(taken):7.2f} s"
        )
    before, taken = waits["overview"]
    rows = [
        Row("dropped", f"of {visitors} visitors, dropped", visitors - len(came), "", 0),
        Row("wrong", "of the others, shown other maps than somebody alone", wrong, "", 0),
        Row(
            "median_wait_ratio",
            "median wait for Overview, over that of one alone",
            median(taken) / before,
            "",
            2,
        ),
    ]
    if not no_memory:
        with sync_playwright() as playwright:
            browser = launch(playwright, executable() or "")
            rows += memory(browser)
            browser.close()
    for row in rows:
        print(row)
    return {row.key: round(row.value, 4) for row in rows}


def _photos(number: int) -> tuple[str, str]:
    """The photos that the visitor who explains that class looks at, one after the other."""
    names = list(PHOTOS)
    return names[number % len(names)], names[(number + 1) % len(names)]


def _classes() -> Iterator[int]:
    """Classes whose maps a visitor is shown: a class that a photo holds nothing of may have none."""
    use_threads()
    network = find_network(zoo.DEFAULT).load(silent)
    transforms = network.preprocessing.transforms()
    photos = {name: transforms(pictures.find(name).open()) for name in PHOTOS}
    layers = survey(network.module, next(iter(photos.values()))[None])

    def is_drawn(method: str, photo: str, number: int) -> bool:
        inputs, of = photos[photo].numpy(), METHODS[method]
        request = Request(number, parameters=of.defaults(inputs.shape[1:]))
        found = attribute(network, inputs, method=of, request=request, survey=layers)
        return found.values is not None

    for number in count():
        first, second = _photos(number)
        if is_drawn("grad_cam", first, number) and all(
            is_drawn(method, second, number) for method in ("grad_cam", "integrated_gradients")
        ):
            yield number


def _crowd(server: Server, classes: Sequence[int]) -> list[tuple[int, Visit | None]]:
    """What each visitor, by the class that they explain, saw; None for one who was dropped."""

    def come(place: int, number: int) -> Visit | None:
        time.sleep(place * ARRIVAL_SECONDS / len(classes))
        try:
            return _visit(server, number)
        except Exception as failure:  # whatever it is, this visitor did not get what they came for
            print(f"visitor {place}: {type(failure).__name__}: {failure}")
            return None

    with ThreadPoolExecutor(len(classes)) as pool:
        return list(zip(classes, pool.map(come, *zip(*enumerate(classes), strict=True)), strict=True))


def _visit(server: Server, number: int) -> Visit:
    first, second = _photos(number)
    second = PHOTOS[second].title
    with Session(server.url) as session:
        overview = session.open(methods=MAPS[:1], image=first, target=str(number))
        photo = session.pick("Photo", second, MAPS[:1])
        slow = session.open("attribution", MAPS)
        assert all(f" over {second}" in alt for alt in session.maps), f"other maps: {list(session.maps)}"
        return Visit(overview, photo, slow, tuple(session.map(method) for method in MAPS))


def _same(one: Visit, other: Visit) -> bool:
    pairs = zip(one.maps, other.maps, strict=True)
    return all(np.abs(_pixels(mine) - _pixels(theirs)).mean() <= SAME for mine, theirs in pairs)


def _pixels(file: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(file)).convert("RGB"), dtype=np.float32) / 255
