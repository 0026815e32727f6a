"""One component alone on a page, at an address."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from streamlit.testing.v1 import AppTest

from dashboard.known import KNOWN
from dashboard.results.result import Result
from dashboard.selection import parse
from dashboard.view import View, build_view
from models.networks import find_network
from models.runtime.progress import silent

T = TypeVar("T")


def drawn(
    script: Callable[..., object], address: Mapping[str, str | Sequence[str]] | None = None, **kwargs: object
) -> AppTest:
    """The page that a function draws, which imports what it needs and must not crash."""
    app = AppTest.from_function(script, kwargs=kwargs, default_timeout=60)
    for name, value in (address or {}).items():
        app.query_params[name] = value
    return sound(app.run())


def sound(app: AppTest) -> AppTest:
    """The same run, which must not have crashed."""
    assert not app.exception, [error.message for error in app.exception]
    return app


def left(app: AppTest) -> dict[str, str]:
    """The address as the page left it, of settings that have one value."""
    return {
        name: value if isinstance(value, str) else ",".join(value) for name, value in app.query_params.items()
    }


def _drawn_on_view(module: str, function: str, arguments: tuple[object, ...]) -> None:
    from importlib import import_module

    from dashboard import session
    from dashboard.components.look import look

    session.begin()
    view = look(session.visit().selection)
    getattr(import_module(f"dashboard.components.{module}"), function)(view, *arguments)


def on_view(
    module: str,
    function: str = "draw",
    address: Mapping[str, str | Sequence[str]] | None = None,
    *arguments: object,
) -> AppTest:
    """What a component draws of the view of an address; by default a digit in the smallest convolutional network."""
    view = {"model": "cnn", "image": "mnist-10k/test/17"} | dict(address or {})
    return drawn(_drawn_on_view, view, module=module, function=function, arguments=arguments)


def view_of(address: Mapping[str, str] | None = None) -> View:
    """The view that `on_view` draws, made anew."""
    settings = {"model": "cnn", "image": "mnist-10k/test/17"} | dict(address or {})
    selection, problems = parse({name: [text] for name, text in settings.items()}, KNOWN)
    assert not problems
    model = find_network(selection.model)
    return build_view(selection, model, model.load(silent))


def plain(text: str) -> str:
    """A sentence without the escapes that keep it from being markup, and with every space as it is typed."""
    return text.replace("\\", "").replace("\u200b", "").replace("\u00a0", " ")


def texts(elements: Iterable[Any]) -> list[str]:
    """What each element says, as a person reads it."""
    return [plain(str(element.value)) for element in elements]


def made(result: Result[T]) -> T:
    """What a result holds, as a page gets it."""
    job = result.submit()
    assert job.wait(120)
    return job.result()


def columns(app: AppTest, place: int = 0) -> dict[str, list[Any]]:
    """The columns of a table on the page."""
    return {str(name): list(values) for name, values in app.dataframe[place].value.items()}


def chart(app: AppTest, key: str) -> dict[str, Any]:
    """The figure of that key, as the browser gets it."""
    figure: dict[str, Any] = json.loads(app.get_by_key(key).proto.spec)
    return figure


def numbers(values: Any) -> list[Any]:
    """What Plotly writes as a list, or encodes where it was an array."""
    if isinstance(values, dict):
        array = np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"])
        return array.tolist()  # type: ignore[no-any-return]
    return list(values)


def carried(figure: Mapping[str, Any]) -> list[Any]:
    """What the points of a figure that can be clicked hand on."""
    return next(numbers(trace["customdata"]) for trace in figure["data"] if "customdata" in trace)


def alternatives(app: AppTest) -> list[str]:
    """Alternative texts of the pictures."""
    return [picture.alt for element in app.get("image") for picture in element.proto.imgs]
