"""Confusion: which class is called which, and the pictures behind each number."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st

from dashboard import session
from dashboard.charts import maps
from dashboard.charts.evaluation import confusion as charts
from dashboard.components import figure, say, tables
from dashboard.components.evaluation import gallery
from dashboard.components.evaluation.subject import EvaluationSubject
from dashboard.components.figure import SAVABLE
from dashboard.components.picture import show
from dashboard.inspection.evaluation.scores import confused_pairs
from dashboard.inspection.kinds import CoarseConfusion, coarse_confusion
from dashboard.parameters import CELL, SHEET
from dashboard.wording.kinds import kinds_right
from dashboard.wording.numbers import rate

# Beyond, cells are too small to be hit: the pairs that are confused most are a table.
MOST_CLASSES = 40
MOST_PAIRS = 50
PAIR = re.compile(r"(\d{1,6})-(\d{1,6})")
# A cell of the matrix of kinds, in the address.
KINDS = "kinds-"


def draw(subject: EvaluationSubject) -> None:
    """The matrix, the pairs that are confused most, and the pictures of the chosen cell."""
    classes = present_classes(subject)
    labels, predicted = subject.evaluation.labels, subject.evaluation.predicted
    coarse = coarse_confusion(subject.classes, labels, predicted)
    of_kinds = None if coarse is None else _cell_of_kinds(subject, coarse)
    cell = current_cell(subject) if of_kinds is None else None
    many = len(classes) > MOST_CLASSES
    matrix, pairs = st.columns([3, 2], gap="large") if coarse or not many else st.columns(1) * 2
    with matrix:
        if many:
            st.caption(
                f"{len(classes):,} classes are too many for a matrix on a screen; it can be taken away as a table."
            )
        else:
            _grid(subject, classes, cell)
        if coarse:
            _kinds(coarse, of_kinds)
    with pairs:
        _pairs(subject, cell)
        _take_away(subject)
    if coarse is not None and of_kinds is not None:
        _cell(subject, coarse.names, coarse.kind_of[labels], coarse.kind_of[predicted], of_kinds)
    elif cell is not None:
        _cell(subject, subject.classes, labels, predicted, cell)


def present_classes(subject: EvaluationSubject) -> list[int]:
    """The classes that have pictures or are called, all of them where they fit a screen."""
    count = len(subject.classes)
    if count <= MOST_CLASSES:
        return list(range(count))
    scores = subject.evaluation.scores
    return [int(index) for index in np.flatnonzero((scores.support > 0) | (scores.called > 0))]


def current_cell(subject: EvaluationSubject) -> tuple[int, int] | None:
    """The cell of the address, or the pair that is confused most; None where there is no mistake to show."""
    text = CELL.text(subject.view.selection.parameters)
    usual = next(iter(confused_pairs(subject.evaluation.confusion, 1)), None)
    if text is None:
        return usual
    match, count = PAIR.fullmatch(text), len(subject.classes)
    if match is not None and max(int(match[1]), int(match[2])) < count:
        return int(match[1]), int(match[2])
    say.warning(
        f"A cell is two classes from 0 to {count - 1:,}, the true one and what it is called, such as 3-5; "
        f"{text!r} is none, so the pair that is confused most is shown."
    )
    return usual


def _cell_of_kinds(subject: EvaluationSubject, coarse: CoarseConfusion) -> tuple[int, int] | None:
    """The cell of the matrix of kinds that the address names; None where it names none."""
    text = CELL.text(subject.view.selection.parameters) or ""
    match = PAIR.fullmatch(text.removeprefix(KINDS))
    if not text.startswith(KINDS) or match is None or max(int(match[1]), int(match[2])) >= len(coarse.names):
        return None
    return int(match[1]), int(match[2])


def _grid(subject: EvaluationSubject, classes: list[int], cell: tuple[int, int] | None) -> None:
    matrix(
        subject,
        classes,
        marked=cell,
        choose=lambda cell: session.choose_parameters({CELL: cell, SHEET: None}),
    )
    st.caption("Click a cell to see its pictures.")


def _kinds(coarse: CoarseConfusion, cell: tuple[int, int] | None) -> None:
    """The matrix of kinds of things, where WordNet knows what the classes are."""
    st.subheader("By kind of thing")
    st.markdown(say.plain(kinds_right(coarse)))
    figure.draw(
        charts.grid(coarse.matrix, coarse.names, coarse.present, marked=cell),
        key=f"confusion-kinds-{cell}",
        alt=f"Confusion matrix of {len(coarse.present)} kinds: what a picture is, down, and what it is called, across",
        config=SAVABLE,
        choose=lambda pair: session.choose_parameters({CELL: f"{KINDS}{pair}", SHEET: None}),
    )
    st.caption("Click a cell to see its pictures.")


def matrix(
    subject: EvaluationSubject,
    classes: list[int] | None = None,
    *,
    marked: tuple[int, int] | None = None,
    choose: Callable[[str], None] | None = None,
) -> None:
    """The matrix as a picture.

    Args:
        subject: of few classes.
        classes: its rows and columns; None means all that have pictures or are called.
        marked: the cell that is chosen.
        choose: told which cell is clicked; None where none can be.
    """
    rows = present_classes(subject) if classes is None else classes
    figure.draw(
        charts.grid(subject.evaluation.confusion, subject.classes, rows, marked=marked),
        key=f"confusion-{marked}",
        alt=f"Confusion matrix of {len(rows)} classes: what a picture is, down, and what it is called, across",
        config=SAVABLE,
        choose=choose,
    )
    show(maps.scale_bar(signed=False), alt="Colour scale, 0 to 100 % of a row")
    st.caption("Colour: share of the row, from 0 to 100 %, by its square root so that few mistakes show.")


def _pairs(subject: EvaluationSubject, cell: tuple[int, int] | None) -> None:
    matrix, support = subject.evaluation.confusion, subject.evaluation.scores.support
    pairs = confused_pairs(matrix, MOST_PAIRS)
    if not pairs:
        st.markdown("No class is taken for another.")
        return
    st.subheader("Confused most often")
    tables.pick(
        {
            "It is": [subject.classes[row] for row, _ in pairs],
            "Called": [subject.classes[column] for _, column in pairs],
            "Pictures": [int(matrix[pair]) for pair in pairs],
            "Of its class": [float(matrix[pair] / support[pair[0]]) for pair in pairs],
        },
        key="pairs",
        choose=lambda row: session.choose_parameters({CELL: "-".join(map(str, pairs[row])), SHEET: None}),
        chosen=[pairs.index(cell)] if cell in pairs else [],
        config={"Of its class": st.column_config.NumberColumn(format="percent")},
        height=318,
        alt="The pairs of classes that are confused most often",
    )
    st.caption("Tick a row to see its pictures.")


def _cell(
    subject: EvaluationSubject,
    names: Sequence[str],
    truths: np.ndarray,
    answers: np.ndarray,
    cell: tuple[int, int],
) -> None:
    """The pictures of a cell.

    Args:
        subject: network and set.
        names: of the classes, or of their kinds.
        truths: (N,) which of these each picture is.
        answers: (N,) which of these it is called.
        cell: the true one and the called one.
    """
    evaluation, (row, column) = subject.evaluation, cell
    places = np.flatnonzero((truths == row) & (answers == column))
    support = np.count_nonzero(truths == row)
    what = f"{names[row]} called {names[column]}" if row != column else f"{names[row]}, found"
    of = f" ({rate(len(places) / support)} of {support:,})" if support else ""
    st.subheader(say.plain(f"{what}: {len(places):,} picture{'s' * (len(places) != 1)}{of}"))
    if not len(places):
        st.markdown("No picture lies in this cell; choose another.")
        return
    st.caption("The most confident first.")
    order = places[np.argsort(-evaluation.confidence[places], kind="stable")]
    gallery.draw(subject, order, gallery.of_evaluation(subject), "cell")


def _take_away(subject: EvaluationSubject) -> None:
    matrix, classes = subject.evaluation.confusion, subject.classes
    rows, columns = np.nonzero(matrix)
    tables.take_away(
        {
            "class": [classes[row] for row in rows],
            "called": [classes[column] for column in columns],
            "pictures": matrix[rows, columns].tolist(),
        },
        "confusion",
        "confusion-csv",
        of=subject.view.classifier.key,
    )
