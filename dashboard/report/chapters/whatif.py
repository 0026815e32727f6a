"""What the answer would be if the picture were another: the view of the What if page that the address names."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np

from dashboard.charts import maps
from dashboard.charts.whatif import change
from dashboard.charts.whatif.concepts import strip
from dashboard.charts.whatif.robustness import curve
from dashboard.inspection.whatif import margin
from dashboard.parameters import CONCEPTS, CURVE, WHAT
from dashboard.records.pictures import Prediction
from dashboard.report.chapter import Ask, Chapter, ReportSubject, doubts
from dashboard.report.contents import Bar, Bars, Block, Chart, Picture, Pictures, Section, Table, Words
from dashboard.report.theme import categories
from dashboard.results import attack as attacks
from dashboard.results import concepts as concept_results
from dashboard.results import evaluation as evaluation_results
from dashboard.results import strategies as strategy_results
from dashboard.results import whatif as results
from dashboard.view import View
from dashboard.wording import attack, brush, concepts, strategies
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
            *([] if region is None else [Words(brush.region_worth(region, painting.fill), "small")]),
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


def _attack(subject: ReportSubject, ask: Ask) -> Section:
    """The least change that was found, with what was tried, and what everyday does."""
    view, settings = subject.view, subject.view.selection.parameters
    refused = margin.refusal(view.classifier.contract)
    wanted = None if refused else attacks.attacked(view, settings)
    if wanted is None:
        raise UserError(refused or "With 0 levels of 255 nothing is changed, so there is nothing to show.")
    found, everyday = ask(wanted), ask(attacks.harmless(view))
    best, decision = found.best, attacks.decision(view, settings)
    changed = attacks.changed_view(view, best).seen.crop
    index = view.prediction.winner if view.prediction.reading == "one of several" else view.target
    finding = attack.finding(view.model.title.partition(" (")[0], view.prediction, found, decision)
    times = change.factor(view.seen.crop, changed)
    return Section(
        name=CHAPTER.name,
        title=CHAPTER.title,
        finding=finding,
        blocks=(
            Words(attack.worth(found), "plain" if found.smallest else "care"),
            Pictures(
                (
                    _picture(subject, view.seen.crop, "As it is"),
                    Picture(
                        change.amplified(view.seen.crop, changed),
                        f"The change, {times} times larger, on grey",
                        title=f"The change, {times} times larger",
                        sharp=True,
                    ),
                    _picture(subject, changed, "Changed" if found.smallest else "What came nearest"),
                ),
                across=3,
            ),
            _bars(view.prediction, best.prediction, view.target),
            Words(attack.masking(found), "small"),
            Words(attack.harmless(everyday, f"the answer ({class_label(view.prediction, index)})")),
            *_set_under_attack(view, ask),
        ),
        address=subject.address(CHAPTER.path),
        provenance=(
            (
                "Attack",
                f"at most {found.eps}/255 (L-infinity) on the 8-bit picture; "
                + "; ".join(
                    f"{attack.SEARCHES[trial.how]}: {trial.passes:,} pictures" for trial in found.trials
                )
                + f"; {found.restarts} restarts of {found.steps} steps; {duration(found.seconds)}",
            ),
        ),
        credits=(
            "Attacks: Goodfellow et al. 2015, https://arxiv.org/abs/1412.6572; Madry et al. 2018, "
            "https://arxiv.org/abs/1706.06083",
            "Everyday changes: Hendrycks and Dietterich 2019, https://arxiv.org/abs/1903.12261",
        ),
        summary=(finding,),
    )


def _set_under_attack(view: View, ask: Ask) -> tuple[Block, ...]:
    """How many of a set stay right, where the address asks for it and there is one."""
    if not CURVE.read(view.selection.parameters) or attacks.curve_refusal(view):
        return ()
    robust = ask(attacks.robustness(view))
    return (
        Words(attack.robustness(robust)),
        Chart.of(
            curve(robust, categories()[0]),
            f"Share of {robust.count} pictures that stay right, over the levels by which a pixel may change",
        ),
    )


def _concepts(subject: ReportSubject, ask: Ask) -> Section:
    """Which concepts matter for the class, beside random ones."""
    view = subject.view
    whose = CONCEPTS.read(view.selection.parameters, concept_results.WHOSE)
    asked = concept_results.subject(view, subject.own if whose == concept_results.OWN else ())
    refused = "There are no labelled pictures that fit this network." if asked is None else asked.refusal()
    if asked is None or refused:
        raise UserError(f"No concept can be held against {view.title}: {refused}")
    found = ask(concept_results.concepts(asked))
    finding = concepts.headline(found, view.title)
    return Section(
        name=CHAPTER.name,
        title=CHAPTER.title,
        finding=finding,
        blocks=(
            Chart.of(
                strip(found, concepts.matters, categories()),
                f"Scores of {len(found.names)} concepts at {len(found.layers)} layers, beside random concepts",
                "A full mark is told from random concepts; an open one is not.",
            ),
            Words(concepts.figures(found)),
            Words(concepts.worth(found), "small"),
            Table(
                ("Concept", "Layer", "Score", "Random", "p (Holm)"),
                tuple(
                    (
                        score.concept,
                        score.layer,
                        f"{score.score:.2f}",
                        f"{score.random.mean():.2f} +- {score.random.std():.2f}",
                        f"{score.adjusted:.3f}",
                    )
                    for score in found.scores
                ),
            ),
        ),
        address=subject.address(CHAPTER.path),
        provenance=(
            (
                "Concepts",
                f"TCAV, ridge directions; {found.pictures} pictures of each concept, {found.opposites} random sets, "
                f"{len(found.scores[0].random)} random concepts; {found.class_pictures} pictures of {view.title}; "
                f"{duration(found.seconds)}",
            ),
        ),
        credits=("TCAV: Kim et al. 2018, https://arxiv.org/abs/1711.11279",),
        summary=(finding,),
    )


def _strategies(subject: ReportSubject, ask: Ask) -> Section:
    """The groups of the class's maps, each with its mean map."""
    view = subject.view
    asked = strategy_results.subject(view)
    refused = "There are no labelled pictures that fit this network." if asked is None else asked.refusal()
    if asked is None or refused:
        raise UserError(f"In how many ways {view.title} is decided for cannot be told: {refused}")
    found = ask(strategy_results.strategies(asked, view.selection.parameters))
    finding = strategies.headline(view.model.title, view.title, found)
    pictures = []
    for number, rows in enumerate(found.typical):
        places = [int(found.pictures[row]) for row in rows]
        crops = ask(evaluation_results.pictures(view.classifier, asked.labelled, places))
        mean, under = found.means[number], np.mean(crops, axis=0).round().astype(np.uint8)
        pictures.append(
            Picture(
                maps.cells(under, mean, limit=float(mean.max()), signed=False, strength=0.8),
                f"Mean map of group {number + 1} over the mean of its pictures",
                caption=strategies.group(found, number),
                sharp=maps.is_small(under),
            )
        )
    return Section(
        name=CHAPTER.name,
        title=CHAPTER.title,
        finding=finding,
        blocks=(Pictures(tuple(pictures), across=3), Words(strategies.gap(found), "small")),
        address=subject.address(CHAPTER.path),
        provenance=(
            (
                "Strategies",
                f"gradient times picture of {len(found.maps)} pictures of {view.title} among "
                f"{asked.labelled.pool.title}, spectral clustering; "
                f"{duration(found.seconds)}",
            ),
        ),
        credits=("Spectral relevance analysis: Lapuschkin et al. 2019, https://arxiv.org/abs/1902.10178",),
        summary=(finding,),
    )


# Name in the address -> what makes the section; the first where it names none.
VIEWS: dict[str, Callable[[ReportSubject, Ask], Section]] = {
    "brush": _brush,
    "attack": _attack,
    "concepts": _concepts,
    "strategies": _strategies,
}


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
