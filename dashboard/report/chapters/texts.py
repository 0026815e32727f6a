"""What a report on a text can hold."""

from __future__ import annotations

from dashboard.charts.text.bars import bars
from dashboard.inspection.text import TEXT_METHODS
from dashboard.parameters import WORDS
from dashboard.report.chapter import Ask, Chapter
from dashboard.report.chapters.shares import shares
from dashboard.report.contents import Block, Chart, Section, Words
from dashboard.report.inputs import TextReport
from dashboard.results import text as results
from dashboard.wording import text as wording
from dashboard.wording.numbers import count, three_digits
from models.runtime.errors import UserError
from models.text.baseline import shipped_baseline

MOST_ROWS = 12
# Letters of the text that stand in the report.
LONGEST = 2000
PATH = "text"


def _answer(report: TextReport, ask: Ask) -> Section:
    subject = report.subject
    beside = wording.beside_baseline(
        subject.classifier.provenance.accuracy, shipped_baseline(subject.classifier.fits)
    )
    text = subject.tokens.text
    shown = text if len(text) <= LONGEST else f"{text[:LONGEST]} …"
    notes = (
        [Words(wording.left_out(subject.tokens.left_out, len(subject.tokens)), "care")]
        if subject.tokens.left_out
        else []
    )
    return Section(
        name=ANSWER.name,
        title=ANSWER.title,
        finding=report.headline(),
        blocks=(
            *shares(subject.prediction, subject.target),
            *([Words(beside)] if beside else []),
            Words(shown, "small"),
            *notes,
        ),
        address=report.address(PATH),
        summary=(beside,) if beside else (),
    )


def _why(report: TextReport, ask: Ask) -> Section:
    subject, settings = report.subject, report.selection.parameters
    method = TEXT_METHODS[WORDS.read(settings, TEXT_METHODS)]
    found = ask(results.attribution(subject, method, method.settings(settings)))
    if found.values is None:
        raise UserError(found.outcome.reason)
    words, rows = subject.tokens.words, found.ranking[:MOST_ROWS]
    named = [" ".join(words[slice(*found.parts[row])]) for row in rows]
    target = subject.prediction.classes[subject.target]
    redundancy = wording.redundancy(ask(results.redundancy(subject)))
    more: list[Block] = [Words(found.outcome.reason, "care")] if found.outcome.reason else []
    more += [Words(sentence) for sentence in (wording.from_nothing(found), redundancy) if sentence]
    return Section(
        name=WHY.name,
        title=WHY.title,
        finding=f"“{named[0]}” counts most for {target}: {three_digits(float(found.values[rows[0]]))}.",
        blocks=(
            Chart.of(
                bars(
                    named,
                    found.values[rows],
                    signed=found.signed,
                    errors=None if found.errors is None else found.errors[rows],
                ),
                f"The {count(len(rows), 'word')} that count most, and for how much",
                f"{method.question} {method.reading}",
            ),
            *more,
        ),
        address=report.address(PATH),
        provenance=((method.title, method.paper.citation),),
    )


def _turn(report: TextReport, ask: Ask) -> Section:
    subject = report.subject
    found = ask(results.turning(subject))
    return Section(
        name=TURN.name,
        title=TURN.title,
        finding=wording.turning(found, subject.tokens.words),
        blocks=(
            Words(
                "Words are struck out together, the most telling first; each is then read as an unknown word.",
                "small",
            ),
        ),
        address=report.address(PATH),
    )


ANSWER = Chapter("said", "The answer", PATH, "How sure the network is, and the text.", _answer)
WHY = Chapter(
    "words", "What each word counts for", PATH, "The words that speak for the answer, or against it.", _why
)
TURN = Chapter(
    "turning", "What would turn it", PATH, "The fewest words without which another class wins.", _turn
)
TEXT_CHAPTERS: dict[str, Chapter] = {chapter.name: chapter for chapter in (ANSWER, WHY, TURN)}
