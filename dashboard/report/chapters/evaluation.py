"""How good the network is on labelled pictures, and where it errs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from dashboard.charts.evaluation import classes as class_charts
from dashboard.charts.evaluation import confusion as confusion_charts
from dashboard.charts.evaluation import reliability as reliability_charts
from dashboard.inspection.evaluation import calibration
from dashboard.inspection.evaluation.scores import confused_pairs
from dashboard.inspection.evaluation.sets import LabelledSet, available_sets, dataset_of
from dashboard.inspection.kinds import coarse_confusion
from dashboard.parameters import PART, merge
from dashboard.records.evaluation import Evaluation
from dashboard.report.chapter import Ask, Chapter, ReportSubject
from dashboard.report.contents import Block, Chart, Numbers, Points, Section, Table, Words
from dashboard.report.theme import categories, ink
from dashboard.results import evaluation as results
from dashboard.wording import evaluation as findings
from dashboard.wording.kinds import kinds_right
from dashboard.wording.numbers import duration, rate, three_digits
from models.runtime.errors import UserError

# Beyond, cells of a matrix and rows of a chart are too small to be read on paper.
MOST_CLASSES, MOST_ROWS, MOST_PAIRS = 40, 24, 12


def _build(subject: ReportSubject, ask: Ask) -> Section:
    view, classifier = subject.view, subject.view.classifier
    sets = available_sets(view.model, classifier)
    if not sets:
        reading = classifier.contract.reading
        way = (
            " Start the app with VITRINE_IMAGES naming a folder that has a subfolder for each class."
            if reading == "one of several"
            else ""
        )
        raise UserError(findings.unmeasured(view.model.title, reading) + way)
    part = _part(subject, sets)
    labelled = part.read(classifier)
    answers = ask(results.answers(classifier, labelled))
    evaluation = ask(results.evaluation(classifier, labelled, answers))
    title, pool = labelled.pool.title, labelled.pool
    finding = findings.headline(
        view.model.title, evaluation.accuracy, title, len(classifier.classes), trained=view.model.trained
    )
    few = findings.hint(evaluation.accuracy.count) if pool.few else ""
    warnings = [part.warning, *findings.omissions(evaluation, pool), few]
    points = (
        findings.mistakes(evaluation, classifier.classes),
        findings.weakest(evaluation, classifier.classes),
        findings.sureness(evaluation),
    )
    dataset = dataset_of(view.model, classifier)
    return Section(
        name=CHAPTER.name,
        title=CHAPTER.title,
        finding=finding,
        blocks=(
            *(Words(warning, "care") for warning in warnings if warning),
            Points(tuple(line for line in points if line)),
            _numbers(evaluation),
            *_confusion(evaluation, classifier.classes),
            *_classes(evaluation, classifier.classes),
            Chart.of(
                reliability_charts.bars(evaluation.reliability, categories(), ink=ink()),
                "Share of right answers by confidence, with the number of pictures in each bin below",
                "How sure it is, and how often right. Bars below the dashed line: too sure. Above it: not sure enough.",
            ),
            *([Words(part.remark, "small")] if part.remark else []),
        ),
        address=subject.address(CHAPTER.path, parameters=merge(view.selection.parameters, {PART: part.name})),
        provenance=(
            (
                "Evaluation",
                f"one pass over {title} in {duration(evaluation.answers.seconds)}; Wilson's 95 % interval; the "
                f"temperature fitted on a random half with seed {calibration.SEED}",
            ),
        ),
        credits=()
        if dataset is None
        else (f"{dataset.title}: {dataset.source}. Licence: {dataset.licence}",),
        summary=(finding, points[2]),
    )


def _part(subject: ReportSubject, sets: Mapping[str, Callable[[], LabelledSet]]) -> LabelledSet:
    return sets[PART.read(subject.view.selection.parameters, sets)]()


def _numbers(evaluation: Evaluation) -> Numbers:
    five = () if evaluation.among_five is None else (("Top-5", rate(evaluation.among_five)),)
    return Numbers(
        (
            ("Accuracy", rate(evaluation.accuracy.share)),
            ("95 % interval", f"{rate(evaluation.accuracy.low)} to {rate(evaluation.accuracy.high)}"),
            *five,
            ("Mean recall", rate(evaluation.balanced)),
            ("Mean F1", rate(evaluation.macro_f1)),
            ("Calibration error", three_digits(evaluation.reliability.ece)),
        )
    )


def _confusion(evaluation: Evaluation, classes: tuple[str, ...]) -> list[Block]:
    scores = evaluation.scores
    indices = [int(index) for index in np.flatnonzero((scores.support > 0) | (scores.called > 0))]
    if len(indices) <= MOST_CLASSES:
        return [
            Chart.of(
                confusion_charts.grid(evaluation.confusion, classes, indices, marked=None),
                f"Confusion matrix of {len(indices)} classes: what a picture is, down, and what it is called, across",
                "Confusion matrix: what a picture is, down, and what it is called, across. The colour goes with the "
                "square root of the share of the row, so that few mistakes show.",
            )
        ]
    pairs = confused_pairs(evaluation.confusion, MOST_PAIRS)
    coarse = coarse_confusion(classes, evaluation.labels, evaluation.predicted)
    by_kind: list[Block] = []
    if coarse is not None:
        by_kind.append(
            Chart.of(
                confusion_charts.grid(coarse.matrix, coarse.names, coarse.present, marked=None),
                f"Confusion matrix of {len(coarse.present)} kinds of things: what a picture is, down, and what it is "
                "called, across",
                f"{kinds_right(coarse)} The kinds are WordNet's.",
            )
        )
    return [
        *by_kind,
        Table(
            ("It is", "Called", "Pictures"),
            tuple(
                (classes[row], classes[column], f"{evaluation.confusion[row, column]:,}")
                for row, column in pairs
            ),
            f"The pairs of classes that are confused most; {len(indices):,} classes are too many for a matrix.",
        ),
    ]


def _classes(evaluation: Evaluation, classes: tuple[str, ...]) -> list[Block]:
    scores = evaluation.scores
    there = np.flatnonzero(scores.support)
    order = [int(index) for index in there[np.argsort(scores.f1[there], kind="stable")]][:MOST_ROWS]
    cut = f"The weakest {MOST_ROWS} of {len(there):,} classes. " if len(there) > MOST_ROWS else ""
    return [
        Chart.of(
            class_charts.dots(scores, classes, order, categories()),
            f"Precision and recall of {len(order)} classes, the weakest on top",
            f"{cut}Recall: of the pictures of a class, the share that is found. Precision: of the pictures that are "
            "called so, the share that is right.",
        )
    ]


CHAPTER = Chapter(
    "evaluation",
    "How good it is",
    "evaluation",
    "Accuracy, confusions and calibration on all labelled pictures that fit.",
    _build,
    usual=lambda subject: False,
    slow=True,
)
