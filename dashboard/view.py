"""What is looked at, whole: a network and a picture, with the answer and the layers. No page, no session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dashboard import pictures
from dashboard.inspection.activations.stages import stages
from dashboard.parameters import DIGIT
from dashboard.records.network import LayerCall, Survey
from dashboard.records.pictures import NetworkInput, Prediction
from dashboard.selection import Selection, fit
from models import datasets
from models.classifier import Classifier
from models.datasets import digits
from models.datasets.names import PHOTOS
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
    picture: pictures.NamedPicture
    digit: bool
    seen: NetworkInput
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

    @property
    def layer(self) -> LayerCall | None:
        """The call of the address, or the last one that keeps a grid, or the last stage before the logits.

        None where no layer's output is one tensor.
        """
        call = self.survey.find(self.selection.layer or self.survey.default_layer or "")
        if call is not None:
            return call
        return next(iter(stages(self.survey)[-2:] or self.survey.calls[-1:]), None)

    @property
    def gridded_layer(self) -> str | None:
        """The layer that maps which need one read: that of the address where it keeps a grid, else the default."""
        chosen = self.selection.layer
        is_kept = chosen in {call.name for call in self.survey.grid_calls()}
        return chosen if is_kept else self.survey.default_layer


def build_view(
    selection: Selection,
    model: Model,
    classifier: Classifier,
    owner: str | None = None,
    *,
    read: Callable[[Classifier, str, bool], tuple[NetworkInput, Prediction]] | None = None,
    survey: Callable[[Classifier, str], Survey] | None = None,
    is_digit: Callable[[str], bool] | None = None,
) -> View:
    """The view of a selection, its class and its layer among those that the network has.

    Args:
        selection: of the network's name and a picture's address.
        model: the network's entry.
        classifier: the network.
        owner: of pictures that were dropped; only they see the names of their files.
        read: gets a picture, by its address and whether it becomes a digit, as the network reads it, and the answer
            to it; None for anew.
        survey: gets the layers, found with the picture of an address; None for anew.
        is_digit: tells whether the photo of an address looks like a digit on paper; None for anew.

    Raises:
        UserError: if there is no such picture, or it cannot be read.
    """
    picture = pictures.find(selection.image, owner)
    digit = may_be_digit(model, picture) and DIGIT.read(
        selection.parameters, default=reads_digits(model) and (is_digit or _is_digit)(picture.address)
    )
    seen, prediction = (read or _read)(classifier, picture.address, digit)
    layers = (survey or _survey)(classifier, pictures.start(model.fits))
    own, problems = fit(
        selection, classes=len(classifier.classes), layers=[call.name for call in layers.calls]
    )
    return View(
        selection=own,
        model=model,
        classifier=classifier,
        picture=picture,
        digit=digit,
        seen=seen,
        prediction=prediction,
        survey=layers,
        problems=tuple(problems),
    )


def _read(classifier: Classifier, image: str, digit: bool) -> tuple[NetworkInput, Prediction]:
    from dashboard.inspection.prediction import predict, see

    seen = see(classifier, pictures.find(image).open(digit=digit))
    return seen, predict(classifier, seen.inputs)


def _is_digit(image: str) -> bool:
    return digits.is_digit(pictures.find(image).open())


def _survey(classifier: Classifier, image: str) -> Survey:
    import torch

    from dashboard.inspection.engine.survey import survey
    from dashboard.inspection.prediction import see

    return survey(classifier.module, torch.tensor(see(classifier, pictures.find(image).open()).inputs)[None])


def may_be_digit(model: Model, picture: pictures.NamedPicture) -> bool:
    """Whether turning the picture into a digit makes sense: a photo, and a network for small grey pictures."""
    return model.fits != PHOTOS and picture.fits == PHOTOS and datasets.find_dataset(model.fits).channels == 1


def reads_digits(model: Model) -> bool:
    """Whether the network's classes are the digits, so that a photo of one is turned into one by itself."""
    return datasets.find_dataset(model.fits).classes == tuple("0123456789")


def mismatch(view: View) -> str | None:
    """A sentence where picture and network do not belong together, or None."""
    model, picture = view.model, view.picture
    if view.digit or _alike(picture.fits, model.fits):
        return None
    what = (
        "a photo" if picture.fits == PHOTOS else f"a picture of {datasets.find_dataset(picture.fits).title}"
    )
    if model.fits == PHOTOS:
        return f"{model.title} was trained on photographs; {what} is nothing it knows, so its answer says little."
    height, width = view.classifier.preprocessing.size
    digit = (
        "Turn the photo into a digit in the sidebar, or choose" if may_be_digit(model, picture) else "Choose"
    )
    return (
        f"{model.title} reads pictures of {width} x {height} pixels like those of "
        f"{datasets.find_dataset(model.fits).title}; {what} is nothing it knows. {digit} one of its test pictures."
    )


def _alike(fits: str, other: str) -> bool:
    """Whether two names of datasets stand for pictures of one kind: those of MNIST and of a part of it do."""
    if fits == other or PHOTOS in (fits, other):
        return fits == other
    first, second = datasets.find_dataset(fits), datasets.find_dataset(other)
    return (first.classes, first.channels) == (second.classes, second.channels)
