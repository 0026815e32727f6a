"""A report as one HTML file: everything in it, nothing fetched, and no text of anybody's becomes markup or script."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from dashboard.report.contents import Report
from dashboard.report.slides import slides
from dashboard.report.theme import FONT, tokens
from dashboard.wording import glossary
from dashboard.wording.numbers import unbroken

PAGE = Path(__file__).parent / "page"
LOGO = Path(__file__).resolve().parents[2] / "assets" / "logo.svg"
# What starts or ends a script, a comment or a line in one, as JSON writes it otherwise.
ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
# A chart that is taller than this is drawn smaller on paper, so that it fits a page; in pixels.
PAPER = 1040


def render(report: Report) -> bytes:
    """The report as a page to read and to print, UTF-8."""
    return _write(
        "report", report=report, glossary=glossary.find_terms(report.texts()), logo=address(LOGO.read_bytes())
    )


def render_slides(report: Report, start: int = 1) -> bytes:
    """The report as slides, UTF-8.

    Args:
        report: that was made.
        start: the slide that is shown first, from 1, unless the file's address says another.
    """
    return _write("slides", report=report, slides=slides(report), start=start)


def _write(name: str, **contents: Any) -> bytes:
    """The page of that name, with its style and its scripts."""
    own = "\n".join((PAGE / file).read_text(encoding="utf-8") for file in ("charts.js", f"{name}.js"))
    scripts = [_safe(get_plotlyjs()), own]
    text = (
        _environment()
        .get_template(f"{name}.html")
        .render(
            **contents,
            scripts=[Markup(script) for script in scripts],  # noqa: S704  # Plotly's own and ours
            policy=_policy(scripts),
            style=Markup((PAGE / f"{name}.css").read_text(encoding="utf-8")),  # noqa: S704  # ours
            light=tokens("light"),
            dark=tokens("dark"),
            colours={scheme: dataclasses.asdict(tokens(scheme)) for scheme in ("light", "dark")},
            font=Markup(FONT),  # noqa: S704  # ours
            paper=PAPER,
        )
    )
    return text.strip().encode()


def address(content: bytes) -> str:
    """A picture as an address that holds it."""
    kinds = {b"\x89PNG": "image/png", b"\xff\xd8": "image/jpeg", b"<svg": "image/svg+xml"}
    kind = next(kind for start, kind in kinds.items() if content.startswith(start))
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def data(written_json: str) -> Markup:
    """JSON for a script element that holds data: it reads the same, and ends no element."""
    for character, escape in ESCAPES.items():
        written_json = written_json.replace(character, escape)
    return Markup(written_json)  # noqa: S704  # nothing that could be markup is left in it


def whole(text: str) -> str:
    """A text in which no name parts at its hyphen; for large type, of which few words make a line."""
    return text.replace("-", "-\u2060")


def _safe(script: str) -> str:
    """A script that does not end the element it stands in."""
    return script.replace("</script", "<\\/script").replace("\r\n", "\n")


def _policy(scripts: list[str]) -> str:
    """What a browser may do with the file: run these scripts and no other, and fetch nothing."""
    hashes = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    allowed = " ".join(f"'sha256-{digest}'" for digest in hashes)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(PAGE),
        autoescape=True,
        undefined=StrictUndefined,
        # All that is read; what is Markup already are the page's own parts.
        finalize=lambda value: unbroken(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"address": address, "data": data, "whole": whole}
    return environment
