"""What an answer was learned from: the training pictures that pull it most, with what was left out for real."""

from __future__ import annotations

import numpy as np

from dashboard.charts import maps
from dashboard.charts.evaluation.left_out import points
from dashboard.parameters import SEE, merge
from dashboard.report.chapter import Ask, Chapter, ReportSubject
from dashboard.report.contents import Block, Chart, Picture, Pictures, Section, Words
from dashboard.report.theme import categories
from dashboard.results import evaluation
from dashboard.results import influence as results
from dashboard.wording import influence as wording
from dashboard.wording.numbers import duration

SHOWN = 3


def _build(subject: ReportSubject, ask: Ask) -> Section:
    view = subject.view
    asked = results.subject(view)
    head = ask(results.fitted(asked))
    found = ask(results.pulls(asked, head))
    classes, pool = view.classifier.classes, asked.labelled.pool
    finding = wording.headline(view.model.title, found, head, classes)
    rows: list[tuple[str, int]] = []
    if wording.agrees(found.check):
        for way, against in (("for", False), ("against", True)):
            rows += [(way, int(row)) for row in found.strongest(SHOWN, against=against)]
    places = [int(head.pictures[row]) for _, row in rows]
    crops: list[np.ndarray] = (
        ask(evaluation.pictures(view.classifier, asked.labelled, places)) if rows else []
    )
    pictures = tuple(
        Picture(
            maps.input_picture(crop),
            f"{pool.items[place].title}, is {classes[head.labels[row]]}",
            title=f"{way.capitalize()} {classes[found.target]}: {wording.pull(float(found.pulls[row]))}",
            caption=f"{pool.items[place].title}, is {classes[head.labels[row]]}",
            sharp=maps.is_small(crop),
        )
        for (way, row), place, crop in zip(rows, places, crops, strict=True)
    )
    shown: tuple[Block, ...] = (
        Pictures(pictures, across=SHOWN),
        Chart.of(
            points(found.check, categories()[0]),
            f"{len(found.check.rows)} pictures: what was computed across, what came out without each upwards",
            "Pictures that were left out for real: on the diagonal, what was computed is what came out.",
        ),
    )
    return Section(
        name=CHAPTER.name,
        title=CHAPTER.title,
        finding=finding,
        blocks=(
            Words(wording.checked(found.check, len(head.labels)), "plain" if pictures else "care"),
            *(shown if pictures else ()),
            Words(wording.worth(head), "small"),
        ),
        address=subject.address(CHAPTER.path, parameters=merge(view.selection.parameters, {SEE: "learned"})),
        provenance=(
            (
                "Learned from",
                f"influence of the head over {pool.title}, ridge {head.ridge:.3g}; fitted in {duration(head.seconds)}, "
                f"{len(found.check.rows)} left out and fitted again in {duration(found.seconds)}",
            ),
        ),
        credits=("Influence functions: Koh and Liang 2017, https://arxiv.org/abs/1703.04730",),
        summary=(finding,),
    )


CHAPTER = Chapter(
    "learned",
    "Learned from",
    "evaluation",
    "The training pictures that pull the answer most, for networks that were trained here.",
    _build,
    usual=lambda subject: False,
    slow=True,
)
