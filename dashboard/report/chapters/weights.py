"""What training wrote into the network: how widely each layer's weights are spread."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.charts.weights import ridge
from dashboard.inspection.weights.initialisation import expected_spreads
from dashboard.records.weights import TensorSummary
from dashboard.report.chapter import Ask, Chapter, ReportSubject
from dashboard.report.contents import Chart, Section
from dashboard.report.theme import categories
from dashboard.results import weights as results
from dashboard.wording import weights
from models.runtime.errors import UserError

# More rows than this leave no room on a page of paper for what comes before or behind.
ROWS = 20
# And more than this are read on a screen only by who sits in front of it.
SLIDE_ROWS = 8


def _build(subject: ReportSubject, ask: Ask) -> Section:
    classifier = subject.view.classifier
    distributions = ask(results.distributions(classifier))
    tensors = distributions.of("weight")
    if not tensors:
        raise UserError(weights.headline(subject.view.model.title, tensors, distributions.tensors))
    finding = weights.headline(subject.view.model.title, tensors, distributions.tensors)
    brief = _chart(tensors, SLIDE_ROWS, finding) if len(tensors) > SLIDE_ROWS else None
    return Section(
        name=CHAPTER.name,
        title=CHAPTER.title,
        finding=finding,
        blocks=(_chart(tensors, ROWS, finding, brief),),
        address=subject.address(CHAPTER.path),
    )


def _chart(tensors: Sequence[TensorSummary], rows: int, finding: str, brief: Chart | None = None) -> Chart:
    """A row for each tensor; where there are many, for every so-manieth, the first, the last and what is told of."""
    evenly = {round(place * (len(tensors) - 1) / (rows - 1)) for place in range(rows)}
    some_tensors = [
        tensor
        for place, tensor in enumerate(tensors)
        if len(tensors) <= rows or place in evenly or finding.startswith(f"{tensor.facts.layer} ")
    ]
    some = f"{len(some_tensors)} of {len(tensors)} weight tensors, from along the whole depth. "
    cut = some if len(some_tensors) < len(tensors) else ""
    spreads = {
        tensor.facts.name: start[0].std
        for tensor in some_tensors
        if (start := expected_spreads(tensor.facts))
    }
    return Chart.of(
        ridge.ridge(some_tensors, spreads, categories(), scale="linear"),
        f"Histograms of {len(some_tensors)} weight tensors below each other on one axis",
        f"{cut}How the weights of each layer are spread, the first on top; each row is as high as its peak.",
        brief=brief,
    )


CHAPTER = Chapter(
    "weights",
    "What training wrote into it",
    "weights",
    "How widely the weights of each layer are spread.",
    _build,
)
