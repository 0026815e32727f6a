"""In how many ways a network decides for a class: which pictures there are for it, and the work that finds them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from dashboard.inspection.embedding.layout import lay_out, most_perplexity
from dashboard.inspection.evaluation.labelled_pictures import LabelledPictures
from dashboard.inspection.evaluation.sets import available_sets
from dashboard.inspection.whatif.strategies import FEWEST, find_strategies
from dashboard.parameters import GROUPS
from dashboard.records.whatif import Strategies
from dashboard.results import concepts
from dashboard.results.result import Result
from dashboard.view import View

# Labelled sets, those first that the network did not learn from; with so many pictures of the class one is enough.
SETS, ENOUGH = (*concepts.SETS, "train"), 100
# Pictures of the class that are looked at.
MOST = 300
PERPLEXITY = 30


@dataclass(frozen=True, eq=False)
class StrategySubject:
    """What is asked.

    Attributes:
        view: network and class.
        labelled: pictures whose class is known.
    """

    view: View
    labelled: LabelledPictures

    @property
    def of_class(self) -> np.ndarray:
        """Places of the pictures of the class."""
        return np.flatnonzero(self.labelled.labels == self.view.target)[:MOST]

    def refusal(self) -> str:
        """Why nothing can be said; empty where it can."""
        if not self.view.classifier.contract.gradient:
            return "No gradient reaches the pictures of this network, so it has no maps of this kind."
        if len(self.of_class) < FEWEST:
            return (
                f"There are {len(self.of_class)} pictures of {self.view.title} here, and it takes {FEWEST}."
            )
        return ""


def subject(view: View) -> StrategySubject | None:
    """The first set with enough pictures of the class, or the one with most; None where none fits the network.

    Raises:
        UserError: if they cannot be read.
    """
    sets, most = available_sets(view.model, view.classifier), None
    for name in SETS:
        if name not in sets:
            continue
        asked = StrategySubject(view, sets[name]().read(view.classifier))
        if most is None or len(asked.of_class) > len(most.of_class):
            most = asked
        if len(asked.of_class) >= ENOUGH:
            return asked
    return most


def strategies(subject: StrategySubject, settings: Mapping[str, str]) -> Result[Strategies]:
    """The groups of the class's maps, laid out by t-SNE."""
    view, labelled, count = subject.view, subject.labelled, GROUPS.read(settings)

    def work(report: Callable[[float], None]) -> Strategies:
        of_class = subject.of_class
        found = find_strategies(
            view.classifier,
            labelled.pool.take(of_class.tolist()).numpy(),
            of_class,
            view.target,
            count=count,
            progress=lambda share: report(share / 2),
        )
        rows = np.sqrt(found.maps.reshape(len(found.maps), -1))
        if not np.ptp(rows, axis=0).any():
            return found
        perplexity = min(PERPLEXITY, most_perplexity(len(rows)))
        return replace(found, places=lay_out("tsne", rows, perplexity, lambda share: report((1 + share) / 2)))

    return Result(
        view.classifier.key,
        "strategies",
        (labelled.pool.key, view.target, count),
        work,
        "Comparing maps",
        "slow",
    )
