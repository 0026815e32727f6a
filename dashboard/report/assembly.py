"""From what was chosen to the finished file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from dashboard.charts import maps
from dashboard.jobs import Cancelled
from dashboard.report import html
from dashboard.report.chapter import Chapter, ReportSubject, doubts
from dashboard.report.chapters import CHAPTERS
from dashboard.report.contents import Picture, Report, Section, Words
from dashboard.report.provenance import credits_of, provenance
from dashboard.results.result import Result
from dashboard.wording import answer
from dashboard.wording.numbers import rate
from models.runtime.errors import UserError
from models.tensorboard.parts import event_files

T = TypeVar("T")
Progress = Callable[[float], None]
POLL = 0.1


@dataclass(frozen=True, eq=False)
class ReportFile:
    """A finished report.

    Attributes:
        report: what it holds.
        html: the file.
    """

    report: Report
    html: bytes

    @property
    def nbytes(self) -> int:
        """Memory of the file."""
        return len(self.html)


def report_file(subject: ReportSubject, names: Sequence[str]) -> Result[ReportFile]:
    """The report as one result; it joins those of the pages for what they have made already.

    Args:
        subject: what it is about.
        names: of the chapters.
    """
    view = subject.view
    grown = tuple(
        (run.name, sum(file.stat().st_size for file in event_files(run.folder))) for run in subject.runs
    )
    selection = view.selection
    details = (
        view.seen.digest,
        # A name that only its owner sees stands in the file.
        (view.model.title, view.picture.title, subject.home, subject.owner, subject.own),
        (selection.target, selection.versus, selection.layer, selection.methods),
        tuple(sorted(selection.parameters.items())),
        grown,
        tuple(names),
    )
    return Result(
        view.classifier.key,
        "report",
        details,
        lambda report: _make(subject, names, report),
        "Report",
        "report",
    )


def usual(subject: ReportSubject) -> list[str]:
    """The chapters that are in unless a person says otherwise."""
    return [chapter.name for chapter in CHAPTERS.values() if chapter.usual(subject)]


def _make(subject: ReportSubject, names: Sequence[str], progress: Progress) -> ReportFile:
    report = assemble(subject, [chapter for name, chapter in CHAPTERS.items() if name in names], progress)
    return ReportFile(report, html.render(report))


def assemble(
    subject: ReportSubject, chapters: Sequence[Chapter], progress: Progress = lambda share: None
) -> Report:
    """All sections, what belongs on top of them, and where they come from.

    Args:
        subject: what the report is about.
        chapters: in their order.
        progress: told the share that is done; what it raises ends the work.
    """
    sections = []
    for place, chapter in enumerate(chapters):
        progress(place / len(chapters))
        ask = _ChapterAsk(progress, place, len(chapters), subject.owner or "")
        sections.append(_section(subject, chapter, ask))
    view = subject.view
    return Report(
        title=answer.headline(view.model.title, view.prediction, doubts(view)),
        about=f"{view.model.title} · {view.picture.title}",
        cover=_cover(subject),
        time=f"{datetime.now(UTC):%d %B %Y, %H:%M} UTC".lstrip("0"),
        summary=_summary(subject, sections),
        sections=tuple(sections),
        provenance=provenance(subject, sections),
        credits=credits_of(subject, sections),
    )


def _cover(subject: ReportSubject) -> Picture:
    view = subject.view
    return Picture(
        maps.input_picture(view.seen.crop),
        f"{view.picture.title}, as the network reads it",
        sharp=maps.is_small(view.seen.crop),
    )


def _section(subject: ReportSubject, chapter: Chapter, ask: _ChapterAsk) -> Section:
    """The section, or the reason why there is none."""
    try:
        return chapter.build(subject, ask)
    except UserError as refusal:
        return Section(
            chapter.name, chapter.title, str(refusal), address=subject.address(chapter.path), refused=True
        )


def _summary(subject: ReportSubject, sections: Sequence[Section]) -> tuple[Words, ...]:
    """What somebody must know who reads nothing else; the title says the answer already."""
    words = [
        Words(_network_sentence(subject)),
        *(Words(line) for section in sections for line in section.summary),
    ]
    missing = [section.title for section in sections if section.refused]
    if missing:
        words.append(Words(f"Not shown, with the reason below: {', '.join(missing)}.", "care"))
    return tuple(words)


def _network_sentence(subject: ReportSubject) -> str:
    """Which network it is, and how good it is said to be."""
    view, source = subject.view, subject.view.classifier.provenance
    if not view.model.trained:
        return f"The network is {view.model.title}. Its weights are random: it has learned nothing."
    learned = f", trained on {source.trained_on}" if source.trained_on else ""
    if source.accuracy is None:
        return f"The network is {view.model.title}{learned}."
    makers = f"its makers measured it to be right for {rate(source.accuracy)} of the test pictures"
    return f"The network is {view.model.title}{learned}; {makers}."


@dataclass(frozen=True)
class _ChapterAsk:
    """Gets results for one of several chapters, and tells how far the whole report is.

    Attributes:
        progress: told the share that is done.
        place: of the chapter.
        count: of chapters.
        visitor: who wants the report.
    """

    progress: Progress
    place: int
    count: int
    visitor: str

    def __call__(self, result: Result[T]) -> T:
        """The result; Cancelled where nobody wants the report any more, and soon so is what it waits for."""
        job = result.submit(self.visitor)
        while not job.wait(POLL):
            self.progress((self.place + job.progress) / self.count)
        self.progress((self.place + 0.5) / self.count)
        try:
            return job.result()
        except Cancelled:
            # Another reader's leaving ended it just before this one joined.
            return self(result)
