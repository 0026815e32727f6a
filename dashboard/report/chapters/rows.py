"""What a report on a row of a table can hold."""

from __future__ import annotations

from dashboard.charts.table.dependence import dependence as dependence_chart
from dashboard.charts.table.groups import rates
from dashboard.charts.table.importance import importance as importance_chart
from dashboard.charts.table.waterfall import waterfall
from dashboard.inspection.table import TABLE_METHODS
from dashboard.parameters import BY_COLUMN, COUNTS_BY, HELD, RATE, TABLE_VIEW, merge
from dashboard.report.chapter import Ask, Chapter
from dashboard.report.chapters.shares import shares
from dashboard.report.contents import Block, Chart, Section, Table, Words
from dashboard.report.inputs import RowReport
from dashboard.report.theme import categories
from dashboard.results import table as results
from dashboard.results import table_rows
from dashboard.wording import groups as groups_wording
from dashboard.wording import table as wording
from dashboard.wording.numbers import shorten, three_digits
from models.runtime.errors import UserError

# Rows of a chart, and letters of a column's name in it.
MOST_ROWS, LONGEST = 10, 18
PATH = "table"


def _answer(report: RowReport, ask: Ask) -> Section:
    subject = report.subject
    columns = subject.classifier.columns
    rows = tuple(
        (column.name, column.word(value)) for column, value in zip(columns.columns, subject.row, strict=True)
    )
    beside = wording.beside_baseline(ask(results.beside_baseline(subject.classifier)))
    return Section(
        name=ANSWER.name,
        title=ANSWER.title,
        finding=report.headline(),
        blocks=(*shares(subject.prediction, subject.target), Words(beside), Table(("Column", "Value"), rows)),
        address=report.address(PATH),
        summary=(beside,),
    )


def _why(report: RowReport, ask: Ask) -> Section:
    subject = report.subject
    method = TABLE_METHODS[COUNTS_BY.read(report.selection.parameters, TABLE_METHODS)]
    found = ask(results.attribution(subject, method))
    if found.values is None:
        raise UserError(found.outcome.reason)
    columns, places = subject.classifier.columns.columns, found.ranking[:MOST_ROWS]
    labels = [
        f"{shorten(columns[place].name, LONGEST)} = {shorten(columns[place].word(subject.row[place]), LONGEST)}"
        for place in places
    ]
    target = subject.prediction.classes[subject.target]
    first = columns[places[0]].name
    care: list[Block] = [Words(found.outcome.reason, "care")] if found.outcome.reason else []
    return Section(
        name=WHY.name,
        title=WHY.title,
        finding=f"{first} counts most for {target}: {three_digits(float(found.values[places[0]]))}.",
        blocks=(
            Chart.of(
                waterfall(labels, found.values[places], start=found.nothing, end=found.explained),
                f"How the score of {target} is made up, column by column",
                f"{method.question} {method.reading} {wording.sums_up(found)}",
            ),
            *care,
        ),
        address=report.address(PATH),
        provenance=((method.title, method.paper.citation),),
    )


def _turn(report: RowReport, ask: Ask) -> Section:
    subject = report.subject
    columns = subject.classifier.columns
    held = HELD.read(report.selection.parameters, len(columns))
    found = ask(results.counterfactual(subject, held))
    nearest = ask(table_rows.nearest_other(subject))
    changes = tuple(
        (columns.names[place], *(columns.columns[place].word(row[place]) for row in (subject.row, found.row)))
        for place in found.columns
    )
    real = (
        wording.NO_OTHER_ROW
        if nearest is None
        else wording.nearest(nearest, columns.names, subject.prediction.classes)
    )
    return Section(
        name=TURN.name,
        title=TURN.title,
        finding=wording.counterfactual(found, columns.names),
        blocks=(
            *([Table(("Column", "It is", "It would be"), changes)] if found.found else []),
            Words(wording.how_far(found) if found.found else wording.NONE_FOUND),
            Words(real),
            Words(wording.HOW_SEARCHED, "small"),
        ),
        address=report.address(PATH, parameters=merge(report.selection.parameters, {TABLE_VIEW: "turn"})),
    )


def _along(report: RowReport, ask: Ask) -> Section:
    subject = report.subject
    columns, target = subject.classifier.columns, subject.prediction.classes[subject.target]
    varied = [place for place, column in enumerate(columns.columns) if column.high > column.low]
    chosen = BY_COLUMN.read(report.selection.parameters, high=len(columns)) - 1
    if chosen not in varied:
        found = ask(results.attribution(subject, next(iter(TABLE_METHODS.values()))))
        order = varied if found.values is None else found.ranking
        chosen = next(place for place in order if place in varied)
    along, column = ask(results.dependence(subject, chosen)), columns.columns[chosen]
    return Section(
        name=ALONG.name,
        title=ALONG.title,
        finding=wording.along(along, column, target),
        blocks=(
            Chart.of(
                dependence_chart(along, column, float(subject.row[chosen]), categories()[0]),
                f"Probability of {target} along {column.name}: on average, and of single rows",
                wording.HOW_FOLLOWED,
            ),
            *([Words(wording.together(along, columns.names), "care")] if along.together else []),
        ),
        address=report.address(PATH, parameters=merge(report.selection.parameters, {TABLE_VIEW: "along"})),
    )


def _needed(report: RowReport, ask: Ask) -> Section:
    classifier = report.subject.classifier
    names, found = classifier.columns.names, ask(table_rows.importance(classifier))
    alike = wording.stand_in(found, names)
    return Section(
        name=NEEDED.name,
        title=NEEDED.title,
        finding=wording.needed(found, names),
        blocks=(
            Chart.of(
                importance_chart(found, names, found.ranking[:MOST_ROWS], categories()[0]),
                "Accuracy lost without each column, with 95 % intervals",
                wording.HOW_NEEDED,
            ),
            *([Words(alike)] if alike else []),
        ),
        address=report.address(PATH, parameters=merge(report.selection.parameters, {TABLE_VIEW: "needed"})),
    )


def _groups(report: RowReport, ask: Ask) -> Section:
    subject, settings = report.subject, report.selection.parameters
    columns, target = subject.classifier.columns, subject.prediction.classes[subject.target]
    place = BY_COLUMN.read(settings, high=len(columns)) - 1
    if place < 0:
        kinds = [place for place, column in enumerate(columns.columns) if column.categories]
        if not kinds:
            raise UserError(
                "No column of this table tells groups by name; choose one on Table, under Groups."
            )
        place = kinds[0]
    rate = RATE.read(settings, groups_wording.titles(target))
    found = ask(table_rows.groups(subject, place))
    return Section(
        name=GROUPS.name,
        title=GROUPS.title,
        finding=groups_wording.headline(found, rate, target),
        blocks=(
            Chart.of(
                rates(found, rate, categories()[0]),
                f"{groups_wording.titles(target)[rate]} in groups by {found.column}, with 95 % intervals",
                groups_wording.NO_CAUSES,
            ),
            *(Words(sentence) for sentence in groups_wording.notes(found, rate)),
        ),
        address=report.address(PATH, parameters=merge(settings, {TABLE_VIEW: "groups"})),
    )


ANSWER = Chapter("row", "The answer", PATH, "The most probable classes, and the values of the row.", _answer)
WHY = Chapter(
    "columns", "What each column counts for", PATH, "How the score is made up, column by column.", _why
)
TURN = Chapter(
    "turned", "What would turn it", PATH, "Few changes that turn the answer, and the nearest real row.", _turn
)
ALONG = Chapter("along", "Along a column", PATH, "How the answer changes with one column.", _along)
NEEDED = Chapter(
    "needed", "What it needs", PATH, "What is lost without each column, over all test rows.", _needed
)
GROUPS = Chapter(
    "groups",
    "Groups of rows",
    PATH,
    "How often groups are called a class, and how often wrongly.",
    _groups,
    usual=lambda report: any(column.categories for column in report.subject.classifier.columns.columns),
)
ROW_CHAPTERS: dict[str, Chapter] = {
    chapter.name: chapter for chapter in (ANSWER, WHY, TURN, ALONG, NEEDED, GROUPS)
}
