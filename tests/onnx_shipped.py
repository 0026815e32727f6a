"""Make the ONNX networks that ship: `python -m tests.onnx_shipped`, which needs `pip install -e ".[reference]"`.

One is our own CNN as torch exports it, the other a perceptron that scikit-learn trained, as skl2onnx writes it.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import torch
from skl2onnx import to_onnx
from sklearn.neural_network import MLPClassifier

from models.checkpoints.shipped import ONNX_CNN, SKLEARN_MLP
from models.networks import find_network
from models.runtime.progress import silent
from tests.paths import ROOT

HIDDEN, STEPS = 48, 30


def export_cnn(place: Path) -> None:
    """Our CNN, for any number of pictures."""
    network = find_network("cnn").load(silent).module
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            (torch.zeros(1, 1, 28, 28),),
            place,
            dynamo=False,
            opset_version=17,
            input_names=["pictures"],
            output_names=["logits"],
            dynamic_axes={"pictures": {0: "n"}, "logits": {0: "n"}},
        )


def train_perceptron(place: Path) -> None:
    """A perceptron of scikit-learn on pixels from 0 to 1."""
    with np.load(ROOT / "assets" / "datasets" / "mnist_10k.npz") as data:
        pictures = {
            half: data[f"x_{half}"].reshape(-1, 784).astype(np.float32) / 255 for half in ("train", "test")
        }
        labels = {half: data[f"y_{half}"] for half in ("train", "test")}
    trained = MLPClassifier((HIDDEN,), max_iter=STEPS, random_state=0, alpha=1e-2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that more steps would still help
        trained.fit(pictures["train"], labels["train"].astype(np.int64))
    place.write_bytes(to_onnx(trained, pictures["train"][:1]).SerializeToString())
    print(f"{place.name}: {trained.score(pictures['test'], labels['test']):.2%} of the test pictures right")


if __name__ == "__main__":
    export_cnn(ONNX_CNN)
    train_perceptron(SKLEARN_MLP)
