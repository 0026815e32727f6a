"""The one table of what a report can hold. An addition is a file beside this one and its entry here."""

from __future__ import annotations

from dashboard.report.chapter import Chapter
from dashboard.report.chapters import (
    activations,
    answer,
    architecture,
    attribution,
    evaluation,
    learned,
    surrogate,
    training,
    weights,
    whatif,
)

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
