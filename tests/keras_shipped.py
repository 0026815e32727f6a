"""Train the Keras network that ships: `python -m tests.keras_shipped`, which needs `pip install -e ".[reference]"`.

It is the convolutional network of Keras's own first example, with the layer in front that brings pixels to 0 to 1.
"""

from __future__ import annotations

import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from keras import layers as L  # noqa: N812

from models.checkpoints.shipped import KERAS_CNN
from tests.paths import ROOT

EPOCHS, BATCH, VALIDATION = 12, 64, 0.05


def network() -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            L.Rescaling(1 / 255, name="pixels"),
            L.Conv2D(32, 3, activation="relu", name="conv1"),
            L.MaxPooling2D(2, name="pool1"),
            L.Conv2D(64, 3, activation="relu", name="conv2"),
            L.MaxPooling2D(2, name="pool2"),
            L.Flatten(name="flatten"),
            L.Dropout(0.5, name="dropout"),
            L.Dense(10, activation="softmax", name="digits"),
        ],
        name="mnist_convnet",
    )


def main() -> None:
    keras.utils.set_random_seed(0)
    with np.load(ROOT / "assets" / "datasets" / "mnist_10k.npz") as data:
        pictures = {half: data[f"x_{half}"][..., None].astype("float32") for half in ("train", "test")}
        labels = {half: data[f"y_{half}"] for half in ("train", "test")}
    trained = network()
    trained.compile(loss="sparse_categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    trained.fit(pictures["train"], labels["train"], BATCH, EPOCHS, verbose=2, validation_split=VALIDATION)
    answers = trained.predict(pictures["test"], verbose=0).argmax(1)
    # A network that was compiled keeps its optimizer's state in the file, twice the size of its weights.
    plain = network()
    plain.set_weights(trained.get_weights())
    KERAS_CNN.parent.mkdir(parents=True, exist_ok=True)
    plain.save(KERAS_CNN)
    print(f"{KERAS_CNN.name}: {np.mean(answers == labels['test']):.2%} of the test pictures right")


if __name__ == "__main__":
    main()
