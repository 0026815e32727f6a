"""The app as a test opens it, what it says, and the address that it leaves."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image
from streamlit.testing.v1 import AppTest

from dashboard.navigation import PAGES
from tests.paths import ROOT


def first_page(**query: str | Sequence[str]) -> AppTest:
    """The app at an address, on its first page; `p_` stands for `p.`."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    for name, value in query.items():
        app.query_params[f"p.{name[2:]}" if name.startswith("p_") else name] = value
    return sound(app.run())


def page(path: str, **query: str | Sequence[str]) -> AppTest:
    """The page of that path, at an address."""
    return moved(first_page(**query), path)


def moved(app: AppTest, path: str) -> AppTest:
    """The same app on the page of that path."""
    file = next(one.file for one in PAGES if one.path == path)
    return sound(app.switch_page(file).run())


def sound(app: AppTest) -> AppTest:
    """The same run, which must not have crashed."""
    assert not app.exception, [error.message for error in app.exception]
    return app


def said(elements: object) -> str:
    """The texts of elements, as a person reads them."""
    text = " ".join(str(element.value) for element in elements)  # type: ignore[attr-defined]
    return text.replace("\\", "").replace("\u00a0", " ")


def address(app: AppTest) -> dict[str, list[str]]:
    """The address as the page left it."""
    return {
        name: [value] if isinstance(value, str) else list(value) for name, value in app.query_params.items()
    }


def png(colour: str, size: tuple[int, int] = (64, 48)) -> bytes:
    """A picture of one colour, as a file."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()
