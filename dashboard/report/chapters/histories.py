"""What a report on a history of choices can hold."""

from __future__ import annotations

from dashboard.charts.text.bars import bars
from dashboard.inspection.history import HISTORY_METHODS
from dashboard.parameters import BECAUSE
from dashboard.report.chapter import Ask, Chapter
from dashboard.report.contents import Chart, Section, Table, Words
from dashboard.report.inputs import HistoryReport
from dashboard.results import history as results
from dashboard.wording import history as wording
from dashboard.wording.numbers import three_digits
from models.runtime.errors import UserError

PATH = "history"


def _recommended(report: HistoryReport, ask: Ask) -> Section:
    subject = report.subject
    catalogue, found = subject.network.catalogue, subject.recommended
    rows = tuple(
        (
            catalogue.titles[film],
            three_digits(float(found.scores[film])),
            ", ".join(catalogue.genres_of(film)),
        )
        for film in map(int, found.films)
    )
    suits = wording.suits(subject.suiting, len(found.films), subject.liked)
    beside = wording.beside_popularity(ask(results.hit_rates(subject.network)))
    return Section(
        name=RECOMMENDED.name,
        title=RECOMMENDED.title,
        finding=report.headline(),
        blocks=(
            *([Words(suits)] if suits else []),
            Table(("Film", "Score", "Genres"), rows),
            Words(f"Chosen before: {', '.join(subject.titles) or 'nothing'}."),
            Words(beside),
            Words(wording.MADE_UP, "care"),
        ),
        address=report.address(PATH),
        summary=(wording.ALL_MADE_UP, beside),
    )


def _because(report: HistoryReport, ask: Ask) -> Section:
    subject = report.subject
    if not subject.history:
        raise UserError(wording.NOTHING_CHOSEN)
    method = HISTORY_METHODS[BECAUSE.read(report.selection.parameters, HISTORY_METHODS)]
    found = ask(results.attribution(subject, method))
    if found.values is None:
        raise UserError(found.outcome.reason)
    order = found.ranking
    return Section(
        name=BECAUSE_OF.name,
        title=BECAUSE_OF.title,
        finding=wording.because(found, subject.network.catalogue.titles[subject.film], subject.titles),
        blocks=(
            Chart.of(
                bars(
                    [subject.titles[place] for place in order],
                    found.values[order],
                    signed=True,
                    errors=None if found.errors is None else found.errors[order],
                ),
                "The films that were chosen, and how much each speaks for the one that is recommended",
                f"{method.question} {method.reading} {wording.sums_up(found)}",
            ),
            Words(wording.beside_taste(subject.served, order[0], subject.liked)),
        ),
        address=report.address(PATH),
        provenance=((method.title, method.paper.citation),),
    )


RECOMMENDED = Chapter(
    "recommended",
    "What it recommends",
    PATH,
    "Ten films with their scores, and how far to trust them.",
    _recommended,
)
BECAUSE_OF = Chapter(
    "because", "Because of what", PATH, "Which choices speak for a recommendation.", _because
)
HISTORY_CHAPTERS: dict[str, Chapter] = {chapter.name: chapter for chapter in (RECOMMENDED, BECAUSE_OF)}
