"""Compare the translation of Keras files with Keras itself: `python -m tests.keras_reference`, and make CI's answers.

Needs `pip install -e ".[reference]"` (Keras and JAX, 0.4 GB on disk), which CI does without: `--write` keeps small
files with the answers that Keras gave in `tests/models/checkpoints/keras/references.zip`, and CI compares with these.

    python -m tests.keras_reference                 every layer class, 20 random configurations each
    python -m tests.keras_reference Conv2D --count 200
    python -m tests.keras_reference --networks      whole networks of keras.applications, random weights and statistics
    python -m tests.keras_reference --practice      files as practitioners write them, and sentences for what is refused
    python -m tests.keras_reference --write         CI's file, with the versions that made it; of NAMES those alone anew
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

os.environ["KERAS_BACKEND"] = "jax"

import keras
from keras import layers as L  # noqa: N812

from models.checkpoints.keras.layers import LAYERS, OPERATIONS
from models.checkpoints.limits import RefusalError
from tests import keras_practice
from tests.models.checkpoints.keras.answers import FILE, answer

Random = np.random.Generator
TOLERANCE = 2e-5
PICTURE = 3
Draw = Callable[[Random], Any]


def choose(rng: Random, *options: Any) -> Any:
    return options[int(rng.integers(len(options)))]


def side(rng: Random) -> int:
    return int(rng.integers(5, 12))


def shape(rng: Random, channels: int | None = None) -> tuple[int, int, int]:
    return (side(rng), side(rng), channels or int(rng.integers(1, 7)))


def pair(rng: Random, most: int) -> tuple[int, int]:
    return (int(rng.integers(1, most + 1)), int(rng.integers(1, most + 1)))


def chain(entry: tuple[int, ...], *layers: Any, flat: bool = True) -> Any:
    """A network of layers behind each other that gives one row."""
    if len(entry) < PICTURE:
        layers = (L.Reshape(entry), *layers)
        entry = (*(1,) * (PICTURE - len(entry)), *entry)
    made = keras.Sequential([keras.Input(entry), *layers])
    if flat and len(made.output_shape) > 2:
        made.add(L.Flatten())
    return made


def joined(entry: tuple[int, ...], build: Callable[[Any], Any]) -> Any:
    """A functional network that gives one row."""
    inputs = keras.Input(entry)
    outputs = build(inputs)
    return keras.Model(inputs, L.Flatten()(outputs) if len(outputs.shape) > 2 else outputs)


def activation(rng: Random) -> Any:
    return choose(rng, None, None, "relu", "gelu", "swish", "tanh", "hard_sigmoid", "leaky_relu", "softmax")


def strided(rng: Random, *, depthwise: bool = False) -> dict[str, Any]:
    """Strides, padding and dilation that Keras takes together."""
    kind = choose(rng, "plain", "strides", "dilation")
    settings: dict[str, Any] = {"kernel_size": pair(rng, 4), "padding": choose(rng, "same", "valid")}
    if kind == "strides":
        settings["strides"] = choose(rng, 2, 3, 2) if depthwise else choose(rng, pair(rng, 3), 2, 3)
    if kind == "dilation":
        settings["dilation_rate"] = choose(rng, 2, (1, 2))
        settings["kernel_size"] = (2, 3)
    return settings


def conv2d(rng: Random) -> Any:
    groups = choose(rng, 1, 1, 2)
    entry = shape(rng, 2 * groups)
    layer = L.Conv2D(
        2 * groups,
        **strided(rng),
        groups=groups,
        use_bias=choose(rng, True, False),
        activation=activation(rng),
    )
    return chain(entry, layer)


def depthwise(rng: Random) -> Any:
    settings = strided(rng, depthwise=True)
    return chain(
        shape(rng),
        L.DepthwiseConv2D(
            **settings,
            depth_multiplier=int(rng.integers(1, 3)),
            use_bias=choose(rng, True, False),
            activation=activation(rng),
        ),
    )


def separable(rng: Random) -> Any:
    settings = strided(rng, depthwise=True)
    return chain(
        shape(rng),
        L.SeparableConv2D(
            3, **settings, depth_multiplier=int(rng.integers(1, 3)), use_bias=choose(rng, True, False)
        ),
    )


def channels_first(rng: Random) -> Any:
    """Three layers of all that know an order of axes, in the other one."""
    draws: tuple[Callable[[dict[str, Any]], Any], ...] = (
        lambda first: L.Conv2D(4, groups=choose(rng, 1, 2), **strided(rng), **first),
        lambda first: L.DepthwiseConv2D(**strided(rng, depthwise=True), **first),
        lambda first: L.SeparableConv2D(4, **strided(rng, depthwise=True), **first),
        lambda first: L.Conv2DTranspose(4, pair(rng, 3), pair(rng, 2), choose(rng, "same", "valid"), **first),
        lambda first: L.MaxPooling2D(pair(rng, 3), choose(rng, 1, 2), choose(rng, "same", "valid"), **first),
        lambda first: L.AveragePooling2D(
            pair(rng, 3), choose(rng, 1, 2), choose(rng, "same", "valid"), **first
        ),
        lambda first: L.UpSampling2D(pair(rng, 2), interpolation=choose(rng, "nearest", "bilinear"), **first),
        lambda first: L.ZeroPadding2D(((0, 1), (2, 0)), **first),
        lambda first: L.Cropping2D(((0, 1), (1, 0)), **first),
        lambda first: L.BatchNormalization(axis=1),
        lambda first: L.PReLU(shared_axes=choose(rng, None, [2, 3])),
    )
    first = {"data_format": "channels_first"}
    head = choose(rng, L.GlobalAveragePooling2D, L.GlobalMaxPooling2D, L.Flatten)(**first)
    entry = (4, int(rng.integers(9, 14)), int(rng.integers(9, 14)))
    return chain(entry, *(choose(rng, *draws)(first) for _ in range(3)), head, L.Dense(3))


def transposed(rng: Random) -> Any:
    strides, kernel = pair(rng, 3), pair(rng, 4)
    settings: dict[str, Any] = {
        "strides": strides,
        "kernel_size": kernel,
        "padding": choose(rng, "same", "valid"),
    }
    if rng.random() < 0.3 and max(strides) > 1:
        settings["strides"], settings["kernel_size"] = (2, 2), (3, 3)
        settings["output_padding"] = choose(rng, 0, 1, (0, 1))
    elif rng.random() < 0.2:
        settings["strides"], settings["dilation_rate"] = 1, 2
    return chain(shape(rng), L.Conv2DTranspose(2, **settings, use_bias=choose(rng, True, False)))


def dense(rng: Random) -> Any:
    entry = choose(rng, (5,), shape(rng), (4, 6))
    return chain(entry, L.Dense(3, use_bias=choose(rng, True, False), activation=activation(rng)))


def pool(kind: Any) -> Draw:
    def draw(rng: Random) -> Any:
        settings: dict[str, Any] = {"pool_size": pair(rng, 4), "padding": choose(rng, "same", "valid")}
        if rng.random() < 0.7:
            settings["strides"] = choose(rng, 1, 2, 3, (2, 1))
        return chain(shape(rng), kind(**settings))

    return draw


def whole(kind: Any, rank: int = 3) -> Draw:
    def draw(rng: Random) -> Any:
        return chain(shape(rng)[:rank], kind(keepdims=choose(rng, True, False)))

    return draw


def adaptive(kind: Any) -> Draw:
    return lambda rng: chain(shape(rng), kind(pair(rng, 4)))


def batch_norm(rng: Random) -> Any:
    entry = choose(rng, (5,), shape(rng), (4, 6))
    settings = {
        "scale": choose(rng, True, False),
        "center": choose(rng, True, False),
        "renorm": rng.random() < 0.2,
    }
    return chain(entry, L.BatchNormalization(**settings, epsilon=choose(rng, 1e-3, 1e-5)))


def layer_norm(rng: Random) -> Any:
    entry = choose(rng, (5,), shape(rng, 4), (4, 6))
    axis = choose(rng, -1, -1, [1, 2, 3]) if len(entry) == 3 else -1
    rms = axis == -1 and rng.random() < 0.2
    return chain(
        entry,
        L.LayerNormalization(
            axis=axis, scale=choose(rng, True, False), center=choose(rng, True, False), rms_scaling=rms
        ),
    )


def group_norm(rng: Random) -> Any:
    return chain(
        shape(rng, 6), L.GroupNormalization(choose(rng, 1, 2, 3, -1), scale=choose(rng, True, False))
    )


def rms_norm(rng: Random) -> Any:
    return chain(choose(rng, (5,), shape(rng), (4, 6)), L.RMSNormalization())


def unit_norm(rng: Random) -> Any:
    return chain(shape(rng), L.UnitNormalization(axis=choose(rng, -1, 1, [1, 2], [1, 2, 3])))


ACTIVATIONS = (
    *(
        "relu",
        "relu6",
        "sigmoid",
        "tanh",
        "gelu",
        "silu",
        "elu",
        "selu",
        "celu",
        "softplus",
        "softsign",
        "mish",
    ),
    *("leaky_relu", "hard_silu", "hard_tanh", "hard_shrink", "soft_shrink", "tanh_shrink", "log_sigmoid"),
    *("squareplus", "exponential", "softmax", "log_softmax", "hard_sigmoid", "linear"),
)


def activation_layer(rng: Random) -> Any:
    return chain(shape(rng), L.Activation(choose(rng, *ACTIVATIONS)))


def relu(rng: Random) -> Any:
    settings = {
        "max_value": choose(rng, None, 6.0, 1.5),
        "negative_slope": choose(rng, 0.0, 0.2),
        "threshold": choose(rng, 0.0, 0.5),
    }
    return chain(shape(rng), L.ReLU(**settings))


def prelu(rng: Random) -> Any:
    return chain(shape(rng), L.PReLU(shared_axes=choose(rng, None, [1, 2], [1])))


def softmax(rng: Random) -> Any:
    return chain(shape(rng), L.Softmax(axis=choose(rng, -1, 1, 2, 3)))


def merge(kind: Any, most: int = 3) -> Draw:
    def draw(rng: Random) -> Any:
        count = int(rng.integers(2, most + 1))
        tall = rng.random() < 0.3

        def build(inputs: Any) -> Any:
            branches = [L.Conv2D(3, 1)(inputs) for _ in range(count)]
            if tall:
                branches[0] = L.GlobalAveragePooling2D(keepdims=True)(branches[0])
            return kind()(branches)

        return joined(shape(rng), build)

    return draw


def concatenate(rng: Random) -> Any:
    axis = choose(rng, -1, 1, 2, 3)
    return joined(
        shape(rng), lambda one: L.Concatenate(axis=axis)([L.Conv2D(2, 1)(one), L.Conv2D(2, 1)(one)])
    )


def flatten(rng: Random) -> Any:
    return chain(shape(rng), L.Conv2D(2, 2), L.Flatten(), L.Dense(4))


def reshape(rng: Random) -> Any:
    target = choose(rng, (-1, 3), (8, 3, 2), (3, -1, 4), (1, 1, 48), (48,), (2, 24))
    return chain((4, 4, 3), L.Reshape(target), *([L.Conv2D(2, 1)] if len(target) == 3 else []))


def permute(rng: Random) -> Any:
    return chain(shape(rng), L.Permute(choose(rng, (2, 1, 3), (3, 1, 2), (1, 3, 2), (2, 3, 1))))


def padded(rng: Random) -> Any:
    return chain(shape(rng), L.ZeroPadding2D(choose(rng, 1, (1, 2), ((0, 1), (2, 0)))))


def cropped(rng: Random) -> Any:
    return chain(shape(rng), L.Cropping2D(choose(rng, 1, (1, 2), ((0, 1), (2, 0)))))


def enlarged(rng: Random) -> Any:
    return chain(shape(rng), L.UpSampling2D(pair(rng, 3), interpolation=choose(rng, "nearest", "bilinear")))


def rescaling(rng: Random) -> Any:
    return chain(
        shape(rng, 3),
        L.Rescaling(choose(rng, 1 / 255, [0.1, 0.2, 0.3]), choose(rng, 0.0, -1.0, [0.1, 0.2, 0.3])),
    )


def normalization(rng: Random) -> Any:
    entry = shape(rng, 3)
    kind = choose(rng, "adapted", "said", "number")
    if kind == "said":
        return chain(entry, L.Normalization(mean=[0.1, 0.2, 0.3], variance=[0.5, 1.0, 2.0]))
    if kind == "number":
        return chain(entry, L.Normalization(axis=None, mean=0.3, variance=2.0))
    layer = L.Normalization()
    layer.adapt(rng.normal(1, 2, (5, *entry)).astype("float32"))
    return chain(entry, layer)


def resizing(rng: Random) -> Any:
    return chain(
        shape(rng), L.Resizing(side(rng), side(rng), interpolation=choose(rng, "nearest", "bilinear"))
    )


def center_crop(rng: Random) -> Any:
    return chain((9, 10, 2), L.CenterCrop(int(rng.integers(2, 9)), int(rng.integers(2, 10))))


def idle(kind: str) -> Draw:
    settings: dict[str, tuple[Any, ...]] = {
        "RandomCrop": (20, 20),
        "RandomTranslation": (0.1, 0.1),
        "RandomFlip": (),
        "ActivityRegularization": (),
        "Identity": (),
        "MixUp": (),
        "CutMix": (),
        "RandAugment": (),
        "AugMix": (),
        "RandomColorJitter": (),
        "RandomErasing": (),
        "RandomElasticTransform": (),
        "RandomGaussianBlur": (),
        "RandomPerspective": (),
        "RandomShear": (),
        "RandomInvert": (),
        "RandomGrayscale": (),
        "RandomPosterization": (4,),
    }
    if kind == "SpatialDropout1D":
        return lambda rng: chain((4, 5), getattr(L, kind)(0.3), L.Dense(2))

    def draw(rng: Random) -> Any:
        return chain(shape(rng, 3), getattr(L, kind)(*settings.get(kind, (0.3,))), L.Conv2D(2, 1))

    return draw


def operation(of: Callable[[Any], Any]) -> Draw:
    return lambda rng: joined(shape(rng, 3), lambda one: of(L.Conv2D(3, 1)(one)))


def get_item(rng: Random) -> Any:
    key = choose(
        rng,
        np.s_[:, 1:],
        np.s_[:, ::2, 1:4],
        np.s_[:, :, :, 1:],
        np.s_[:, 0],
        np.s_[:, :, 1, :],
        np.s_[:, 0, 1],
    )
    return joined(shape(rng, 4), lambda one: L.Conv2D(3, 2)(one)[key])


def reduced(of: Any) -> Draw:
    def draw(rng: Random) -> Any:
        axis, keep = choose(rng, ((1, 2), False), ((1, 2), True), (-1, True), ((1,), True), (-1, False))
        return joined(shape(rng, 3), lambda one: of(L.Conv2D(3, 1)(one), axis=axis, keepdims=keep))

    return draw


O = keras.ops  # noqa: E741  # as Keras's own examples call layers L
KINDS: dict[str, Draw] = {
    "Conv2D": conv2d,
    "DepthwiseConv2D": depthwise,
    "SeparableConv2D": separable,
    "Conv2DTranspose": transposed,
    "channels first": channels_first,
    "Dense": dense,
    "MaxPooling2D": pool(L.MaxPooling2D),
    "AveragePooling2D": pool(L.AveragePooling2D),
    "GlobalAveragePooling2D": whole(L.GlobalAveragePooling2D),
    "GlobalMaxPooling2D": whole(L.GlobalMaxPooling2D),
    "GlobalAveragePooling1D": whole(L.GlobalAveragePooling1D, 2),
    "GlobalMaxPooling1D": whole(L.GlobalMaxPooling1D, 2),
    "AdaptiveAveragePooling2D": adaptive(getattr(L, "AdaptiveAveragePooling2D", None)),
    "AdaptiveMaxPooling2D": adaptive(getattr(L, "AdaptiveMaxPooling2D", None)),
    "BatchNormalization": batch_norm,
    "LayerNormalization": layer_norm,
    "GroupNormalization": group_norm,
    "RMSNormalization": rms_norm,
    "UnitNormalization": unit_norm,
    "Activation": activation_layer,
    "ReLU": relu,
    "LeakyReLU": lambda rng: chain(shape(rng), L.LeakyReLU(choose(rng, 0.3, 0.1))),
    "ELU": lambda rng: chain(shape(rng), L.ELU(choose(rng, 1.0, 0.4))),
    "PReLU": prelu,
    "Softmax": softmax,
    "Add": merge(L.Add),
    "Average": merge(L.Average),
    "Subtract": merge(L.Subtract, 2),
    "Multiply": merge(L.Multiply),
    "Maximum": merge(L.Maximum),
    "Minimum": merge(L.Minimum),
    "Concatenate": concatenate,
    "Flatten": flatten,
    "Reshape": reshape,
    "Permute": permute,
    "RepeatVector": lambda rng: chain((5,), L.RepeatVector(3), L.Dense(2)),
    "ZeroPadding2D": padded,
    "Cropping2D": cropped,
    "UpSampling2D": enlarged,
    "Rescaling": rescaling,
    "Normalization": normalization,
    "Resizing": resizing,
    "CenterCrop": center_crop,
}
KINDS |= {
    kind: idle(kind)
    for kind in LAYERS
    if kind not in KINDS and hasattr(L, kind) and LAYERS[kind].__module__.endswith("preparing")
}
ACTIONS: dict[str, Draw] = {
    "Add": lambda rng: operation(choose(rng, lambda x: x + 2, lambda x: 0.5 + x, lambda x: x + x))(rng),
    "Subtract": lambda rng: operation(choose(rng, lambda x: x - 2, lambda x: 1 - x))(rng),
    "Multiply": lambda rng: operation(choose(rng, lambda x: x * 2, lambda x: 0.5 * x, lambda x: x * x))(rng),
    "Divide": lambda rng: operation(choose(rng, lambda x: O.divide(x, 127.5)))(rng),
    "TrueDivide": lambda rng: operation(choose(rng, lambda x: x / 127.5, lambda x: 1 / (x * x + 2)))(rng),
    "Power": operation(lambda x: x**2),
    "Negative": operation(lambda x: -x),
    "Absolute": operation(O.absolute),
    "Exp": operation(O.exp),
    "Sqrt": operation(lambda x: O.sqrt(x * x + 1)),
    "Square": operation(O.square),
    "Relu": operation(O.relu),
    "Relu6": operation(O.relu6),
    "Sigmoid": operation(O.sigmoid),
    "Tanh": operation(O.tanh),
    "Silu": operation(O.silu),
    "Softplus": operation(O.softplus),
    "HardSigmoid": operation(O.hard_sigmoid),
    "HardSilu": operation(O.hard_silu),
    "LeakyRelu": operation(lambda x: O.leaky_relu(x, 0.1)),
    "Gelu": lambda rng: operation(lambda x: O.gelu(x, approximate=bool(rng.integers(2))))(rng),
    "Softmax": operation(O.softmax),
    "LogSoftmax": operation(lambda x: O.log_softmax(x, axis=-1)),
    "Mean": reduced(O.mean),
    "Max": reduced(O.max),
    "GetItem": get_item,
    "Reshape": lambda rng: joined(
        (4, 4, 3), lambda x: O.reshape(L.Conv2D(3, 1)(x), choose(rng, (-1, 48), (-1, 8, 2, 3)))
    ),
    "Transpose": lambda rng: joined(
        shape(rng), lambda x: O.transpose(L.Conv2D(3, 1)(x), choose(rng, (0, 2, 1, 3), (0, 3, 1, 2)))
    ),
    "Concatenate": operation(lambda x: O.concatenate([x, O.relu(x)], axis=-1)),
}


def small_networks() -> dict[str, Any]:
    """What real networks are made of, small: inverted residuals, squeeze and excitation, dense blocks, nested ones."""

    def mobile(x: Any) -> Any:
        y = L.ReLU(6.0)(L.BatchNormalization()(L.Conv2D(8, 1, use_bias=False)(x)))
        y = L.ZeroPadding2D(((0, 1), (0, 1)))(y)
        y = L.BatchNormalization()(L.DepthwiseConv2D(3, strides=2, use_bias=False)(y))
        s = L.Reshape((1, 1, 8))(L.GlobalAveragePooling2D()(y))
        s = L.Conv2D(8, 1, activation="sigmoid")(L.Conv2D(2, 1, activation="swish")(s))
        y = L.Multiply()([y, s])
        return L.Dense(4, activation="softmax")(L.Dropout(0.2)(L.GlobalAveragePooling2D()(y)))

    def residual(x: Any) -> Any:
        x = L.Conv2D(4, 3, padding="same", strides=2, name="stem")(x / 127.5 - 1)
        y = L.Activation("relu")(
            L.BatchNormalization(scale=False)(L.SeparableConv2D(4, 3, padding="same")(x))
        )
        y = L.MaxPooling2D(3, 2, padding="same")(L.Add()([x, y]))
        y = L.Concatenate()([y, L.AveragePooling2D(3, 1, padding="same")(y)])
        return L.Dense(3)(L.Flatten()(y))

    def mixing(x: Any) -> Any:
        x = L.Conv2D(4, 2, 2)(x)
        x = L.Add()([x, convnext(L.DepthwiseConv2D(3, padding="same")(x))])
        return L.Dense(3)(L.GlobalAveragePooling2D()(x))

    def first(x: Any) -> Any:
        f: dict[str, Any] = {"data_format": "channels_first"}
        y = L.BatchNormalization(axis=1)(L.Conv2D(4, 3, 2, padding="same", activation="relu", **f)(x))
        beside = L.MaxPooling2D(3, 1, padding="same", **f)(y), L.GroupNormalization(2, axis=1)(y)
        y = L.Cropping2D(1, **f)(L.ZeroPadding2D(((0, 1), (1, 0)), **f)(L.Concatenate(axis=1)([y, *beside])))
        y = L.PReLU(shared_axes=[2, 3])(L.Conv2DTranspose(5, 3, 2, padding="same", **f)(y))
        whole = L.GlobalAveragePooling2D(keepdims=True, **f)(L.UpSampling2D(2, **f)(y))
        y = L.Multiply()([y, L.Conv2D(5, 1, activation="sigmoid", **f)(whole)])
        return L.Dense(3, activation="softmax")(L.GlobalMaxPooling2D(**f)(y))

    inner = joined(
        (7, 7, 4), lambda x: L.Dense(5)(L.GlobalMaxPooling2D()(L.BatchNormalization()(L.Conv2D(5, 3)(x))))
    )
    augment = keras.Sequential([keras.Input((16, 15, 3)), L.RandomFlip(), L.RandomRotation(0.1)])
    convnext = keras.Sequential(
        [L.LayerNormalization(epsilon=1e-6), L.Dense(6), L.Activation("gelu"), L.Dense(4)]
    )
    return {
        "mobile": joined((12, 13, 3), mobile),
        "residual": joined((11, 14, 3), residual),
        "nested": keras.Sequential(
            [keras.Input((16, 15, 3)), augment, L.Rescaling(1 / 255), L.Conv2D(4, 3, strides=2), L.CenterCrop(7, 7),
             inner, L.Dropout(0.1), L.Dense(1, activation="sigmoid")]
        ),
        "convnext": joined((6, 6, 3), mixing),
        "channels first network": joined((3, 12, 13), first),
        "layer as activation": chain(
            (6, 6, 3), L.Conv2D(3, 2, activation=L.LeakyReLU(0.1)), L.Flatten(), L.Dense(4, activation=L.PReLU())
        ),
    }  # fmt: skip


def shake(network: Any, rng: Random) -> None:
    """Random weights and statistics at which signals neither vanish nor explode."""
    # A layer that is the activation of another has weights from its first call on.
    network.predict(np.zeros((1, *entry_of(network)), "float32"), verbose=0)
    for weight in network.weights:
        name, sizes = weight.path.rpartition("/")[2], weight.shape
        # Normalization works out its numbers when it is adapted or loaded.
        if "seed" in weight.path or name in ("count", "mean", "variance"):
            continue
        if name in ("moving_variance", "gamma", "scale", "moving_stddev"):
            value = rng.uniform(0.5, 1.5, sizes)
        elif "kernel" in name:
            fan = np.prod(sizes[:2] if "depthwise" in weight.path else sizes[:-1])
            value = rng.normal(0, 1.4 / np.sqrt(max(fan, 1)), sizes)
        else:
            value = rng.normal(0, 0.3, sizes)
        weight.assign(np.asarray(value, "float32"))


def saved(network: Any, path: Path) -> bool:
    """Save a network; False where Keras itself cannot, as RandomBrightness and its like in an .h5 file."""
    try:
        network.save(path)
    except TypeError:
        if path.suffix != ".h5":
            raise
        return False
    return True


def difference(
    network: Any, pictures: np.ndarray, folder: Path, endings: tuple[str, ...] = (".keras", ".h5")
) -> float:
    """The largest difference from Keras's answer, as a share of its largest number; in both formats."""
    wanted, worst = np.asarray(network.predict(pictures, verbose=0)), 0.0
    for ending in endings:
        path = folder / f"network{ending}"
        if not saved(network, path):
            continue
        got = answer(path, pictures)
        assert got.shape == wanted.shape, f"{got.shape} instead of {wanted.shape}"
        worst = max(worst, float(np.abs(got - wanted).max() / max(np.abs(wanted).max(), 1e-9)))
    return worst


def entry_of(network: Any) -> tuple[int, ...]:
    """The shape of what goes in, a size of our own where any will do."""
    said = network.input_shape[1:]
    return tuple(own or ours for own, ours in zip(said, keras_practice.SIZE, strict=False))


def pictures_for(network: Any, rng: Random, count: int = 2) -> np.ndarray:
    return rng.normal(0, 1, (count, *entry_of(network))).astype("float32")


def cases(names: list[str]) -> dict[str, Draw]:
    every = {**KINDS, **{f"ops.{name}": draw for name, draw in ACTIONS.items()}}
    return {name: draw for name, draw in every.items() if not names or name in names}


def compare_layers(names: list[str], count: int, folder: Path) -> int:
    bad = 0
    for name, draw in cases(names).items():
        worst, failed, refused, made = 0.0, [], [], 0
        for seed in range(count):
            keras.backend.clear_session(free_memory=False)
            rng = np.random.default_rng(seed)
            try:
                network = draw(rng)
            except ValueError:  # Keras itself refuses such a configuration
                continue
            made += 1
            shake(network, rng)
            try:
                off = difference(network, pictures_for(network, rng), folder)
            except RefusalError as refusal:
                refused.append((seed, str(refusal)))
                continue
            except Exception as error:
                failed.append((seed, f"{type(error).__name__}: {str(error)[:300]}"))
                continue
            worst = max(worst, off)
            if not off <= TOLERANCE:
                failed.append((seed, f"off by {off:.2g}"))
        bad += len(failed)
        print(
            f"{name}: {made} made, {worst:.1e} at most, {len(refused)} refused, {len(failed)} wrong",
            flush=True,
        )
        for seed, why in [*failed[:3], *refused[:2]]:
            print(f"    seed {seed}: {why}", flush=True)
    missing = {kind for kind in LAYERS if kind not in KINDS} | {
        f"ops.{kind}" for kind in OPERATIONS if kind not in ACTIONS
    }
    if not names:
        print(f"not drawn: {', '.join(sorted(missing))}")
    return bad


# Of keras.applications: the height and width of what goes in, odd on purpose where the network takes it.
NETWORKS: dict[str, tuple[int, int]] = {
    "MobileNet": (96, 75),
    "MobileNetV2": (96, 75),
    "MobileNetV3Small": (75, 64),
    "MobileNetV3Large": (75, 64),
    "EfficientNetB0": (96, 75),
    "EfficientNetV2B0": (96, 75),
    "ResNet50": (96, 75),
    "ResNet50V2": (96, 75),
    "DenseNet121": (96, 75),
    "Xception": (101, 97),
    "InceptionV3": (107, 96),
    "ConvNeXtTiny": (64, 75),
    "NASNetMobile": (96, 96),
    "VGG16": (64, 64),
}


def compare_networks(names: list[str], folder: Path) -> int:
    bad = 0
    for name, size in NETWORKS.items():
        if names and name not in names:
            continue
        keras.backend.clear_session()
        rng = np.random.default_rng(0)
        network = getattr(keras.applications, name)(
            weights=None, classes=7, classifier_activation=None, input_shape=(*size, 3)
        )
        shake(network, rng)
        try:
            off = difference(network, pictures_for(network, rng), folder)
            print(f"{name}: {off:.1e}", flush=True)
            bad += not off <= 1e-4
        except RefusalError as refusal:
            bad += 1
            print(f"{name}: refused: {refusal}", flush=True)
    return bad


def compare_practice(names: list[str], folder: Path) -> int:
    bad = 0
    for name, make in keras_practice.NETWORKS.items():
        if names and name not in names:
            continue
        keras.backend.clear_session()
        rng = np.random.default_rng(0)
        try:
            network = make()
            shake(network, rng)
            off = difference(network, pictures_for(network, rng), folder)
            good = off <= next((far for part, far in keras_practice.FAR.items() if part in name), TOLERANCE)
            print(f"{name}: {off:.1e}{'' if good else ' wrong'}", flush=True)
        except Exception as error:
            good = False
            print(f"{name}: {type(error).__name__}: {str(error)[:300]}", flush=True)
        bad += not good
    for name, (make, sentence) in keras_practice.REFUSED.items():
        if names and name not in names:
            continue
        network, said = make(), []
        for ending in (".keras", ".h5"):
            path = folder / f"refused{ending}"
            try:
                network.save(path)
                answer(path, np.zeros((1, 8, 8, 3), "float32"))
                said.append(f"{ending} is read")
            except NotImplementedError:  # Keras itself keeps no subclassed network in an .h5 file
                continue
            except RefusalError as refusal:
                said += [] if re.search(sentence, str(refusal)) else [f"{ending} {refusal}"]
            except Exception as error:
                said.append(f"{ending} {type(error).__name__}: {str(error)[:300]}")
        bad += bool(said)
        print(f"{name}: {'; '.join(said) or 'refused, as it should be'}", flush=True)
    return bad


# Bytes, compressed, of a file that CI keeps: more weights of one layer say nothing more.
MOST_KEPT = 20_000


def write(names: list[str], folder: Path, each: int = 2) -> None:
    """CI's file: for every class a few configurations with Keras's answers, the small networks, and practitioners'.

    Of some names these alone are made anew.
    """
    import jax

    content: dict[str, bytes] = {}
    if names:
        with zipfile.ZipFile(FILE) as archive:
            content = {name: archive.read(name) for name in archive.namelist()}
    content["versions.json"] = json.dumps({"keras": keras.__version__, "jax": jax.__version__}).encode()

    def add(name: str, network: Any, seed: int) -> None:
        rng = np.random.default_rng(seed)
        shake(network, rng)
        pictures = pictures_for(network, rng)
        for ending in (".keras", ".h5") if seed % 2 == 0 else (".keras",):
            path = folder / f"network{ending}"
            if saved(network, path) and len(zlib.compress(path.read_bytes(), 9)) <= MOST_KEPT:
                content[f"{name}-{seed}{ending}"] = path.read_bytes()
        if not any(one.startswith(f"{name}-{seed}.") for one in content):
            return
        arrays = io.BytesIO()
        np.savez(arrays, pictures=pictures, answer=np.asarray(network.predict(pictures, verbose=0)))
        content[f"{name}-{seed}.npz"] = arrays.getvalue()

    for name, draw in cases(names).items():
        made = 0
        for seed in range(20):
            keras.backend.clear_session(free_memory=False)
            try:
                network = draw(np.random.default_rng(seed))
            except ValueError:
                continue
            add(name, network, seed)
            made += 1
            if made == each:
                break
    keras.backend.clear_session()
    for name, network in small_networks().items():
        if not names or name in names:
            add(name, network, 0)
    for name, make in keras_practice.NETWORKS.items():
        # Half precision is no measure, and a base of fifty layers no small file.
        if (not names or name in names) and not any(part in name for part in keras_practice.FAR):
            add(name, make(), 0)
    with zipfile.ZipFile(FILE, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, one in sorted(content.items()):
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), one, zipfile.ZIP_DEFLATED, 9)
    print(f"{len(content):,} files, {FILE.stat().st_size:,} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*")
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--networks", action="store_true")
    parser.add_argument("--practice", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        if options.write:
            write(options.names, place)
            return
        if options.networks:
            bad = compare_networks(options.names, place)
        elif options.practice:
            bad = compare_practice(options.names, place)
        else:
            bad = compare_layers(options.names, options.count, place)
        if bad:
            raise SystemExit(1)


if __name__ == "__main__":
    main()
