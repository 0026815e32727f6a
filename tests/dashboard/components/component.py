"""One component alone on a page, at an address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from streamlit.testing.v1 import AppTest


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
