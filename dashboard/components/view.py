"""Everything that pages share about what is looked at, from caches."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

from dashboard import cache, pictures, session
from dashboard.components.wait import slot, wait
from dashboard.jobs import GATE
from dashboard.records import Prediction, Seen, Survey
from dashboard.selection import Selection, fitted
from models import zoo
from models.classifier import Classifier
from models.datasets.names import PHOTOS
from models.errors import UserError
from models.zoo.entry import Model


@dataclass(frozen=True, eq=False)
class View:
    """One network looking at one picture.

    Attributes:
        selection: with what the network has: a class and a layer of its own.
        model: the network's entry.
        classifier: the network, shared; never hooked.
        picture: what is known of the picture.
        digit: whether the picture was turned into a digit first.
        seen: the picture as the network reads it.
        prediction: the network's answer.
        survey: the network's layers.
        problems: a sentence for each thing of the address that the network does not have.
    """

    selection: Selection
    model: Model
    classifier: Classifier
    picture: pictures.Label
    digit: bool
    seen: Seen
    prediction: Prediction
    survey: Survey
    problems: tuple[str, ...]

    @property
    def target(self) -> int:
        """The class that is explained: the chosen one, or the prediction."""
        chosen = self.selection.target
        return self.prediction.winner if chosen is None else chosen

    @property
    def title(self) -> str:
        """Name of the explained class."""
        return self.prediction.classes[self.target]


def look(selection: Selection) -> View:
    """The network and the first picture of a selection.

    Raises:
        UserError: if the weights cannot be had or the picture cannot be read.
    """
    model = zoo.find(selection.model)
    classifier = ready(model)
    picture = pictures.label(selection.image, session.owner())
    digit = may_be_digit(model, picture) and selection.parameters.get("digit") == "1"
    seen = cache.seen(model.identity, picture.address, digit)
    survey = cache.survey(model.identity, pictures.start(model.fits))
    own, problems = fitted(
        selection, classes=len(classifier.classes), layers=[call.name for call in survey.gridded()]
    )
    return View(
        selection=own,
        model=model,
        classifier=classifier,
        picture=picture,
        digit=digit,
        seen=seen,
        prediction=cache.prediction(model.identity, picture.address, digit),
        survey=survey,
        problems=tuple(problems),
    )


def of(selection: Selection, **changes: object) -> View:
    """The view of a selection with some fields changed, for comparisons."""
    return look(dataclasses.replace(selection, **changes))  # type: ignore[arg-type]  # fields of Selection


def ready(model: Model) -> Classifier:
    """The network, its weights fetched first where they are not on this machine, with progress.

    Raises:
        UserError: if the weights cannot be had.
    """
    if not model.on_board:
        what = f"Fetching the weights of {model.title}"
        try:
            wait(
                lambda: GATE.submit(
                    ("weights", model.identity), lambda report: _fetch(model, report), lane="download"
                ),
                what,
                slot(),
            )
        except UserError as refusal:
            raise UserError(f"{model.title} is not on this machine yet: {refusal}") from refusal
    return cache.classifier(model.identity)


def _fetch(model: Model, report: Callable[[float], None]) -> None:
    def tell(done: int, total: int | None) -> None:
        report(done / total if total else 0.0)

    model.load(tell)


def may_be_digit(model: Model, picture: pictures.Label) -> bool:
    """Whether turning the picture into a digit makes sense: a small grey network, and not its dataset's picture."""
    return model.fits != PHOTOS and picture.fits == PHOTOS


def mismatch(view: View) -> str | None:
    """A sentence where photo and network do not belong together, or None."""
    if view.digit or view.picture.fits == view.model.fits:
        return None
    if view.model.fits == PHOTOS:
        return (
            f"{view.model.title} was trained on photographs; {view.picture.title} is a small grey picture, nothing "
            "it knows, so its answer says little."
        )
    height, width = view.classifier.preprocessing.size
    return (
        f"{view.model.title} reads {width} x {height} grey pictures like those of {view.model.fits}; a photo is "
        "nothing it knows. Turn the photo into a digit in the sidebar, or choose a test picture."
    )
