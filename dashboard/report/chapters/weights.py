"""What training wrote into the network: how widely each layer's weights are spread."""

from __future__ import annotations

from dashboard.charts.weights import ridge
from dashboard.inspection.weights.initialisation import expected_spreads
from dashboard.report.chapter import Ask, Chapter, ReportSubject
from dashboard.report.contents import Chart, Section
from dashboard.report.theme import categories
from dashboard.results import weights as results
from dashboard.wording import weights
from models.runtime.errors import UserError

# More rows than this leave no room on a page of paper for what comes before or behind.
ROWS = 20


def _build(subject: ReportSubject, ask: Ask) -> Section:
    classifier = subject.view.classifier
    distributions = ask(results.distributions(classifier))
    tensors = distributions.of("weight")
    if not tensors:
        raise UserError(weights.headline(subject.view.model.title, tensors, distributions.tensors))
    # Where there are many, every so-manieth, so that the first and the last are among them.
    places = sorted({round(place * (len(tensors) - 1) / (ROWS - 1)) for place in range(ROWS)})
    some_tensors = tensors if len(tensors) <= ROWS else [tensors[place] for place in places]
    some = f"{len(some_tensors)} of {len(tensors)} weight tensors, evenly along the depth. "
    cut = some if len(some_tensors) < len(tensors) else ""
    spreads = {
        tensor.facts.name: start[0].std
        for tensor in some_tensors
        if (start := expected_spreads(tensor.facts))
    }
    return Section(
        name=CHAPTER.name,
        title=CHAPTER.title,
        finding=weights.headline(subject.view.model.title, tensors, distributions.tensors),
        blocks=(
            Chart.of(
                ridge.ridge(some_tensors, spreads, categories(), scale="linear"),
                f"Histograms of {len(some_tensors)} weight tensors below each other on one axis",
                f"{cut}How the weights of each layer are spread, the first on top; each row is as high as its peak.",
            ),
        ),
        address=subject.address(CHAPTER.path),
    )


CHAPTER = Chapter(
    "weights",
    "What training wrote into it",
    "weights",
    "How widely the weights of each layer are spread.",
    _build,
)
