"""What concepts do to a class: which pictures there are for it, and the work that scores them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from dashboard import pictures
from dashboard.inspection.activations.stages import stages
from dashboard.inspection.evaluation.labelled_pictures import LabelledPictures
from dashboard.inspection.evaluation.sets import available_sets
from dashboard.inspection.prediction import see
from dashboard.inspection.whatif import textures
from dashboard.inspection.whatif.attack import LEVELS, levels_of
from dashboard.inspection.whatif.concepts import FEWEST_OF_CLASS, FEWEST_PICTURES, score_concepts
from dashboard.records.network import LayerCall
from dashboard.records.whatif import Concepts
from dashboard.results.result import Result
from dashboard.view import View
from models.classifier import Classifier

# Layers that are asked, evenly from the first to the last before the logits.
LAYERS = 3
# Pictures of a texture, of what random concepts are drawn from, of a class, and that are put in order.
OF_TEXTURE, OF_RANDOM, OF_CLASS, ORDERED = 40, 400, 100, 200
# Labelled sets, those first that the network did not learn from.
SETS = ("test", "validation", "folder")
# Whose concepts, in the address.
WHOSE = SHIPPED, OWN = "shipped", "own"
# What a person's own concept is called.
YOURS = "your pictures"


@dataclass(frozen=True, eq=False)
class ConceptSubject:
    """What is asked.

    Attributes:
        view: network and class.
        labelled: pictures whose class is known.
        own: addresses of a person's pictures, which are the concept; empty for those that ship.
    """

    view: View
    labelled: LabelledPictures
    own: tuple[str, ...] = ()

    @property
    def of_class(self) -> list[int]:
        """Places of the pictures of the class."""
        return [int(place) for place in np.flatnonzero(self.labelled.labels == self.view.target)][:OF_CLASS]

    @property
    def calls(self) -> list[LayerCall]:
        """The layers that are asked."""
        before = list(stages(self.view.survey))[:-1] or list(stages(self.view.survey))
        places = {(number + 1) * len(before) // LAYERS - 1 for number in range(LAYERS)}
        return [before[place] for place in sorted(places) if place >= 0]

    def refusal(self) -> str:
        """Why nothing can be said; empty where it can."""
        view, title = self.view, self.view.title
        if not view.classifier.contract.gradient:
            return "No gradient reaches the layers of this network, and a concept is held against that of a class."
        if len(self.of_class) < FEWEST_OF_CLASS:
            return f"There are {len(self.of_class)} pictures of {title} here, and it takes {FEWEST_OF_CLASS}."
        others = int((self.labelled.labels != view.target).sum())
        if others < 2 * FEWEST_PICTURES:
            return f"There are {others} pictures of other classes here, and it takes {2 * FEWEST_PICTURES}."
        if self.own and len(self.own) < FEWEST_PICTURES:
            return f"You dropped {len(self.own)} pictures, and a concept takes {FEWEST_PICTURES}."
        return ""


def subject(view: View, own: Sequence[str] = ()) -> ConceptSubject | None:
    """What can be asked; None where no labelled pictures fit the network.

    Raises:
        UserError: if they cannot be read.
    """
    sets = available_sets(view.model, view.classifier)
    name = next((name for name in SETS if name in sets), None)
    return None if name is None else ConceptSubject(view, sets[name]().read(view.classifier), tuple(own))


def concepts(subject: ConceptSubject) -> Result[Concepts]:
    """What each concept does to the class."""
    view, labelled = subject.view, subject.labelled
    calls = subject.calls

    def work(report: Callable[[float], None]) -> Concepts:
        sets, random = pictures_of(subject)
        return score_concepts(
            view.classifier,
            calls,
            sets,
            random,
            labelled.pool.take(subject.of_class).numpy(),
            labelled.pool.take(range(min(ORDERED, len(labelled.pool)))).numpy(),
            target=view.target,
            progress=report,
        )

    names = tuple(call.name for call in calls)
    return Result(
        view.classifier.key,
        "concepts",
        (labelled.pool.key, view.target, names, subject.own, view.digit),
        work,
        "Scoring concepts",
        "slow",
    )


def pictures_of(subject: ConceptSubject) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The pictures of each concept, and those that random concepts are drawn from, normalised."""
    view, labelled = subject.view, subject.labelled
    classifier = view.classifier
    others = np.flatnonzero(labelled.labels != view.target)
    drawn = np.random.default_rng(textures.SEED).permutation(others)
    if subject.own:
        own = [
            see(classifier, pictures.find(address).open(digit=view.digit)).inputs for address in subject.own
        ]
        return {YOURS: np.stack(own)}, labelled.pool.take(drawn[:OF_RANDOM].tolist()).numpy()
    names = textures.names(classifier.preprocessing.channels)
    size = min(OF_TEXTURE, len(drawn) // 2)
    sets = {}
    for place, name in enumerate(names):
        chosen = np.roll(drawn, -place * size)[:size]
        sets[name] = _worn(classifier, labelled, chosen, name, place)
    return sets, _worn(classifier, labelled, np.roll(drawn, size)[:OF_RANDOM], "", len(names))


def _worn(
    classifier: Classifier, labelled: LabelledPictures, places: np.ndarray, name: str, seed: int
) -> np.ndarray:
    """Pictures of a set under a texture, normalised."""
    plain = [
        levels_of(inputs, classifier.preprocessing) for inputs in labelled.pool.take(places.tolist()).numpy()
    ]
    dressed = textures.worn(np.stack(plain) / LEVELS, name, seed)
    return np.stack([classifier.preprocessing.normalised(one) for one in dressed])
