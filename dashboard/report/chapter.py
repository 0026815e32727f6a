"""One view of a report: what it is made from, and how it is asked for."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar
from urllib.parse import urlencode, urlsplit

from dashboard.inspection.evaluation.sets import run_of
from dashboard.parameters import in_report, without_report
from dashboard.report.contents import Section
from dashboard.results.result import Result
from dashboard.runs import CurveSource, default_names, find_source
from dashboard.selection import Known, query
from dashboard.view import View, mismatch
from dashboard.wording.contract import Doubt
from dashboard.wording.contract import doubts as find_doubts

T = TypeVar("T")
# Of whom nothing is a default: an address in a report says all, so that it means the same tomorrow.
_EXPLICIT = Known(
    model=lambda name: "",
    image=lambda address: None,
    method=lambda name: None,
    run=lambda name: None,
    default_model="",
)


# How a machine calls itself.
LOCAL = ("", "localhost", "127.0.0.1", "::1", "0.0.0.0")  # noqa: S104  # listened on by nobody here


class Ask(Protocol):
    """Gets what was ordered, telling meanwhile how far the report is."""

    def __call__(self, result: Result[T]) -> T:
        """The result. Raises what its work raised, and what ends the report when nobody wants it any more."""


@dataclass(frozen=True, eq=False)
class ReportSubject:
    """What a report is about.

    Attributes:
        view: network and picture, with the methods and settings of the address.
        runs: training runs whose curves are shown.
        own: addresses of pictures that its visitor dropped.
        owner: who that is; None where nobody can tell.
        home: address of the app, without a slash at the end; empty where it opens nothing for others.
    """

    view: View
    runs: tuple[CurveSource, ...] = ()
    own: tuple[str, ...] = ()
    owner: str | None = None
    home: str = ""

    def address(self, path: str, **changes: object) -> str:
        """The address of a page that shows this view.

        Args:
            path: of the page.
            changes: fields of the selection that are said otherwise.
        """
        selection = dataclasses.replace(self.view.selection, **changes)  # type: ignore[arg-type]  # its fields
        settings = without_report(selection.parameters)
        texts = query(dataclasses.replace(selection, parameters=settings), _EXPLICIT)
        return f"{self.home}/{path}?{urlencode(texts, doseq=True)}"


@dataclass(frozen=True)
class Chapter:
    """One view that a report can hold.

    Attributes:
        name: of the page that shows it, in `p.in_<name>` and on the command line; the first page has no name.
        title: on the control, and above the section.
        path: of the page that shows it.
        says: what it shows, in one line.
        build: makes the section. Raises UserError, one sentence, where there is nothing to show.
        usual: whether it is in unless a person says otherwise.
        slow: whether it takes a pass over many pictures.
    """

    name: str
    title: str
    path: str
    says: str
    build: Callable[[ReportSubject, Ask], Section] = field(repr=False)
    usual: Callable[[ReportSubject], bool] = field(default=lambda subject: True, repr=False)
    slow: bool = False


def home(address: str) -> str:
    """The address of the app as others can open it, without a slash at the end; empty where only this machine can."""
    host = urlsplit(address).hostname or ""
    return "" if host in LOCAL else address.rstrip("/")


def doubts(view: View) -> list[Doubt]:
    """What speaks against the answer, the gravest first."""
    contract, foreign = view.classifier.contract, mismatch(view) is not None
    return find_doubts(contract, trained=view.model.trained, foreign=foreign)


def runs_of(view: View) -> tuple[CurveSource, ...]:
    """The runs of the address, else the one that the network is a checkpoint of; else, if asked for, the usual one."""
    run, wanted = run_of(view.model), in_report("training").read(view.selection.parameters)
    names = view.selection.runs or ((run.id,) if run else default_names() if wanted else ())
    return tuple(find_source(name) for name in names)
