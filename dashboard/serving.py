"""The server's own: what it loads before the first visitor comes, and how a load balancer learns that it has.

Most of what a first visitor waited for is the import of torch and timm. A server that starts imports them at once,
while the browser opens and fetches the page.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from streamlit import cli_util, config, runtime
from streamlit.url_util import make_url_path
from streamlit.web.server import server_util

from dashboard import sign_in
from models.runtime import memory, settings

READY = "ready"
# Two threads that import the same packages from different ends may meet half of one.
_LOCK = threading.Lock()
_READY = threading.Event()


@cache
def _load_once() -> None:
    from dashboard import cache as caches
    from dashboard.components import frame  # noqa: F401  # and with it what all pages need
    from models import zoo
    from models.networks import find_network

    model = find_network(zoo.DEFAULT)
    caches.classifier(model.identity, model.content)
    _READY.set()


def load() -> None:
    """Import what the pages need and open the network that is shown first; waits for whoever does so already."""
    with _LOCK:
        _load_once()


@asynccontextmanager
async def warm_up(_: object) -> AsyncIterator[None]:
    """The life of a server: it answers at once, and loads beside that."""
    memory.collect_seldom()
    memory.share_arena()
    if sign_in.is_required():
        sign_in.keep_files_apart(runtime.get_instance().media_file_mgr)
    # What is set wrongly stands on every page instead of what would be loaded.
    if not settings.problems():
        threading.Thread(target=load, name="warm-up", daemon=True).start()
    _open_browser()
    yield


def _open_browser() -> None:
    """Show the app to who started it: Streamlit leaves that to an app that has a server of its own, as this one."""
    if config.get_option("server.headless"):
        return
    named = config.is_manually_set("browser.serverAddress")
    address = config.get_option("browser.serverAddress" if named else "server.address")
    cli_util.open_browser(server_util.get_url(server_util.get_display_address(address or "localhost")))


async def _answer_ready(_: Request) -> JSONResponse:
    ready = _READY.is_set()
    return JSONResponse({"ready": ready}, 200 if ready else 503, {"Cache-Control": "no-store"})


def middleware() -> list[Middleware]:
    """What every request goes through first."""
    return [Middleware(sign_in.Door)]


def routes() -> list[Route]:
    """What the server answers beside the app: whether a visitor would see a page at once."""
    return [Route(make_url_path(config.get_option("server.baseUrlPath"), READY), _answer_ready)]
