"""What the views of the Evaluation page look at."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.inspection.evaluation.labelled_pictures import LabelledPictures
from dashboard.inspection.evaluation.sets import LabelledSet
from dashboard.records.evaluation import Evaluation
from dashboard.view import View


@dataclass(frozen=True, eq=False)
class Subject:
    """One network on one labelled set.

    Attributes:
        view: the network.
        part: the set, for other networks too.
        labelled: the set as the network reads it.
        found: how good the network is on it.
    """

    view: View
    part: LabelledSet
    labelled: LabelledPictures
    found: Evaluation

    @property
    def classes(self) -> tuple[str, ...]:
        """One name per logit."""
        return self.view.classifier.classes
