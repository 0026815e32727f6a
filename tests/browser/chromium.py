"""The Chromium that is on this machine."""

from __future__ import annotations

import os
import shutil

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
# A camera that films a test picture, and no question whether it may.
CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


def executable() -> str | None:
    """Its path: of VITRINE_CHROMIUM, or of the first browser found; None where there is none."""
    found = (shutil.which(name) for name in NAMES)
    return os.environ.get("VITRINE_CHROMIUM") or next((path for path in found if path), None)


def launch(playwright: Playwright, path: str, *arguments: str) -> Browser:
    """Start it without a window, with more arguments of its command line."""
    # Chromium's sandbox does not work for root, which containers often run as.
    sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
    return playwright.chromium.launch(executable_path=path, args=[*CAMERA, *sandbox, *arguments])
