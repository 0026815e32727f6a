"""A server answers at once, loads beside that, and says when it has."""

import asyncio
import subprocess
import sys
import threading

import pytest
from streamlit import cli_util, config

from dashboard import serving
from models.runtime import memory, settings
from tests.paths import ROOT

LONG = 60  # seconds that nothing here takes


@pytest.fixture
def set_option(monkeypatch):
    """Sets what Streamlit was told."""
    options, real = {"server.headless": True, "server.port": 8501}, config.get_option
    monkeypatch.setattr(config, "get_option", lambda name: options[name] if name in options else real(name))
    return options.__setitem__


@pytest.fixture
def opened(monkeypatch, set_option):
    """Addresses that the browser was asked to show."""
    addresses: list[str] = []
    monkeypatch.setattr(cli_util, "open_browser", addresses.append)
    for arrange in ("collect_seldom", "share_arena"):
        monkeypatch.setattr(memory, arrange, lambda: None)
    return addresses


def serve(monkeypatch, load):
    """What a load balancer hears while the server loads, and afterwards."""
    heard, may_load = [], threading.Event()
    monkeypatch.setattr(serving, "load", lambda: may_load.wait(LONG) and load())
    monkeypatch.setattr(serving, "_READY", threading.Event())

    async def live():
        (route,) = serving.routes()
        async with serving.warm_up(None):
            heard.append(await route.endpoint(None))
            may_load.set()
            for thread in threading.enumerate():
                if thread.name == "warm-up":
                    thread.join(LONG)
            heard.append(await route.endpoint(None))

    asyncio.run(live())
    return [(answer.status_code, answer.body) for answer in heard]


def test_a_load_balancer_hears_when_what_pages_need_is_loaded(monkeypatch, opened):
    heard = serve(monkeypatch, lambda: serving._READY.set())
    assert heard == [(503, b'{"ready":false}'), (200, b'{"ready":true}')]
    assert opened == []


def test_what_is_set_wrongly_is_not_loaded(monkeypatch, opened):
    monkeypatch.setenv(settings.THREADS.name, "lots")
    assert serve(monkeypatch, serving._READY.set) == [(503, b'{"ready":false}')] * 2


def test_the_browser_is_shown_the_app_where_there_is_one(monkeypatch, opened, set_option):
    set_option("server.headless", False)
    serve(monkeypatch, lambda: None)
    assert opened == ["http://localhost:8501"]


def test_the_address_follows_the_path_of_the_app(set_option):
    set_option("server.baseUrlPath", "glass")
    assert [route.path for route in serving.routes()] == ["/glass/ready"]


PAGE = """
import sys
from streamlit.testing.v1 import AppTest

app = AppTest.from_file("app.py", default_timeout=600).run()
print(len(app.exception), len(app.header), sys.modules.keys() & {"torch._dynamo", "sympy", "sklearn"})
"""


@pytest.mark.slow
def test_the_first_page_loads_no_compiler():
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PAGE], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout == "0 1 set()\n", done.stdout + done.stderr
