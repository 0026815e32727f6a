"""The one table of what a report can hold. An addition is a file beside this one and its entry here."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.report.chapter import Chapter, Reported, ReportSubject
from dashboard.report.chapters import (
    activations,
    answer,
    architecture,
    attribution,
    evaluation,
    histories,
    learned,
    rows,
    surrogate,
    texts,
    training,
    weights,
    whatif,
)
from dashboard.report.inputs import HistoryReport, RowReport, TextReport

# In the order of the report: the answer and its reasons, then how far to trust the network, then what it is.
CHAPTERS: dict[str, Chapter] = {
    module.CHAPTER.name: module.CHAPTER
    for module in (
        answer,
        attribution,
        whatif,
        evaluation,
        learned,
        surrogate,
        training,
        architecture,
        activations,
        weights,
    )
}

# By what a report is about. A kind of input is one entry.
CHAPTERS_OF: dict[type[Reported], Mapping[str, Chapter]] = {
    ReportSubject: CHAPTERS,
    TextReport: texts.TEXT_CHAPTERS,
    RowReport: rows.ROW_CHAPTERS,
    HistoryReport: histories.HISTORY_CHAPTERS,
}


def chapters_of(subject: Reported) -> Mapping[str, Chapter]:
    """What a report can hold, in its order."""
    return CHAPTERS_OF[type(subject)]
