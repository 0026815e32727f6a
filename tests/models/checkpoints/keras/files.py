"""Keras files made by hand, without Keras: small honest ones, and what is refused."""

from __future__ import annotations

import copy
import io
import json
import warnings
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import h5py
import numpy as np

Config = dict[str, Any]


def layer(kind: str, name: str = "", **config: Any) -> Config:
    """One layer as Keras 3 writes it."""
    named = name or kind.lower()
    return {
        "module": "keras.layers",
        "class_name": kind,
        "config": {"name": named, "trainable": True, "dtype": {"class_name": "DTypePolicy"}, **config},
        "name": named,
    }


def entry(*shape: int | None) -> Config:
    return layer("InputLayer", "entry", batch_shape=[None, *shape])


def sequential(*layers: Config, name: str = "net") -> Config:
    return {"class_name": "Sequential", "module": "keras", "config": {"name": name, "layers": list(layers)}}


def reads(one: Config, *names: str, times: int = 1) -> Config:
    """The layer with what it reads, in each of some calls."""
    tensors = [
        {"class_name": "__keras_tensor__", "config": {"keras_history": [name, 0, 0]}} for name in names
    ]
    args = tensors if len(tensors) < 2 else [tensors]
    return {**one, "inbound_nodes": [{"args": args, "kwargs": {}}] * times if names else []}


def functional(
    *layers: Config, inputs: tuple[str, ...] = ("entry",), outputs: tuple[str, ...] = ("dense",)
) -> Config:
    ends = {
        f"{what}_layers": [[name, 0, 0] for name in names]
        for what, names in (("input", inputs), ("output", outputs))
    }
    return {
        "class_name": "Functional",
        "module": "keras",
        "config": {"name": "net", "layers": list(layers), **ends},
    }


def h5(arrays: Mapping[str, Any], attributes: Mapping[str, Any] | None = None) -> bytes:
    """An HDF5 file of arrays; a function in place of one writes what it likes."""
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        for path, array in arrays.items():
            if callable(array):
                array(file, path)
            else:
                file[path] = array
        for name, value in (attributes or {}).items():
            file.attrs[name] = value
    return content.getvalue()


def keras(
    config: Config | bytes,
    arrays: Mapping[str, Any],
    *,
    version: str = "3.15.1",
    weights: str = "model.weights.h5",
    more: Mapping[str, bytes] | None = None,
) -> bytes:
    """A .keras file."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": version}))
        archive.writestr("config.json", config if isinstance(config, bytes) else json.dumps(config))
        archive.writestr(weights, h5(arrays))
        for name, one in (more or {}).items():
            archive.writestr(name, one)
    return content.getvalue()


def numbers(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 0.5, shape).astype("float32")


# A network of one dense layer, and its arrays by the two ways of filing them.
DENSE = sequential(entry(4, 4, 1), layer("Flatten"), layer("Dense", units=3, activation="softmax"))
ARRAYS = {"layers/dense/vars/0": numbers(16, 3), "layers/dense/vars/1": numbers(3, seed=1)}
NAMED = {
    "model_weights/dense/net/dense/kernel": ARRAYS["layers/dense/vars/0"],
    "model_weights/dense/net/dense/bias": ARRAYS["layers/dense/vars/1"],
}


# A network that tells handwritten digits apart, as anybody's first is built.
DIGITS = sequential(
    entry(28, 28, 1),
    layer("Rescaling", "pixels", scale=1 / 255, offset=0.0),
    layer(
        "Conv2D", "strokes", filters=8, kernel_size=[3, 3], strides=[2, 2], padding="same", activation="relu"
    ),
    layer("BatchNormalization", "steady"),
    layer("MaxPooling2D", "pool", pool_size=[2, 2], padding="valid", strides=[2, 2]),
    layer("Flatten", "flat"),
    layer("Dropout", "drop", rate=0.5),
    layer("Dense", "digit", units=10, activation="softmax"),
    name="digits",
)
DIGIT_ARRAYS = {
    "layers/conv2d/vars/0": numbers(3, 3, 1, 8),
    "layers/conv2d/vars/1": numbers(8),
    **{f"layers/batch_normalization/vars/{place}": numbers(8, seed=place) ** 2 + 0.5 for place in range(4)},
    "layers/dense/vars/0": numbers(392, 10),
    "layers/dense/vars/1": numbers(10),
}


def older(config: Config, arrays: Mapping[str, Any], version: str = "3.15.1") -> bytes:
    """An .h5 file of model.save(), whose outermost layers list their weights."""
    listed: dict[str, list[str]] = {}
    for path in arrays:
        _, layer, weight = path.split("/", 2)
        listed.setdefault(layer, []).append(weight)

    def note(file: h5py.File, _: str) -> None:
        for layer, names in listed.items():
            file[f"model_weights/{layer}"].attrs["weight_names"] = names

    return h5(
        {**arrays, "note": note},
        {"model_config": json.dumps(config), "keras_version": version, "backend": "jax"},
    )


def with_layer(one: Config, arrays: Mapping[str, Any] | None = None) -> bytes:
    """The dense network with one more layer before it."""
    return keras(sequential(entry(4, 4, 1), one, layer("Flatten"), layer("Dense", units=3)), arrays or ARRAYS)


def _external(file: h5py.File, path: str) -> None:
    file.create_dataset(path, (3,), "float32", external=[("/etc/hostname", 0, 12)])


def _virtual(file: h5py.File, path: str) -> None:
    layout = h5py.VirtualLayout((3,), "float32")
    layout[:] = h5py.VirtualSource("elsewhere.h5", "x", (3,))
    file.create_virtual_dataset(path, layout)


def _empty(file: h5py.File, path: str) -> None:
    """Four gigabytes that are promised and not there."""
    file.create_dataset(path, (1 << 30,), "float32", chunks=(1 << 20,))


def _compressed(file: h5py.File, path: str) -> None:
    file.create_dataset(path, data=np.zeros(3, "float32"), chunks=(3,), compression="gzip")


def _twice(file: h5py.File, path: str) -> None:
    file[path] = file["layers/dense/vars/0"]


WITHOUT = {"layers/dense/vars/0": ARRAYS["layers/dense/vars/0"]}
BIAS = "layers/dense/vars/1"
INSTEAD = r"; leave it out, or build the part .* README lists these layers"
AGAIN = r"; copy or download it again.*"
PLAIN = "; save it again with Keras, which writes plain arrays"

# What is refused -> its bytes, and the sentence after its name.
REFUSED: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "weights alone": (
        lambda _: h5({**ARRAYS, "vars/x": numbers(1)}),
        r"holds the weights of a Keras network alone, .* model\.save\('network\.keras'\), and drop that",
    ),
    "other HDF5": (lambda _: h5({"x": numbers(3)}), "is HDF5 that Keras did not write; drop a .*"),
    "damaged HDF5": (lambda _: b"\x89HDF\r\n\x1a\n" + bytes(99), "is cut short or damaged: .*"),
    "cut short": (lambda _: keras(DENSE, ARRAYS)[:-500], "is cut short or damaged: .*"),
    "SavedModel": (lambda _: b"\x08\x01\x12\xff" + bytes(99), "is a SavedModel, which TensorFlow alone reads; .*"),
    "lambda": (
        lambda canary: with_layer(layer("Lambda", "mine", function={"class_name": "__lambda__", "x": str(canary)})),
        r"has code of its maker \(Lambda\) in layer mine, and nothing in a file is run" + INSTEAD,
    ),
    "custom class": (
        lambda _: with_layer({**layer("Dense", "mine", units=3), "module": None, "registered_name": "Mine>Dense"}),
        r"uses a class of its maker's own, Dense in layer mine, whose code is not in the file" + INSTEAD,
    ),
    "class of another package": (
        lambda _: with_layer({**layer("Dense", "mine", units=3), "module": "os"}),
        r"uses a class of its maker's own, Dense in layer mine, .*",
    ),
    "network of a class of its own": (
        lambda _: keras({**DENSE, "class_name": "MyNet"}, ARRAYS),
        r"is a network of a class of its own \(MyNet\), .* and save that as \.keras",
    ),
    "unknown layer": (
        lambda _: with_layer(layer("ConvLSTM2D", "rain")),
        r"has a layer of a class that is not translated: layer rain \(ConvLSTM2D\)" + INSTEAD,
    ),
    "unknown function": (
        lambda _: with_layer(layer("Activation", "act", activation="wobble")),
        r"uses the activation function wobble in layer act \(Activation\), which is not translated" + INSTEAD,
    ),
    "several inputs": (
        lambda _: keras(
            functional(entry(4, 4, 1), {**entry(4, 4, 1), "name": "second"}, inputs=("entry", "second")), ARRAYS
        ),
        r"has 2 inputs and 1 outputs \(net\), and a page shows one picture .*",
    ),
    "shared layer": (
        lambda _: keras(
            functional(
                entry(4, 4, 4), reads(layer("Dense", "twin", units=4), "entry", times=2), _second_call(),
                reads(layer("Dense", units=3), "add"),
            ),
            ARRAYS,
        ),
        r"uses the weights of layer twin \(Dense\) in 2 places; build the network with a layer of its own .*",
    ),
    "quantised": (
        lambda _: with_layer(layer("Dense", "q", units=3, dtype={"class_name": "QuantizedDTypePolicy"})),
        r"has quantised weights \(layer q \(Dense\): QuantizedDTypePolicy\); save the network as it was .*",
    ),
    "no pictures": (
        lambda _: keras(sequential(entry(7), layer("Dense", units=3)), ARRAYS),
        r"reads 7 numbers and no pictures of height, width and channels; drop one that reads pictures",
    ),
    "without a head": (
        lambda _: keras(sequential(entry(4, 4, 1), layer("Dense", units=3)), ARRAYS),
        r"gives 4 x 4 x 3 numbers for a picture and no row of classes; save it with its head .*",
    ),
    "asks for gigabytes": (
        lambda _: with_layer(layer("UpSampling2D", size=[4097, 1024], interpolation="nearest")),
        r"has a layer that gives 67,125,248 numbers for one picture, more than 67,108,864; .*",
    ),
    "asks for years": (
        lambda _: keras(
            sequential(
                entry(1024, 1024, 1),
                layer("MaxPooling2D", pool_size=[1024, 1024], strides=[1, 1], padding="same"),
                layer("Flatten"), layer("Dense", units=3)),
            ARRAYS,
        ),
        r"asks for [\d,]+ numbers to be worked out for one picture, more than a page can wait for; .*",
    ),
    "asks for scales that it does not hold": (
        lambda _: keras(
            sequential(
                entry(4, 4, 1), layer("UpSampling2D", size=[725, 724], interpolation="nearest"),
                layer("LayerNormalization", axis=[1, 2, 3], scale=False, center=False, epsilon=1e-3),
                layer("Flatten"), layer("Dense", units=3)),
            ARRAYS,
        ),
        r"asks for 16,796,800 numbers that it does not hold, more than 16,777,216; save it with the scales .*",
    ),
    "more layers than are read": (
        lambda _: keras(sequential(entry(4, 4, 1), *(layer("ReLU", f"r{k}") for k in range(5_000))), ARRAYS),
        r"is no Keras network that is read here: it lists no layers, or more than 5,000" + AGAIN,
    ),
    "nested deeper than is read": (
        lambda _: keras(_nested(9), ARRAYS),
        r"is no Keras network that is read here: networks within networks lie more than 8 deep" + AGAIN,
    ),
    "a description longer than is read": (
        lambda _: keras(json.dumps({**DENSE, "more": "x" * 8 * 1024**2}).encode(), ARRAYS),
        r"describes its layers in more than 8 MB, .*",
    ),
    "no description": (
        lambda _: keras(b"{", ARRAYS),
        "is no Keras network .*: its configuration cannot be read" + AGAIN,
    ),
    "a description nested deep": (
        lambda _: keras(b'{"a":' * 100_000 + b"1" + b"}" * 100_000, ARRAYS),
        "is no Keras network .*: its configuration cannot be read" + AGAIN,
    ),
    "a description nested deeper than is read": (
        lambda _: keras({**DENSE, "x": _lists(100)}, ARRAYS),
        "is no Keras network .*: its configuration is nested more than 100 deep" + AGAIN,
    ),
    "a kernel of no size": (
        lambda _: with_layer(layer("Conv2D", "c", filters=3, kernel_size=[0, 3])),
        r"is no Keras network that is read here: layer c \(Conv2D\) says kernel_size = \[0, 3\]" + AGAIN,
    ),
    "Keras 1": (lambda _: keras(DENSE, ARRAYS, version="1.2.2"), r"was written by Keras 1\.2\.2, .*"),
    "an array is missing": (
        lambda _: keras(DENSE, WITHOUT),
        r"lacks the array bias of layer dense; save the whole network with .*",
    ),
    "an array is left over": (
        lambda _: keras(DENSE, {**ARRAYS, "layers/dense_1/vars/0": numbers(2)}),
        r"keeps 1 array that no layer reads, the first layers/dense_1/vars/0, so it is not certain .*",
    ),
    "an array of another shape": (
        lambda _: keras(DENSE, {**ARRAYS, BIAS: numbers(4)}),
        r"is damaged: layers/dense/vars/1 has the shape 4, and layer dense needs 3" + AGAIN,
    ),
    "weights of another layer": (
        lambda _: keras(DENSE, {**ARRAYS, "x": lambda file, _: file["layers/dense/vars"].attrs.update(name="other")}),
        r"keeps the weights of layer other where those of dense should be" + AGAIN,
    ),
    "whole numbers": (
        lambda _: keras(DENSE, {**ARRAYS, BIAS: np.zeros(3, "int8")}),
        r"keeps layers/dense/vars/1 in numbers of a type that is not read here \(int8\), .*",
    ),
    "numbers in another file": (
        lambda _: keras(DENSE, {**WITHOUT, BIAS: _external}),
        "keeps the numbers of layers/dense/vars/1 elsewhere" + PLAIN,
    ),
    "numbers of another file": (
        lambda _: keras(DENSE, {**WITHOUT, BIAS: _virtual}),
        "keeps the numbers of layers/dense/vars/1 elsewhere" + PLAIN,
    ),
    "a link to another file": (
        lambda _: keras(DENSE, {**WITHOUT, BIAS: lambda file, path: _link(file, path, h5py.ExternalLink("x.h5", "y"))}),
        "points to another place at layers/dense/vars/1 instead of holding it" + PLAIN,
    ),
    "a link inside": (
        lambda _: keras(DENSE, {**WITHOUT, BIAS: lambda file, path: _link(file, path, h5py.SoftLink("/layers"))}),
        "points to another place at layers/dense/vars/1 instead of holding it" + PLAIN,
    ),
    "promised numbers": (
        lambda _: keras(DENSE, {**WITHOUT, BIAS: _empty}),
        "is damaged: layers/dense/vars/1 has fewer numbers than its shape says" + AGAIN,
    ),
    "compressed numbers": (
        lambda _: keras(DENSE, {**WITHOUT, BIAS: _compressed}),
        r"has its arrays compressed \(layers/dense/vars/1\)" + PLAIN,
    ),
    "one array as two": (
        lambda _: keras(DENSE, {**WITHOUT, BIAS: _twice}),
        r"holds one thing under two names \(layers/dense/vars/[01]\)" + PLAIN,
    ),
    "groups deeper than are read": (
        lambda _: keras(DENSE, {**ARRAYS, "/".join("g" * 50): numbers(1)}),
        "holds more groups than a network has; save the weights of one network alone",
    ),
    "two files of one name": (
        lambda _: _archive(keras(DENSE, ARRAYS), lambda archive: archive.writestr("config.json", "{}")),
        "is damaged: two files of one name are inside" + AGAIN,
    ),
    "compressed otherwise": (
        lambda _: _archive(
            keras(DENSE, ARRAYS), lambda archive: archive.writestr("more", b"x", compress_type=zipfile.ZIP_BZIP2)
        ),
        "is compressed in a way that is not read here; save it again with Keras 3",
    ),
    "locked": (
        lambda _: _archive(keras(DENSE, ARRAYS), _lock),
        "is locked with a password; unlock it and drop it again",
    ),
    "files over each other": (
        lambda _: _archive(keras(DENSE, ARRAYS), _overlay),
        "is an archive whose files lie over each other, as only bombs have it; do not open it",
    ),
    "in several parts": (
        lambda _: keras(DENSE, ARRAYS, weights="model_00001.weights.h5"),
        r"is a Keras network in several parts; save it with model\.save\('network\.keras'\), and drop that",
    ),
    "a number that is another": (
        lambda _: _flipped(keras(DENSE, ARRAYS)),
        "is damaged: a checksum inside does not match" + AGAIN,
    ),
    "a bomb": (
        lambda _: _bomb(),
        r"would unpack to [\d,]+ times its size, more than 4; .*",
    ),
    "a head of another name": (
        lambda _: older(DENSE, {name: one for name, one in NAMED.items() if not name.endswith("bias")}),
        r"lacks the array bias of layer dense; .*",
    ),
}  # fmt: skip


def _second_call() -> Config:
    """A sum of both calls of a layer."""
    both = [
        {"class_name": "__keras_tensor__", "config": {"keras_history": ["twin", call, 0]}} for call in (0, 1)
    ]
    return {**layer("Add"), "inbound_nodes": [{"args": [both], "kwargs": {}}]}


def _link(file: h5py.File, path: str, link: object) -> None:
    file[path] = link


def _lists(depth: int) -> list[Any]:
    inner: list[Any] = []
    for _ in range(depth):
        inner = [inner]
    return inner


def _nested(depth: int) -> Config:
    inner = layer("Flatten")
    for number in range(depth):
        inner = {**sequential(entry(4, 4, 1), inner, name=f"n{number}"), "name": f"n{number}"}
    return sequential(entry(4, 4, 1), inner, layer("Dense", units=3))


def _archive(content: bytes, change: Callable[[zipfile.ZipFile], object]) -> bytes:
    """A .keras file with something added, whatever zipfile thinks of that."""
    changed = io.BytesIO(content)
    with warnings.catch_warnings(), zipfile.ZipFile(changed, "a") as archive:
        warnings.simplefilter("ignore")
        change(archive)
    return changed.getvalue()


def _lock(archive: zipfile.ZipFile) -> None:
    """Say of a file that it is locked."""
    archive.getinfo("model.weights.h5").flag_bits |= 1
    archive.writestr("more", "")


def _overlay(archive: zipfile.ZipFile) -> None:
    """List the weights under three more names."""
    for number in range(3):
        twin = copy.copy(archive.getinfo("model.weights.h5"))
        twin.filename = twin.orig_filename = f"more{number}"
        archive.filelist.append(twin)
    archive.writestr("more", "")


def _flipped(content: bytes) -> bytes:
    """The same with one bit of a weight turned."""
    place = content.index(ARRAYS["layers/dense/vars/0"].tobytes()[:32])
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def _bomb() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("metadata.json", "{}")
        archive.writestr("config.json", "{}")
        archive.writestr("model.weights.h5", bytes(9 * 1024**2))
    return content.getvalue()
