"""The server talks to this machine only, and to its own page only."""

import base64
import http.client
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.browser.server import HOST, START_SECONDS, Server

LISTENING = "0A"
SECRET_NAME = "_streamlit_xsrf"


def test_listens_on_this_machine_only(server: Server) -> None:
    addresses = {address for address, port in _listening(server.pid) if port == server.port}
    assert addresses and addresses <= {"127.0.0.1", "::1"}
    assert {port for _, port in _listening(server.pid)} == {server.port}


def _listening(pid: int) -> Iterator[tuple[str, int]]:
    """Address and port of every socket on which that process listens."""
    links = [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()]
    own = {link.removeprefix("socket:[").removesuffix("]") for link in links if link.startswith("socket:")}
    for table, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        path = Path(f"/proc/{pid}/net/{table}")
        for line in path.read_text().splitlines()[1:] if path.exists() else ():
            fields = line.split()
            address, port = fields[1].split(":")
            if fields[3] == LISTENING and fields[9] in own:
                yield _written(address, family), int(port, 16)


def _written(address: str, family: socket.AddressFamily) -> str:
    """An address as people write it, from the kernel's words of 32 bits in the machine's byte order."""
    words = [bytes.fromhex(address[at : at + 8])[::-1] for at in range(0, len(address), 8)]
    return socket.inet_ntop(family, b"".join(words))


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("localhost:{port}", "http://localhost:{port}", 101),
        ("127.0.0.1:{port}", "http://127.0.0.1:{port}", 101),
        ("evil.example", "http://evil.example", 403),
        ("evil.example:{port}", "http://localhost:{port}", 403),
        ("evil.example", None, 403),
        ("localhost:{port}", "http://evil.example", 403),
        ("localhost:{port}", "null", 403),
        ("localhost:{port}", "http://localhost.evil.example", 403),
    ],
)
def test_a_session_opens_for_its_own_page_only(
    server: Server, host: str, origin: str | None, status: int
) -> None:
    headers = {
        "Host": host.format(port=server.port),
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
    }
    if origin is not None:
        headers["Origin"] = origin.format(port=server.port)
    with _asked(server, "GET", "/_stcore/stream", headers) as answer:
        assert answer.status == status


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Cookie": f"{SECRET_NAME}=x", "X-Xsrftoken": "x"},
        {"Cookie": "{cookie}"},
        {"X-Xsrftoken": "{token}"},
    ],
    ids=["nothing", "made up", "cookie alone", "token alone"],
)
def test_uploads_need_the_token_of_the_page(server: Server, method: str, headers: dict[str, str]) -> None:
    with _asked(server, "GET", "/_stcore/health", {}) as answer:
        cookie = (answer.headers["Set-Cookie"] or "").partition(";")[0]
    assert cookie.startswith(SECRET_NAME)
    known = {"cookie": cookie, "token": cookie.partition("=")[2]}
    filled = {name: text.format(**known) for name, text in headers.items()}
    with _asked(server, method, "/_stcore/upload_file/session/file", filled) as answer:
        assert answer.status == 403


def test_a_load_balancer_hears_when_a_page_would_come_at_once(server: Server) -> None:
    status, deadline = 503, time.monotonic() + START_SECONDS
    while status == 503 and time.monotonic() < deadline:
        time.sleep(0.1)
        with _asked(server, "GET", "/ready", {}) as answer:
            status = answer.status
    assert status == 200


def test_serves_no_files_of_its_folder(server: Server) -> None:
    for path in (
        "/app/static/app.py",
        "/app.py",
        "/../app.py",
        "/.streamlit/config.toml",
        "/media/..%2fapp.py",
    ):
        with _asked(server, "GET", path, {}) as answer:
            assert b"streamlit as st" not in answer.read()


@contextmanager
def _asked(
    server: Server, method: str, path: str, headers: dict[str, str]
) -> Iterator[http.client.HTTPResponse]:
    connection = http.client.HTTPConnection(HOST, server.port, timeout=30)
    try:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        yield answer
        answer.close()
    finally:
        connection.close()
