"""What the answer would be if the picture were another: the view of the What if page that the address names."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np

from dashboard.charts import maps
from dashboard.inspection.whatif import margin
from dashboard.parameters import WHAT
from dashboard.records.pictures import Prediction
from dashboard.report.chapter import Ask, Chapter, ReportSubject, doubts
from dashboard.report.contents import Bar, Bars, Block, Picture, Pictures, Section, Words
from dashboard.results import whatif as results
from dashboard.wording import brush
from dashboard.wording.answer import bar, class_label, figure, top_classes
from dashboard.wording.numbers import duration
from models.runtime.errors import UserError


def _brush(subject: ReportSubject, ask: Ask) -> Section:
    """What was painted; where nothing was, the least that suffices for the answer."""
    view, settings = subject.view, subject.view.selection.parameters
    painting, problem = results.painting(view, settings)
    is_painted = bool(painting.cells.any())
    refused = margin.refusal(view.classifier.contract)
    if problem or (refused and not is_painted):
        raise UserError(
            problem or f"Nothing is painted on the What if page, and nothing searched for: {refused}"
        )
    aim = None if refused else results.aim(settings) or (None if is_painted else "keeps")
    region = None if aim is None else ask(results.region(painting, aim))
    said = "" if region is None else brush.region(region, view.prediction, view.target, painting.fill)
    if region is not None and not is_painted:
        painting = dataclasses.replace(painting, cells=region.cells, only=aim == "keeps")
    repainted = ask(results.repainted(painting))
    finding = brush.finding(
        view.model.title.partition(" (")[0],
        view.prediction,
        repainted.prediction,
        view.target,
        hidden=painting.hidden,
        only=painting.only,
        doubts=doubts(view),
    )
    findings = (finding, said) if is_painted else (said, finding)
    return Section(
        name=CHAPTER.name,
        title=CHAPTER.title,
        finding=findings[0],
        blocks=(
            Pictures(
                (
                    _picture(subject, view.seen.crop, "As it is"),
                    _picture(subject, repainted.picture, "Changed"),
                )
            ),
            *([Words(findings[1])] if findings[1] else []),
            _bars(view.prediction, repainted.prediction, view.target),
            Words(f"Where the picture is hidden, the network read {brush.COVERED[painting.fill]}.", "small"),
        ),
        address=subject.address(CHAPTER.path),
        provenance=(
            (
                "Brush",
                f"{painting.cells.shape[0]} x {painting.cells.shape[1]} cells, filled with "
                f"{brush.COVERED[painting.fill]}; {painting.superpixels} superpixels (SLIC)"
                + ("" if region is None else f", {region.passes:,} passes in {duration(region.seconds)}"),
            ),
        ),
        summary=(findings[0],),
    )


def _picture(subject: ReportSubject, pixels: np.ndarray, title: str) -> Picture:
    return Picture(
        maps.input_picture(pixels),
        f"{subject.view.picture.title}: {title.lower()}",
        title=title,
        sharp=maps.is_small(pixels),
    )


def _bars(before: Prediction, after: Prediction, target: int) -> Block:
    """The classes now, each with what it was before."""
    explained = before.winner if before.reading == "one of several" else target
    rows = [
        (
            class_label(after, index),
            bar(after, index),
            f"{figure(after, index)}, {figure(before, index)} before",
            index,
        )
        for index in top_classes(after, explained)
    ]
    if after.probabilities is None:
        return Words("; ".join(f"{name}: {said}" for name, _, said, _ in rows) + ".")
    return Bars(
        tuple(Bar(name, length or 0.0, said, index == explained) for name, length, said, index in rows)
    )


# Name in the address -> what makes the section; the first where it names none.
VIEWS: dict[str, Callable[[ReportSubject, Ask], Section]] = {"brush": _brush}


def _build(subject: ReportSubject, ask: Ask) -> Section:
    return VIEWS[WHAT.read(subject.view.selection.parameters, VIEWS)](subject, ask)


CHAPTER = Chapter(
    "what_if",
    "What if",
    "what-if",
    "What the answer becomes when the picture is changed, as on the What if page.",
    _build,
    usual=lambda subject: False,
)
