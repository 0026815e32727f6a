"""A Keras file is read whole and translated exactly, or refused in one sentence; nothing in it is run."""

from __future__ import annotations

import re
import resource
import time

import numpy as np
import pytest
import torch

from models.checkpoints import reading
from models.checkpoints.as_networks import find_checkpoint
from models.checkpoints.choice import Choice
from models.checkpoints.keras.file import check_archive, open_archive, open_hdf5
from models.checkpoints.keras.reading import read, to_tensor
from models.checkpoints.limits import LIMITS, Limits, RefusalError
from models.checkpoints.store import CHECKPOINTS
from models.networks import find_network
from models.runtime.errors import UserError
from tests.models.checkpoints.keras import answers, files

CLOSE = 2e-5


def _path(tmp_path, content, ending=".keras"):
    path = tmp_path / f"network{ending}"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (files.keras(files.DENSE, files.ARRAYS), ".keras"),
        (files.older(files.DENSE, files.NAMED), ".h5"),
        (files.older(files.DENSE, {f"{name}:0": one for name, one in files.NAMED.items()}, "2.15.0"), ".h5"),
    ],
    ids=["Keras 3", "Keras 3 in HDF5", "Keras 2 in HDF5"],
)
def test_three_ways_of_filing_one_network_give_one_answer(tmp_path, content, ending):
    picture = files.numbers(1, 4, 4, 1, seed=5)
    kernel, bias = files.ARRAYS.values()
    scores = np.exp(picture.reshape(1, 16) @ kernel + bias)
    got = answers.answer(_path(tmp_path, content, ending), picture)
    assert got == pytest.approx(scores / scores.sum(), rel=1e-5)


def test_weights_are_known_by_the_layers_of_the_file_in_torchs_order(tmp_path):
    network, tensors, aside = read(open_archive(_path(tmp_path, files.keras(files.DENSE, files.ARRAYS))))
    assert {name: tuple(tensor.shape) for name, tensor in tensors.items()} == {
        "dense.weight": (3, 16),
        "dense.bias": (3,),
    }
    assert (network.name, network.outputs, aside) == ("net", 3, ())


def test_what_training_keeps_beside_is_told_apart(tmp_path):
    aside = ("optimizer/vars/0", "optimizer/vars/1", "metrics/mean/vars/0")
    arrays = {**files.ARRAYS, **{path: files.numbers(1) for path in aside}}
    _, tensors, found = read(
        open_archive(_path(tmp_path, files.keras(files.DENSE, arrays, version="2.15.0")))
    )
    assert len(tensors) == 2
    assert sorted(found) == sorted(aside)


def test_a_layer_may_be_called_as_what_training_keeps(tmp_path):
    named = {path.replace("dense", "optimizer"): array for path, array in files.NAMED.items()}
    config = files.sequential(
        files.entry(4, 4, 1), files.layer("Flatten"), files.layer("Dense", "optimizer", units=3)
    )
    _, tensors, found = read(open_hdf5(_path(tmp_path, files.older(config, named), ".h5")))
    assert (set(tensors), found) == ({"optimizer.weight", "optimizer.bias"}, ())


@pytest.mark.slow
@pytest.mark.parametrize("name", answers.names())
def test_answers_are_those_of_keras(tmp_path, name):
    content, pictures, wanted = answers.kept(name)
    got = answers.answer(_path(tmp_path, content, "." + name.rpartition(".")[2]), pictures)
    assert got.shape == wanted.shape
    assert np.abs(got - wanted).max() <= CLOSE * max(np.abs(wanted).max(), 1e-9)


@pytest.mark.parametrize("kind", [kind for kind in files.REFUSED if kind != "SavedModel"])
def test_what_is_refused_is_named(tmp_path, kind):
    make, sentence = files.REFUSED[kind]
    content = make(tmp_path / "canary")
    path = _path(tmp_path, content)
    with pytest.raises(RefusalError) as refused:
        if content.startswith(b"\x89HDF"):
            read(open_hdf5(path))
        else:
            check_archive(path, LIMITS)
            read(open_archive(path))
    assert re.fullmatch(sentence, str(refused.value)), str(refused.value)
    assert not (tmp_path / "canary").exists()


@pytest.mark.slow
@pytest.mark.usefixtures("forked_children")
@pytest.mark.parametrize("kind", files.REFUSED)
def test_a_file_that_is_refused_costs_little_and_leaves_nothing(tmp_path, kind):
    make, sentence = files.REFUSED[kind]
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(make(tmp_path / "canary"))
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    with pytest.raises(UserError) as refused:
        reading.read(source, "my network.keras", target)
    assert re.fullmatch(rf"my network\.keras {sentence}\.", str(refused.value)), str(refused.value)
    assert time.monotonic() - begun < 30
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source"]


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        (Limits(max_tensors=1), "holds more than 1 tensors; save the weights of one network alone"),
        (Limits(max_elements=50), "holds more than 0 million numbers; save the weights of one network alone"),
        (Limits(max_dimensions=1), "has an array of more than 1 dimensions, which no layer has; save the .*"),
    ],
)
def test_arrays_are_counted_before_they_are_read(tmp_path, limits, sentence):
    path = _path(tmp_path, files.keras(files.DENSE, files.ARRAYS))
    with pytest.raises(RefusalError, match=sentence):
        read(open_archive(path), limits)


@pytest.mark.slow
@pytest.mark.usefixtures("forked_children")
def test_a_file_becomes_a_network_of_the_size_that_a_person_says():
    anywhere = files.sequential(
        files.entry(None, None, 3),
        files.layer("Conv2D", "c", filters=4, kernel_size=[3, 3], strides=[2, 2], padding="same"),
        files.layer("GlobalAveragePooling2D", "p"),
        files.layer("Dense", "d", units=3),
    )
    arrays = {
        "layers/conv2d/vars/0": files.numbers(3, 3, 3, 4),
        "layers/conv2d/vars/1": files.numbers(4),
        "layers/dense/vars/0": files.numbers(4, 3),
        "layers/dense/vars/1": files.numbers(3),
    }
    upload = CHECKPOINTS.take(files.keras(anywhere, arrays), "any.keras", "somebody")
    try:
        held = find_checkpoint(upload.address)
        sizes = []
        keys = set()
        for choice in (Choice(), Choice(size=(33, 47))):
            network = find_network(CHECKPOINTS.remember(held, choice)).load(lambda done, total: None)
            picture = torch.zeros(1, *network.contract.given)
            sizes.append((network.contract.given, tuple(network.module(picture).shape)))
            keys.add(network.key)
        assert sizes == [((3, 224, 224), (1, 3)), ((3, 33, 47), (1, 3))]
        assert len(keys) == 2
    finally:
        CHECKPOINTS.forget("somebody")


def test_half_precision_is_kept_as_it_is(tmp_path):
    half = {name: array.astype("float16") for name, array in files.ARRAYS.items()}
    _, tensors, _ = read(open_archive(_path(tmp_path, files.keras(files.DENSE, half))))
    assert {to_tensor(array).dtype for array in tensors.values()} == {torch.float16}


def test_answers_were_made_by_a_version_that_is_said():
    assert answers.versions().keys() == {"keras", "jax"}
