"""A chapter built of a small network, without a report around it."""

from __future__ import annotations

from functools import cache

from dashboard.report.chapter import ReportSubject
from dashboard.report.chapters import CHAPTERS
from dashboard.report.contents import Section
from dashboard.runs import find_source
from tests.dashboard.components.component import made, view_of

MLP = {"model": "mlp", "image": "mnist-10k/test/17"}


@cache
def subject(run: str = "", **address: str) -> ReportSubject:
    runs = (find_source(run),) if run else ()
    return ReportSubject(view_of(MLP | address), runs, home="http://here")


def built(name: str, about: ReportSubject | None = None) -> Section:
    """The section of a chapter."""
    section = CHAPTERS[name].build(about or subject(), made)
    assert (section.name, section.title) == (CHAPTERS[name].name, CHAPTERS[name].title)
    assert section.address.startswith(f"http://here/{CHAPTERS[name].path}?model=mlp&")
    assert not section.refused
    return section
