"""Keras files as practitioners write them, and what becomes of each: the same answers as in Keras, or one sentence.

`python -m tests.keras_reference --practice` compares them, in both formats that Keras writes.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from keras import layers as L  # noqa: N812

Make = Callable[[], Any]
SIZE = (40, 37, 3)


def _base(**settings: Any) -> Any:
    return keras.applications.MobileNetV2(weights=None, include_top=False, alpha=0.35, **settings)


def _augmentation(*entry: Any) -> Any:
    return keras.Sequential(
        [*entry, L.RandomFlip("horizontal"), L.RandomRotation(0.1), L.RandomZoom(0.1), L.RandomContrast(0.2)],
        name="data_augmentation",
    )


def _compiled(network: Any, **settings: Any) -> Any:
    """The network after one step of training, whose optimizer is kept with it."""
    network.compile(**{"loss": "mse", "optimizer": "adam", **settings})
    network.fit(
        np.zeros((2, *network.input_shape[1:]), "float32"),
        np.zeros((2, *network.output_shape[1:])),
        verbose=0,
    )
    return network


def transfer_in_sequence() -> Any:
    base = _base(input_shape=(64, 64, 3))
    base.trainable = False
    return _compiled(
        keras.Sequential(
            [
                base,
                L.GlobalAveragePooling2D(),
                L.Dropout(0.2),
                L.Dense(16, activation="relu"),
                L.Dense(5, "softmax"),
            ]
        )
    )


def transfer_as_the_tutorial_builds_it() -> Any:
    """tensorflow.org/tutorials/images/transfer_learning: augmentation, preprocess_input, base, head of one logit."""
    base = _base(input_shape=(64, 64, 3))
    base.trainable = False
    inputs = keras.Input((64, 64, 3))
    x = _augmentation()(inputs)
    x = keras.applications.mobilenet_v2.preprocess_input(x)
    x = L.GlobalAveragePooling2D()(base(x, training=False))
    return _compiled(keras.Model(inputs, L.Dense(1)(L.Dropout(0.2)(x))))


def transfer_flattened() -> Any:
    """Not nested: the head is put behind the base's own output."""
    base = _base(input_shape=(64, 64, 3))
    x = L.GlobalMaxPooling2D()(base.output)
    return keras.Model(base.input, L.Dense(3, activation="softmax")(L.BatchNormalization()(x)))


def pooled_base() -> Any:
    return keras.Sequential(
        [keras.Input((64, 64, 3)), _base(input_shape=(64, 64, 3), pooling="avg"), L.Dense(4)]
    )


def preprocessing_in_the_network() -> Any:
    inputs = keras.Input((None, None, 3))
    normal = L.Normalization()
    normal.adapt(np.random.default_rng(0).uniform(0, 1, (3, 8, 8, 3)).astype("float32"))
    x = L.RandomTranslation(0.1, 0.1)(L.RandomFlip()(L.Resizing(*SIZE[:2])(inputs)))
    x = normal(L.Rescaling(1 / 255)(x))
    x = L.GlobalAveragePooling2D()(L.Conv2D(8, 3, activation="relu")(x))
    return keras.Model(inputs, L.Dense(4, activation="softmax")(x))


def any_size() -> Any:
    inputs = keras.Input((None, None, 3))
    x = L.MaxPooling2D(3, 2, padding="same")(L.Conv2D(8, 3, 2, padding="same", activation="relu")(inputs))
    return keras.Model(inputs, L.Dense(4)(L.GlobalAveragePooling2D()(x)))


def convolutional_digits() -> Any:
    return _compiled(
        keras.Sequential(
            [keras.Input((28, 28, 1)), L.Conv2D(8, (3, 3), activation="relu"), L.MaxPooling2D((2, 2)), L.Flatten(),
             L.Dropout(0.5), L.Dense(10), L.Activation("softmax")]
        ),
        loss=keras.losses.CategoricalCrossentropy(label_smoothing=0.1),
        metrics=["accuracy", keras.metrics.TopKCategoricalAccuracy(3)],
        optimizer=keras.optimizers.SGD(keras.optimizers.schedules.CosineDecay(0.1, 100), momentum=0.9),
    )  # fmt: skip


def quickstart_digits() -> Any:
    """tensorflow.org/tutorials/quickstart/beginner: pictures without channels."""
    return _compiled(
        keras.Sequential([L.Flatten(input_shape=(28, 28)), L.Dense(32, "relu"), L.Dropout(0.2), L.Dense(10)])
    )


def digits_with_a_channel_put_on() -> Any:
    return keras.Sequential(
        [
            keras.Input((28, 28)),
            L.Reshape((28, 28, 1)),
            L.Rescaling(1 / 255),
            L.Conv2D(4, 3),
            L.Flatten(),
            L.Dense(10),
        ]
    )


def flat_digits() -> Any:
    return keras.Sequential([keras.Input((784,)), L.Dense(16, "relu"), L.Dense(10, "softmax")])


def built_by_its_first_call() -> Any:
    network = keras.Sequential(
        [L.Conv2D(4, 3, activation="relu"), L.Flatten(), L.Dense(3, activation="sigmoid")]
    )
    network(np.zeros((1, 12, 11, 3), "float32"))
    return network


def yes_or_no() -> Any:
    return _compiled(
        keras.Sequential(
            [keras.Input(SIZE), _augmentation(), L.Rescaling(1.0 / 255), L.Conv2D(8, 3, padding="same"), L.LeakyReLU(),
             L.MaxPooling2D(), L.Flatten(), L.Dense(1, activation="sigmoid")]
        ),
        loss="binary_crossentropy",
    )  # fmt: skip


@keras.saving.register_keras_serializable(package="mine")
class Focal(keras.losses.Loss):  # type: ignore[misc]
    """A loss of its maker's own."""

    def call(self, y_true: Any, y_pred: Any) -> Any:
        return keras.ops.mean(keras.ops.square(y_true - y_pred), -1)


@keras.saving.register_keras_serializable(package="mine")  # type: ignore[untyped-decorator]
def recall(y_true: Any, y_pred: Any) -> Any:  # a metric of its maker's own
    return keras.ops.mean(y_true * y_pred)


@keras.saving.register_keras_serializable(package="mine")
class Decay(keras.regularizers.Regularizer):  # type: ignore[misc]
    """A regulariser of its maker's own, which only training asks."""

    def __call__(self, x: Any) -> Any:
        return 0.1 * keras.ops.sum(keras.ops.square(x))

    def get_config(self) -> dict[str, Any]:
        return {}


def losses_and_metrics_of_its_own() -> Any:
    network = keras.Sequential(
        [keras.Input((9, 9, 3)), L.Conv2D(4, 3, kernel_regularizer=Decay(), kernel_constraint="max_norm"), L.Flatten(),
         L.Dense(3, kernel_regularizer="l2", kernel_initializer="he_normal", activity_regularizer="l1")]
    )  # fmt: skip
    return _compiled(network, loss=Focal(), metrics=[recall])


def _with_policy(policy: Any) -> Any:
    return keras.Sequential(
        [keras.Input((16, 16, 3)), L.Conv2D(8, 3, activation="relu", dtype=policy), L.BatchNormalization(dtype=policy),
         L.GlobalAveragePooling2D(dtype=policy), L.Dense(4, dtype=policy), L.Activation("softmax", dtype="float32")]
    )  # fmt: skip


def modern_block() -> Any:
    """Squeeze and excitation, skips, GELU, concatenation, layer normalisation, operators in between."""
    inputs = keras.Input((24, 22, 3))
    x = L.Conv2D(8, 4, strides=4)(inputs / 127.5 - 1)
    x = L.LayerNormalization(epsilon=1e-6)(x)
    skip = x
    x = L.Dense(16, activation="gelu")(L.DepthwiseConv2D(7, padding="same")(x))
    gate = L.Dense(16, activation="sigmoid")(
        L.Dense(4, activation="silu")(keras.ops.mean(x, axis=(1, 2), keepdims=True))
    )
    x = skip + L.Dense(8)(x * gate)
    x = L.Concatenate()([keras.ops.relu(x), keras.ops.gelu(-x)])
    return keras.Model(inputs, keras.ops.softmax(L.Dense(6)(L.GlobalAveragePooling2D()(x))))


def nested_deeply() -> Any:
    def block(width: int, entry: tuple[int, int, int]) -> Any:
        inputs = keras.Input(entry)
        return keras.Model(
            inputs, L.ReLU()(L.BatchNormalization()(L.Conv2D(width, 3, padding="same")(inputs)))
        )

    inner = keras.Sequential(
        [keras.Input((12, 12, 4)), block(6, (12, 12, 4)), L.AveragePooling2D(2), block(5, (6, 6, 6))]
    )
    return keras.Sequential([keras.Input((12, 12, 3)), block(4, (12, 12, 3)), inner, L.Flatten(), L.Dense(2)])


def channels_first() -> Any:
    first: dict[str, Any] = {"data_format": "channels_first"}
    return keras.Sequential(
        [keras.Input((3, 14, 12)), L.Conv2D(4, 3, padding="same", activation="relu", **first),
         L.BatchNormalization(axis=1), L.DepthwiseConv2D(3, **first), L.AveragePooling2D(2, padding="same", **first),
         L.SeparableConv2D(5, 2, **first), L.Flatten(**first), L.Dense(3)]
    )  # fmt: skip


def names_with_signs() -> Any:
    return keras.Sequential(
        [keras.Input((8, 8, 3), name="my input"), L.Conv2D(4, 3, name="block1_conv.1"), L.Flatten(name="flat-ten"),
         L.Dense(3, name="Ausgabe (7)")],
        name="Mein Netz v1.2",
    )  # fmt: skip


NETWORKS: dict[str, Make] = {
    make.__name__: make
    for make in (
        transfer_in_sequence,
        transfer_as_the_tutorial_builds_it,
        transfer_flattened,
        pooled_base,
        preprocessing_in_the_network,
        any_size,
        convolutional_digits,
        quickstart_digits,
        digits_with_a_channel_put_on,
        flat_digits,
        built_by_its_first_call,
        yes_or_no,
        losses_and_metrics_of_its_own,
        modern_block,
        nested_deeply,
        channels_first,
        names_with_signs,
    )
} | {
    f"of {policy}": lambda policy=policy: _with_policy(policy)
    for policy in ("mixed_float16", "mixed_bfloat16", "float16", "bfloat16", "float64")
}
# How far answers may be apart, as a share: half precision rounds, and so do the fifty layers of a base.
FAR = {"16": 2e-2, "transfer": 1e-4, "base": 1e-4}


class Subclassed(keras.Model):  # type: ignore[misc]
    """A network whose code is not in its file."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.flat, self.head = L.Flatten(), L.Dense(3)

    def call(self, inputs: Any) -> Any:
        return self.head(self.flat(inputs))


def _subclassed() -> Any:
    network = Subclassed()
    network(np.zeros((1, 8, 8, 3), "float32"))
    return network


def _two_outputs() -> Any:
    inputs = keras.Input((8, 8, 3))
    flat = L.Flatten()(inputs)
    return keras.Model(inputs, [L.Dense(2)(flat), L.Dense(3)(flat)])


def _with(*layers: Any) -> Make:
    return lambda: keras.Sequential(
        [keras.Input((8, 8, 4)), *(layer() for layer in layers), L.Flatten(), L.Dense(3)]
    )


def _quantised() -> Any:
    network = keras.Sequential([keras.Input((8, 8, 3)), L.Flatten(), L.Dense(3)])
    network.quantize("int8")
    return network


# What is refused -> how it is made, and a part of the sentence.
REFUSED: dict[str, tuple[Make, str]] = {
    "subclassed": (_subclassed, r"is a network of a class of its own \(Subclassed\)"),
    "two outputs": (_two_outputs, "has 1 inputs and 2 outputs"),
    "lambda": (_with(lambda: L.Lambda(lambda x: x * 2)), r"has code of its maker \(Lambda\)"),
    "attention": (
        _with(lambda: L.Reshape((64, 4)), lambda: L.LSTM(3)),
        r"a class that is not translated: layer lstm\w* \(LSTM\)",
    ),
    "quantised": (_quantised, "has quantised weights"),
}


def weights_alone(folder: Path) -> Path:
    """What save_weights() writes."""
    path = folder / "only.weights.h5"
    keras.Sequential([keras.Input((8, 8, 3)), L.Flatten(), L.Dense(3)]).save_weights(path)
    return path
