"""What reports on inputs that are no pictures are about: a text, a row of a table, a history of choices."""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from dashboard.parameters import SPEAKS_FOR, TABLE_CLASS, TABLE_ROW, TEXT
from dashboard.report.chapter import Reported
from dashboard.report.provenance import network_rows
from dashboard.results.history import HistorySubject
from dashboard.results.history import named as history_subject
from dashboard.results.table import TableSubject
from dashboard.results.table import subject as table_subject
from dashboard.results.text import TextSubject
from dashboard.results.text import subject as text_subject
from dashboard.runs import CurveSource
from dashboard.selection import Selection
from dashboard.wording import history as history_wording
from dashboard.wording import table as table_wording
from dashboard.wording import text as text_wording
from dashboard.wording.numbers import rate
from models.classifier import ReadyNetwork
from models.history import HISTORY_SETS
from models.history.classifier import Recommender
from models.kinds import KINDS
from models.table.classifier import TableClassifier
from models.text import TEXT_SETS
from models.text.classifier import TextClassifier
from models.training.tables import table_of

SPLIT = "test"
S = TypeVar("S")
OWN_TEXT = "a text of your own", "Text: brought by whoever made this report; its terms are theirs"


@dataclass(frozen=True, eq=False, kw_only=True)
class InputReport(Reported, Generic[S]):
    """A network and an input that is no picture.

    Attributes:
        subject: the network reading the input, as pages hand it to results.
        reader: the network.
        asked: selection of the address.
        said: the finding on top.
        title: of the input.
        thanks: whom and what to thank for it.
        marks: where it comes from: its kind, and names and values.
        reads: how much the network reads.
        known: what determines the report beside network and address.
        measured: how good the network is said to be, as the end of a sentence; empty where nobody said.
        owner: whose visit asks for it; None where nobody can tell.
        home: address of the app, without a slash at the end; empty where it opens nothing for others.
        runs: training runs whose curves are shown.
    """

    subject: S
    reader: ReadyNetwork
    asked: Selection
    said: str
    title: str
    thanks: str
    marks: tuple[str, tuple[tuple[str, str], ...]]
    reads: str
    known: tuple[Hashable, ...]
    measured: str = ""
    owner: str | None = None
    home: str = ""
    runs: tuple[CurveSource, ...] = ()

    @property
    def selection(self) -> Selection:
        """Of the address, without a picture, of which there is none."""
        return dataclasses.replace(self.asked, images=())

    @property
    def classifier(self) -> ReadyNetwork:
        """The network."""
        return self.reader

    @property
    def details(self) -> tuple[Hashable, ...]:
        """The input, what is explained of it, and what it is called."""
        return *self.known, self.title

    @property
    def model_title(self) -> str:
        """Of the network."""
        return self.reader.title

    @property
    def input_title(self) -> str:
        """Of the input."""
        return self.title

    def headline(self) -> str:
        """The answer."""
        return self.said

    def cover(self) -> None:
        """There is no picture."""

    def accuracy(self) -> str:
        """What was measured when it was trained."""
        return self.measured

    def origins(self) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
        """Of network and input."""
        kind, marks = self.marks
        return (
            ("Network", (*network_rows(self.model_title, self.reader), ("Reads", self.reads))),
            (kind, (("Title", self.title), *marks)),
        )

    def credit(self) -> str:
        """Of the input."""
        return self.thanks


RowReport = InputReport[TableSubject]
TextReport = InputReport[TextSubject]
HistoryReport = InputReport[HistorySubject]


def history_report(
    selection: Selection, reader: Recommender, *, owner: str | None = None, home: str = ""
) -> HistoryReport:
    """A report on the history that an address names: a made-up person's, or one that was put together."""
    subject = history_subject(reader, selection.parameters)
    catalogue, history = reader.catalogue, subject.history
    first = catalogue.titles[int(subject.recommended.films[0])]
    return InputReport(
        subject=subject,
        reader=reader,
        asked=selection,
        said=history_wording.headline(reader.title, first, subject.person, len(history)),
        title="a history that was put together"
        if subject.person is None
        else f"made-up person {subject.person}",
        thanks=f"{HISTORY_SETS[reader.fits].title}: made up by a program, so nobody is to be thanked",
        marks=("History", (("Numbers of the films", ", ".join(map(str, history)) or "none"),)),
        reads=f"{catalogue.longest} of {len(catalogue.titles)} films at most",
        known=(history, subject.film),
        owner=owner,
        home=home,
    )


def row_report(
    selection: Selection, reader: TableClassifier, *, owner: str | None = None, home: str = ""
) -> RowReport:
    """A report on the row that an address names; a class that it does not know is passed over."""
    table, settings, columns = table_of(reader.fits), selection.parameters, reader.columns
    place = TABLE_ROW.read(settings, high=table.counts[SPLIT] - 1)
    wanted = TABLE_CLASS.parse(settings)
    subject = table_subject(
        reader, table.load().values[SPLIT][place], wanted if wanted in range(len(table.classes)) else None
    )
    return InputReport(
        subject=subject,
        reader=reader,
        asked=selection,
        said=table_wording.headline(reader.title, subject.prediction),
        title=f"row {place} of the test rows of {table.title}",
        thanks=f"Row: {table.title}, {table.source}, {table.licence}",
        marks=("Row", (("Values (SHA-256)", subject.digest),)),
        reads=f"{len(columns)} columns (SHA-256 of what is known of them {columns.digest})",
        known=(subject.digest, subject.target),
        measured=_measured(reader),
        owner=owner,
        home=home,
    )


def text_report(
    selection: Selection,
    reader: TextClassifier,
    own: str | None = None,
    *,
    owner: str | None = None,
    home: str = "",
) -> TextReport:
    """A report on the text that an address names, or on one of a person's own."""
    texts, settings, tokenizer = TEXT_SETS[reader.fits], selection.parameters, reader.tokenizer
    place = TEXT.read(settings, high=texts.counts[SPLIT] - 1)
    wanted = SPEAKS_FOR.parse(settings)
    subject = text_subject(
        reader,
        own or texts.text(SPLIT, place)[0],
        wanted if wanted in range(len(reader.classes)) else None,
    )
    theirs = (
        f"text {place} of the test texts of {texts.title}",
        f"Text: {texts.title}, {texts.source}, {texts.licence}",
    )
    title, thanks = OWN_TEXT if own else theirs
    return InputReport(
        subject=subject,
        reader=reader,
        asked=selection,
        said=text_wording.headline(reader.title, subject.prediction),
        title=title,
        thanks=thanks,
        marks=("Text", (("Text (SHA-256)", subject.digest),)),
        reads=f"{tokenizer.longest} of {len(tokenizer):,} words at most",
        known=(subject.digest, subject.target, subject.versus),
        measured=_measured(reader),
        owner=owner,
        home=home,
    )


def _measured(reader: ReadyNetwork) -> str:
    accuracy, kind = reader.provenance.accuracy, KINDS[reader.reads]
    return "" if accuracy is None else f", and right for {rate(accuracy)} of the test {kind.many}"
