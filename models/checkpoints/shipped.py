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
    from collections.abc import Mapping

    from torch import Tensor

    from models.checkpoints.architectures import FileNetwork
    from models.checkpoints.onnx.network import OnnxNetwork
    from models.classifier import Classifier, Provenance

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "weights" / "files"
DATASET = "mnist-10k"
# Made by `python -m tests.keras_shipped`, which needs Keras.
KERAS_CNN = FOLDER / "keras-cnn.keras"
# Made by `python -m tests.onnx_shipped`, which needs skl2onnx.
ONNX_CNN, SKLEARN_MLP = FOLDER / "onnx-cnn.onnx", FOLDER / "onnx-sklearn-mlp.onnx"

CNN_ACCURACY, MLP_ACCURACY = 0.9935, 0.9485


def entries() -> tuple[Model, ...]:
    """The rows that `models.networks` adds to the zoo's."""
    fits = find_dataset(DATASET).title
    return tuple(
        Model(
            place.stem,
            f"{title} ({fits})",
            trained=True,
            load=partial(load, f"{title} ({fits})"),
            fits=DATASET,
        )
        for place, title, load in (
            (KERAS_CNN, "CNN of Keras", _load_keras),
            (ONNX_CNN, "CNN in ONNX", _load_onnx_cnn),
            (SKLEARN_MLP, "scikit-learn's MLP in ONNX", _load_perceptron),
        )
    )


def _load_keras(title: str, _: Report) -> Classifier:
    from models.checkpoints.keras.file import open_archive
    from models.checkpoints.keras.reading import read, to_tensor
    from models.classifier import Provenance

    network, arrays = read(open_archive(KERAS_CNN))[:2]
    tensors = {name: to_tensor(array) for name, array in arrays.items()}
    provenance = Provenance(
        source="Vitrine, trained in Keras 3",
        licence="MIT",
        trained_on=find_dataset(DATASET).title,
        accuracy=0.983,
        paper="https://keras.io/examples/vision/mnist_convnet/",
    )
    return _classifier(KERAS_CNN, title, network, tensors, provenance)


def _load_onnx_cnn(title: str, _: Report) -> Classifier:
    from models.classifier import Provenance

    made = "Vitrine, exported by torch.onnx.export"
    provenance = Provenance(made, "MIT", trained_on=find_dataset(DATASET).title, accuracy=CNN_ACCURACY)
    return _classifier(ONNX_CNN, title, *_read_onnx(ONNX_CNN), provenance)


def _load_perceptron(title: str, _: Report) -> Classifier:
    from models.classifier import Provenance

    made = "Vitrine, trained in scikit-learn and exported by skl2onnx"
    provenance = Provenance(made, "MIT", trained_on=find_dataset(DATASET).title, accuracy=MLP_ACCURACY)
    return _classifier(SKLEARN_MLP, title, *_read_onnx(SKLEARN_MLP), provenance)


def _read_onnx(place: Path) -> tuple[OnnxNetwork, Mapping[str, Tensor]]:
    import numpy as np
    import torch

    from models.checkpoints.onnx.building import settle
    from models.checkpoints.onnx.file import read

    network, arrays = settle(*read(place))
    return network, {name: torch.from_numpy(np.array(array)) for name, array in arrays.items()}


def _classifier(
    place: Path, title: str, network: FileNetwork, tensors: Mapping[str, Tensor], provenance: Provenance
) -> Classifier:
    from models.checkpoints import architectures
    from models.checkpoints.building import build_with_weights
    from models.checkpoints.recognition import recognise_network
    from models.classifier import Classifier, Weights, frozen

    shapes = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
    (match,) = recognise_network(network, shapes).matches
    fits = find_dataset(DATASET)
    return Classifier(
        name=place.stem,
        title=title,
        architecture=architectures.identity(match.row.name, match.row.options),
        module=frozen(build_with_weights(match, tensors)),
        weights=Weights.of(tensors, source=place.name),
        preprocessing=architectures.usual_preprocessing(match.row.name, match.row.options),
        classes=fits.classes,
        fits=DATASET,
        provenance=provenance,
        trained=True,
        claims=Claims(outputs=match.classes),
    )
