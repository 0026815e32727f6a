"""Networks that ship as files of another framework, read as a dropped one is: anybody can try how that looks."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from models.datasets import find_dataset
from models.meaning import Claims
from models.runtime.progress import Report
from models.zoo.entry import Model

if TYPE_CHECKING:
    from models.classifier import Classifier

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "weights" / "files"
DATASET = "mnist-10k"
# Made by `python -m tests.keras_shipped`, which needs Keras.
KERAS_CNN = FOLDER / "keras-cnn.keras"


def entries() -> tuple[Model, ...]:
    """The rows that `models.networks` adds to the zoo's."""
    title = f"CNN of Keras ({find_dataset(DATASET).title})"
    return (Model(KERAS_CNN.stem, title, trained=True, load=partial(_load_keras, title=title), fits=DATASET),)


def _load_keras(_: Report, *, title: str) -> Classifier:
    from models.checkpoints import architectures
    from models.checkpoints.building import build_with_weights
    from models.checkpoints.keras.file import open_archive
    from models.checkpoints.keras.reading import read
    from models.checkpoints.recognition import recognise_network
    from models.classifier import Classifier, Provenance, Weights, frozen

    network, tensors = read(open_archive(KERAS_CNN))[:2]
    shapes = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
    (match,) = recognise_network(network, shapes).matches
    fits = find_dataset(DATASET)
    return Classifier(
        name=KERAS_CNN.stem,
        title=title,
        architecture=architectures.identity(match.row.name, match.row.options),
        module=frozen(build_with_weights(match, tensors)),
        weights=Weights.of(tensors, source=KERAS_CNN.name),
        preprocessing=architectures.usual_preprocessing(match.row.name, match.row.options),
        classes=fits.classes,
        fits=DATASET,
        provenance=Provenance(
            source="Vitrine, trained in Keras 3",
            licence="MIT",
            trained_on=fits.title,
            accuracy=0.983,
            paper="https://keras.io/examples/vision/mnist_convnet/",
        ),
        trained=True,
        claims=Claims(outputs=match.classes),
    )
