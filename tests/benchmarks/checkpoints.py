"""A large checkpoint: what reading it takes of memory and time, in the child and in a server that it is dropped on.

Files of random numbers are written first, which is not timed. "own" is memory of the process itself, "mapped" what
belongs to files besides, which the system takes back when it needs it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import torch
from playwright.sync_api import Browser, expect, sync_playwright
from safetensors.torch import save_file

from models.checkpoints.limits import LIMITS
from tests.browser.chromium import executable, launch
from tests.browser.screen import Screen
from tests.browser.server import Server
from tests.paths import ROOT

MEGABYTE = 2**20
LAYERS = 20
PATIENCE_MS = 600_000
WRITERS: dict[str, Callable[[dict[str, torch.Tensor], Path], object]] = {
    "safetensors": save_file,
    "pt": torch.save,
}


def options(parser: argparse.ArgumentParser) -> None:
    """How large."""
    parser.add_argument(
        "--megabytes",
        type=int,
        default=970,
        help="of the file; browsers count them in thousands, 1,024 at most",
    )


def run(megabytes: int) -> dict[str, float]:
    """Print a table and return its numbers."""
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for ending, write in WRITERS.items():
            path = Path(folder) / f"large.{ending}"
            write(_tensors(megabytes), path)
            found |= _told({f"child_{ending}_{name}": value for name, value in _child(path).items()})
        found |= _told({f"dropped_{name}": value for name, value in _dropped(path).items()})
    return {name: round(value, 3) for name, value in found.items()}


def _told(numbers: dict[str, float]) -> dict[str, float]:
    for name, value in numbers.items():
        print(f"{name:34}  {value:12.2f}", flush=True)
    return numbers


def _tensors(megabytes: int) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    side = int((megabytes * MEGABYTE / 4 / LAYERS) ** 0.5)
    return {f"layer{place}.weight": torch.randn(side, side, generator=generator) for place in range(LAYERS)}


class Followed:
    """The memory of a process while a block runs, in MB: the most that it had at once."""

    def __init__(self, pid: int) -> None:
        self._status = Path(f"/proc/{pid}/status")
        self.before = self._read()
        self.own, self.mapped = self.before

    def __enter__(self) -> Followed:
        self._done = threading.Event()
        self._watch = threading.Thread(target=self._follow, daemon=True)
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._watch.join()

    def _follow(self) -> None:
        while not self._done.wait(0.01):
            with suppress(OSError, KeyError):
                own, mapped = self._read()
                self.own, self.mapped = max(self.own, own), max(self.mapped, mapped)

    def _read(self) -> tuple[float, float]:
        lines = dict(line.split(":", 1) for line in self._status.read_text().splitlines())
        return int(lines["RssAnon"].split()[0]) / 1024, int(lines["RssFile"].split()[0]) / 1024


def _child(path: Path) -> dict[str, float]:
    """Reading a file as the app does, in its child."""
    target = path.with_suffix(".target")
    began = time.perf_counter()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "models.checkpoints.sandbox",
            str(path),
            str(target),
            str(LIMITS.max_bytes),
            "",
        ],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
    )
    with Followed(process.pid) as memory:
        said, _ = process.communicate()
    assert b"tensors" in said, said
    target.unlink()
    return {"own_mb": memory.own, "mapped_mb": memory.mapped, "s": time.perf_counter() - began}


def _dropped(path: Path) -> dict[str, float]:
    """Dropping a file into the sidebar, while another visitor keeps asking whether the server is there."""
    found = executable()
    if found is None:
        raise SystemExit("There is no Chromium: install one, or name it in VITRINE_CHROMIUM.")
    with Server() as server, sync_playwright() as playwright:
        browser = launch(playwright, found)
        numbers = _drop(browser, server, path)
        browser.close()
    return numbers


def _drop(browser: Browser, server: Server, path: Path) -> dict[str, float]:
    screen = Screen(browser.new_page(), server.url)
    screen.page.set_default_timeout(PATIENCE_MS)
    screen.open()
    with screen.rerun():
        screen.page.get_by_test_id("stSidebar").get_by_role("button", name="Your checkpoint").click()
    place = screen.page.get_by_test_id("stPopoverBody")
    waits: list[float] = []
    done = threading.Event()

    def ask() -> None:
        while not done.wait(0.2):
            asked = time.perf_counter()
            urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=60).close()
            waits.append(time.perf_counter() - asked)

    other = threading.Thread(target=ask, daemon=True)
    with Followed(server.pid) as memory:
        other.start()
        began = time.perf_counter()
        place.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(path)
        told = place.get_by_role("alert").first
        told.wait_for(timeout=PATIENCE_MS)
        seconds = time.perf_counter() - began
        done.set()
        other.join()
    expect(told).to_contain_text("No network known here")
    screen.rest()
    time.sleep(2)
    after = Followed(server.pid).before[0]
    return {
        "s": seconds,
        "server_more_at_most_mb": memory.own - memory.before[0],
        "server_more_afterwards_mb": after - memory.before[0],
        "longest_wait_of_another_s": max(waits),
    }
