"""One view of a report: what it is made from, and how it is asked for."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode, urlsplit

from dashboard.charts import maps
from dashboard.inspection.evaluation.sets import run_of
from dashboard.parameters import in_report, without_report
from dashboard.report.contents import Picture, Section
from dashboard.report.provenance import picture_origins
from dashboard.results.result import Result
from dashboard.runs import CurveSource, default_names, find_source
from dashboard.selection import Known, Selection, query
from dashboard.view import View, mismatch
from dashboard.wording import answer
from dashboard.wording.contract import Doubt
from dashboard.wording.contract import doubts as find_doubts
from dashboard.wording.numbers import rate
from models.classifier import Classifier, ReadyNetwork

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


class Reported(ABC):
    """What a report is about: a network and one input that it read, whatever that is.

    Attributes:
        owner: whose visit asks for it; None where nobody can tell.
        home: address of the app, without a slash at the end; empty where it opens nothing for others.
        runs: training runs whose curves are shown.
    """

    owner: str | None
    home: str
    runs: tuple[CurveSource, ...]

    @property
    @abstractmethod
    def selection(self) -> Selection:
        """What is looked at."""

    @property
    @abstractmethod
    def classifier(self) -> ReadyNetwork:
        """The network."""

    @property
    @abstractmethod
    def details(self) -> tuple[Hashable, ...]:
        """What determines the report beside network, chapters, and what the address says."""

    @property
    @abstractmethod
    def model_title(self) -> str:
        """What the network is called."""

    @property
    @abstractmethod
    def input_title(self) -> str:
        """What the input is called."""

    @abstractmethod
    def headline(self) -> str:
        """The finding on top."""

    @abstractmethod
    def cover(self) -> Picture | None:
        """The input as the network reads it, where that is a picture."""

    @abstractmethod
    def accuracy(self) -> str:
        """How good the network is said to be, as the end of a sentence; empty where nobody said."""

    @abstractmethod
    def origins(self) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
        """Where network and input come from: title -> names and values."""

    @abstractmethod
    def credit(self) -> str:
        """Whom and what to thank for the input."""

    def address(self, path: str, **changes: object) -> str:
        """The address of a page that shows this view.

        Args:
            path: of the page.
            changes: fields of the selection that are said otherwise.
        """
        selection = dataclasses.replace(self.selection, **changes)  # type: ignore[arg-type]  # its fields
        settings = without_report(selection.parameters)
        texts = query(dataclasses.replace(selection, parameters=settings), _EXPLICIT)
        return f"{self.home}/{path}?{urlencode(texts, doseq=True)}"


@dataclass(frozen=True, eq=False)
class ReportSubject(Reported):
    """A network and a picture.

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

    @property
    def selection(self) -> Selection:
        """That of the view."""
        return self.view.selection

    @property
    def classifier(self) -> Classifier:
        """That of the view."""
        return self.view.classifier

    @property
    def details(self) -> tuple[Hashable, ...]:
        """The picture, and names that only its owner sees, which stand in the file."""
        return self.view.seen.digest, self.view.model.title, self.view.picture.title, self.own

    @property
    def model_title(self) -> str:
        """Of the zoo's entry, or as its owner calls it."""
        return self.view.model.title

    @property
    def input_title(self) -> str:
        """Of the picture."""
        return self.view.picture.title

    def headline(self) -> str:
        """The answer, and what speaks against it."""
        return answer.headline(self.model_title, self.view.prediction, doubts(self.view))

    def cover(self) -> Picture:
        """The picture as the network reads it."""
        crop = self.view.seen.crop
        return Picture(
            maps.input_picture(crop),
            f"{self.view.picture.title}, as the network reads it",
            sharp=maps.is_small(crop),
        )

    def accuracy(self) -> str:
        """What its makers measured."""
        measured = self.classifier.provenance.accuracy
        if measured is None:
            return ""
        return f"; its makers measured it to be right for {rate(measured)} of the test pictures"

    def origins(self) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
        """Of the network with what it reads, and of the picture."""
        return picture_origins(self.view)

    def credit(self) -> str:
        """Of the picture."""
        picture = self.view.picture
        if picture.credit:
            return f"Picture: {picture.title}, {picture.credit}"
        return f"Picture: {picture.title}, brought by whoever made this report; its terms are theirs"


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
    # Those of a table are all about one kind of input, and take what reports on it are about.
    build: Callable[[Any, Ask], Section] = field(repr=False)
    usual: Callable[[Any], bool] = field(default=lambda subject: True, repr=False)
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
