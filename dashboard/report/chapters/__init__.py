"""The one table of what a report can hold. An addition is a file beside this one and its entry here."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.report.chapter import Chapter, Reported
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
from models.kinds import HISTORY, PICTURES, TABLE, TEXT

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

# By what a network reads, as models.kinds names it. A kind of input is one entry.
CHAPTERS_OF: dict[str, Mapping[str, Chapter]] = {
    PICTURES: CHAPTERS,
    TEXT: texts.TEXT_CHAPTERS,
    TABLE: rows.ROW_CHAPTERS,
    HISTORY: histories.HISTORY_CHAPTERS,
}


def chapters_of(subject: Reported) -> Mapping[str, Chapter]:
    """What a report can hold, in its order."""
    return CHAPTERS_OF[subject.classifier.reads]
