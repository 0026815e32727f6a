"""What reports on a text, and on a row of a table, are about."""

from __future__ import annotations

import dataclasses
from abc import abstractmethod
from collections.abc import Hashable
from dataclasses import dataclass

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


@dataclass(frozen=True, eq=False, kw_only=True)
class InputReport(Reported):
    """A network and an input that is no picture.

    Attributes:
        asked: selection of the address.
        title: of the input.
        thanks: whom and what to thank for it.
        owner: whose visit asks for it; None where nobody can tell.
        home: address of the app, without a slash at the end; empty where it opens nothing for others.
        runs: training runs whose curves are shown.
    """

    asked: Selection
    title: str
    thanks: str
    owner: str | None = None
    home: str = ""
    runs: tuple[CurveSource, ...] = ()

    @property
    def selection(self) -> Selection:
        """Of the address, without a picture, of which there is none."""
        return dataclasses.replace(self.asked, images=())

    @property
    @abstractmethod
    def classifier(self) -> ReadyNetwork:
        """The network."""

    @property
    def model_title(self) -> str:
        """Of the network."""
        return self.classifier.title

    @property
    def input_title(self) -> str:
        """Of the input."""
        return self.title

    def cover(self) -> None:
        """There is no picture."""

    def accuracy(self) -> str:
        """What was measured when it was trained."""
        measured, kind = self.classifier.provenance.accuracy, KINDS[self.classifier.reads]
        return "" if measured is None else f", and right for {rate(measured)} of the test {kind.many}"

    def credit(self) -> str:
        """Of the input."""
        return self.thanks


@dataclass(frozen=True, eq=False, kw_only=True)
class RowReport(InputReport):
    """A network and a row of a table.

    Attributes:
        subject: the network reading the row.
    """

    subject: TableSubject

    @property
    def classifier(self) -> ReadyNetwork:
        """The network."""
        return self.subject.classifier

    @property
    def details(self) -> tuple[Hashable, ...]:
        """The row, and the class that is explained."""
        return self.subject.digest, self.subject.target, self.title

    def headline(self) -> str:
        """The answer."""
        return table_wording.headline(self.model_title, self.subject.prediction)

    def origins(self) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
        """Of network and row."""
        columns = self.subject.classifier.columns
        reads = ("Reads", f"{len(columns)} columns (SHA-256 of what is known of them {columns.digest})")
        return (
            ("Network", (*network_rows(self.model_title, self.classifier), reads)),
            ("Row", (("Title", self.title), ("Values (SHA-256)", self.subject.digest))),
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class TextReport(InputReport):
    """A network and a text.

    Attributes:
        subject: the network reading the text.
    """

    subject: TextSubject

    @property
    def classifier(self) -> ReadyNetwork:
        """The network."""
        return self.subject.classifier

    @property
    def details(self) -> tuple[Hashable, ...]:
        """The text, and the classes that are explained."""
        return self.subject.digest, self.subject.target, self.subject.versus, self.title

    def headline(self) -> str:
        """The answer."""
        return text_wording.headline(self.model_title, self.subject.prediction)

    def origins(self) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
        """Of network and text."""
        tokenizer = self.subject.classifier.tokenizer
        reads = ("Reads", f"{tokenizer.longest} of {len(tokenizer):,} words at most")
        return (
            ("Network", (*network_rows(self.model_title, self.classifier), reads)),
            ("Text", (("Title", self.title), ("Text (SHA-256)", self.subject.digest))),
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class HistoryReport(InputReport):
    """A network and a history of choices.

    Attributes:
        subject: the network reading the history.
    """

    subject: HistorySubject

    @property
    def classifier(self) -> ReadyNetwork:
        """The network."""
        return self.subject.network

    @property
    def details(self) -> tuple[Hashable, ...]:
        """The history, and the film that is explained."""
        return self.subject.history, self.subject.film, self.title

    def headline(self) -> str:
        """What comes first, and for whom."""
        subject = self.subject
        first = subject.network.catalogue.titles[int(subject.recommended.films[0])]
        return history_wording.headline(self.model_title, first, subject.person, len(subject.history))

    def origins(self) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
        """Of network and history."""
        catalogue = self.subject.network.catalogue
        reads = ("Reads", f"{catalogue.longest} of {len(catalogue.titles)} films at most")
        chosen = ", ".join(map(str, self.subject.history)) or "none"
        return (
            ("Network", (*network_rows(self.model_title, self.classifier), reads)),
            ("History", (("Title", self.title), ("Numbers of the films", chosen))),
        )


def history_report(
    selection: Selection, reader: Recommender, *, owner: str | None = None, home: str = ""
) -> HistoryReport:
    """A report on the history that an address names: a made-up person's, or one that was put together."""
    subject = history_subject(reader, selection.parameters)
    whose = (
        "a history that was put together" if subject.person is None else f"made-up person {subject.person}"
    )
    return HistoryReport(
        asked=selection,
        title=whose,
        thanks=f"{HISTORY_SETS[reader.fits].title}: made up by a program, so nobody is to be thanked",
        owner=owner,
        home=home,
        subject=subject,
    )


def row_report(
    selection: Selection, reader: TableClassifier, *, owner: str | None = None, home: str = ""
) -> RowReport:
    """A report on the row that an address names; a class that it does not know is passed over."""
    table, settings = table_of(reader.fits), selection.parameters
    place = TABLE_ROW.read(settings, high=table.counts[SPLIT] - 1)
    wanted = TABLE_CLASS.parse(settings)
    return RowReport(
        asked=selection,
        title=f"row {place} of the test rows of {table.title}",
        thanks=f"Row: {table.title}, {table.source}, {table.licence}",
        owner=owner,
        home=home,
        subject=table_subject(
            reader, table.load().values[SPLIT][place], wanted if wanted in range(len(table.classes)) else None
        ),
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
    texts, settings = TEXT_SETS[reader.fits], selection.parameters
    place = TEXT.read(settings, high=texts.counts[SPLIT] - 1)
    wanted = SPEAKS_FOR.parse(settings)
    title = f"text {place} of the test texts of {texts.title}"
    thanks = f"Text: {texts.title}, {texts.source}, {texts.licence}"
    if own:
        title, thanks = (
            "a text of your own",
            "Text: brought by whoever made this report; its terms are theirs",
        )
    return TextReport(
        asked=selection,
        title=title,
        thanks=thanks,
        owner=owner,
        home=home,
        subject=text_subject(
            reader,
            own or texts.text(SPLIT, place)[0],
            wanted if wanted in range(len(reader.classes)) else None,
        ),
    )
