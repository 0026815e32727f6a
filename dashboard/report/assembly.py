"""From what was chosen to the finished file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from dashboard.jobs import Cancelled
from dashboard.report import html
from dashboard.report.chapter import Chapter, Reported
from dashboard.report.chapters import chapters_of
from dashboard.report.contents import Report, Section, Words
from dashboard.report.provenance import software
from dashboard.results.result import Result
from models.runtime.errors import UserError
from models.tensorboard.parts import event_files

T = TypeVar("T")
Progress = Callable[[float], None]
POLL = 0.1
PLOTLY = "Charts: plotly.js, MIT licence, copyright Plotly, Inc."


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


def report_file(subject: Reported, names: Sequence[str]) -> Result[ReportFile]:
    """The report as one result; it joins those of the pages for what they have made already.

    Args:
        subject: what it is about.
        names: of the chapters.
    """
    grown = tuple(
        (run.name, sum(file.stat().st_size for file in event_files(run.folder))) for run in subject.runs
    )
    selection = subject.selection
    details = (
        *subject.details,
        (subject.home, subject.owner),
        (selection.target, selection.versus, selection.layer, selection.methods),
        tuple(sorted(selection.parameters.items())),
        grown,
        tuple(names),
    )
    return Result(
        subject.classifier.key,
        "report",
        details,
        lambda report: _make(subject, names, report),
        "Report",
        "report",
    )


def usual(subject: Reported) -> list[str]:
    """The chapters that are in unless a person says otherwise."""
    return [chapter.name for chapter in chapters_of(subject).values() if chapter.usual(subject)]


def _make(subject: Reported, names: Sequence[str], progress: Progress) -> ReportFile:
    report = assemble(
        subject, [chapter for name, chapter in chapters_of(subject).items() if name in names], progress
    )
    return ReportFile(report, html.render(report))


def assemble(
    subject: Reported, chapters: Sequence[Chapter], progress: Progress = lambda share: None
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
    return Report(
        title=subject.headline(),
        about=f"{subject.model_title} · {subject.input_title}",
        cover=subject.cover(),
        time=f"{datetime.now(UTC):%d %B %Y, %H:%M} UTC".lstrip("0"),
        summary=_summary(subject, sections),
        sections=tuple(sections),
        provenance=provenance(subject, sections),
        credits=credits_of(subject, sections),
    )


def provenance(
    subject: Reported, sections: Sequence[Section]
) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Where everything comes from: title -> names and values."""
    return (
        *subject.origins(),
        ("How each view was made", tuple(row for section in sections for row in section.provenance)),
        (
            "Addresses that restore each view"
            if subject.home
            else "What restores each view, behind the address of Vitrine",
            tuple((section.title, section.address) for section in sections if section.address),
        ),
        ("Software", software()),
    )


def credits_of(subject: Reported, sections: Sequence[Section]) -> tuple[str, ...]:
    """Whom and what to thank, and under which terms."""
    source = subject.classifier.provenance
    lines = [
        f"Network: {subject.model_title}, {source.source}. Licence of the weights: {source.licence}",
        subject.credit(),
        *(line for section in sections for line in section.credits),
        PLOTLY,
    ]
    return tuple(dict.fromkeys(lines))


def _section(subject: Reported, chapter: Chapter, ask: _ChapterAsk) -> Section:
    """The section, or the reason why there is none."""
    try:
        return chapter.build(subject, ask)
    except UserError as refusal:
        return Section(
            chapter.name, chapter.title, str(refusal), address=subject.address(chapter.path), refused=True
        )


def _summary(subject: Reported, sections: Sequence[Section]) -> tuple[Words, ...]:
    """What somebody must know who reads nothing else; the title says the answer already."""
    words = [
        Words(_network_sentence(subject)),
        *(Words(line) for section in sections for line in section.summary),
    ]
    missing = [section.title for section in sections if section.refused]
    if missing:
        words.append(Words(f"Not shown, with the reason below: {', '.join(missing)}.", "care"))
    return tuple(words)


def _network_sentence(subject: Reported) -> str:
    """Which network it is, and how good it is said to be."""
    if not subject.classifier.trained:
        return f"The network is {subject.model_title}. Its weights are random: it has learned nothing."
    learned = subject.classifier.provenance.trained_on
    trained = f", trained on {learned}" if learned else ""
    return f"The network is {subject.model_title}{trained}{subject.accuracy()}."


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
