"""Arrays are found by turn or by name, and each is used once."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from models.checkpoints.keras import weights
from models.checkpoints.keras.file import open_archive, open_hdf5
from models.checkpoints.keras.reading import read, to_tensor
from models.checkpoints.limits import RefusalError
from tests.models.checkpoints.keras import files
from tests.models.checkpoints.keras.files import entry, layer, sequential

TWINS = sequential(
    entry(4, 4, 1),
    {
        **sequential(entry(4, 4, 1), layer("Flatten", "f"), layer("Dense", "d", units=2), name="A"),
        "name": "A",
    },
    {**sequential(entry(2), layer("Dense", "d", units=3), name="B"), "name": "B"},
)


def test_two_layers_of_one_name_in_two_networks_keep_their_own_weights(tmp_path):
    arrays = {"A": (files.numbers(16, 2), files.numbers(2)), "B": (files.numbers(2, 3), files.numbers(3))}
    named = {
        f"model_weights/{outer}/{outer}/d/{name}": array
        for outer, pair in arrays.items()
        for name, array in zip(("kernel", "bias"), pair, strict=True)
    }
    path = tmp_path / "x.h5"
    path.write_bytes(files.older(TWINS, named))
    _, tensors, _ = read(open_hdf5(path))
    assert np.array_equal(tensors["A.d.weight"], arrays["A"][0].T)
    assert np.array_equal(tensors["B.d.weight"], arrays["B"][0].T)


@pytest.mark.parametrize("said", [{"dtype": "bfloat16"}, {}])
def test_half_numbers_of_two_bytes_without_a_type_of_their_own_are_bfloat16(tmp_path, said):
    def brief(file, path):
        dataset = file.create_dataset(path, data=np.array([0x3F80, 0xC000, 0], "uint16").view("V2"))
        dataset.attrs.update(said)

    path = tmp_path / "x.keras"
    path.write_bytes(files.keras(files.DENSE, {**files.WITHOUT, files.BIAS: brief}))
    _, tensors, _ = read(open_archive(path))
    bias = to_tensor(tensors["dense.bias"])
    assert bias.dtype == torch.bfloat16
    assert bias.tolist() == [1.0, -2.0, 0.0]


def test_seeds_of_older_releases_play_no_part(tmp_path):
    arrays = {**files.ARRAYS, "layers/dropout/seed_generator/vars/0": np.zeros(2, "uint32")}
    path = tmp_path / "x.keras"
    path.write_bytes(files.keras(files.DENSE, arrays))
    assert len(read(open_archive(path))[1]) == 2


def test_one_that_may_be_two_is_refused(tmp_path):
    more = {**files.NAMED, "model_weights/dense/again/kernel": files.numbers(16, 3)}
    path = tmp_path / "x.h5"
    path.write_bytes(files.older(files.DENSE, more))
    with pytest.raises(RefusalError, match="has 2 arrays that may be kernel of layer dense"):
        read(open_hdf5(path))


def test_a_long_list_of_names_lies_in_parts_and_names_hold_slashes(tmp_path):
    config = sequential(entry(4, 4, 1), layer("Flatten"), layer("Dense", "a/b", units=3))
    kernel, bias = files.ARRAYS.values()

    def parts(file, path):
        group = file.create_group("model_weights/a/b")
        group["a/b/kernel:0"], group["a/b/bias:0"] = kernel, bias
        group.attrs["weight_names0"], group.attrs["weight_names1"] = [b"a/b/kernel:0"], [b"a/b/bias:0"]

    path = tmp_path / "x.h5"
    said = {"model_config": json.dumps(config), "keras_version": "2.15.0"}
    path.write_bytes(files.h5({"x": parts}, said))
    _, tensors, _ = read(open_hdf5(path))
    assert np.array_equal(tensors["a_b.weight"], kernel.T)


def test_groups_are_counted(tmp_path, monkeypatch):
    path = tmp_path / "x.keras"
    path.write_bytes(files.keras(files.DENSE, files.ARRAYS))
    # layers, dense, vars, and two arrays.
    monkeypatch.setattr(weights, "MOST_OBJECTS", 4)
    with pytest.raises(RefusalError, match="holds more groups than a network has"):
        read(open_archive(path))
    monkeypatch.setattr(weights, "MOST_OBJECTS", 5)
    assert len(read(open_archive(path))[1]) == 2
