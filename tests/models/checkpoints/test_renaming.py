"""Publishers' names: timm's own function gives timm's, in a process of its own, or nothing is changed."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping

import pytest
import timm
import torch
from safetensors.torch import load_file, save
from torch import Tensor

from models.checkpoints import index, reading, renaming
from models.checkpoints.limits import SAVE_WEIGHTS
from models.checkpoints.origin import NOTE, Origin
from models.runtime.errors import UserError

pytestmark = pytest.mark.usefixtures("forked_children")

# timm's name -> that of the network's publisher.
CONVNEXT = (
    (r"^stem\.", "downsample_layers.0."),
    (r"^stages\.(\d+)\.downsample\.", r"downsample_layers.\1."),
    (r"^stages\.(\d+)\.blocks\.", r"stages.\1."),
    (r"conv_dw", "dwconv"),
    (r"mlp\.fc", "pwconv"),
    (r"^head\.norm", "norm"),
    (r"^head\.fc", "head"),
)


def published(name: str) -> str:
    for pattern, older in CONVNEXT:
        name = re.sub(pattern, older, name)
    return name


@pytest.fixture(scope="module")
def today() -> Mapping[str, Tensor]:
    torch.manual_seed(0)
    return dict(timm.create_model("convnext_atto", num_classes=3).state_dict())


@pytest.fixture(scope="module")
def older(today) -> dict[str, Tensor]:
    """As Meta published ConvNeXt: other names, and layers of matrices where timm has convolutions of one pixel."""
    return {
        published(name): tensor.flatten(1) if "mlp.fc" in name and tensor.dim() == 4 else tensor
        for name, tensor in today.items()
    }


def read(tensors, tmp_path):
    (tmp_path / "source").write_bytes(save({name: tensor.contiguous() for name, tensor in tensors.items()}))
    header = reading.read(tmp_path / "source", "x.pth", tmp_path / "target")
    return load_file(tmp_path / "target"), Origin.from_json(json.loads(header.metadata[NOTE]))


def test_sizes_alone_tell_what_comes_into_question(today, older):
    shapes = {name: tuple(tensor.shape) for name, tensor in older.items()}
    assert not shapes.keys() & today.keys() - {"gamma"}
    found = renaming.candidates(shapes, index.shipped_index())
    assert ("timm/convnext_atto", 3) in {(candidate.row.name, candidate.classes) for candidate in found}
    assert renaming.candidates({**shapes, "more": (3,)}, index.shipped_index()) == []


@pytest.mark.slow
def test_the_tensors_of_a_publisher_get_the_names_and_shapes_of_timm(today, older, tmp_path):
    tensors, origin = read({f"module.{name}": tensor for name, tensor in older.items()}, tmp_path)
    assert tensors.keys() == today.keys()
    assert all(tensors[name].equal(tensor) for name, tensor in today.items())
    assert origin.sentences == (
        "Its names are its publisher's; timm's own loading of convnext_atto renamed them.",
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source", "target"]


@pytest.mark.slow
def test_tensors_that_no_function_makes_fit_keep_their_names(older, tmp_path):
    other = {name.replace("dwconv", "depthwise"): tensor for name, tensor in older.items()}
    tensors, origin = read(other, tmp_path)
    assert tensors.keys() == other.keys()
    assert origin.renamed == ""


@pytest.mark.slow
def test_a_renaming_that_collides_is_refused_with_both_names(older, tmp_path):
    """As many tensors as there should be, two of which would be stages.0.blocks.0.conv_dw.bias."""
    other = dict(older)
    other["stages.0.0.conv_dw.bias"] = other.pop("stages.0.1.dwconv.bias")
    with pytest.raises(UserError) as refused:
        read(other, tmp_path)
    said = str(refused.value)
    assert said.startswith("x.pth has two tensors to which timm gives one name, stages.0.0.")
    assert "stages.0.0.dwconv.bias" in said and "stages.0.0.conv_dw.bias" in said
    assert said.endswith(f"; {SAVE_WEIGHTS}.")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source"]


def test_where_renaming_fails_the_tensors_keep_their_names(older, tmp_path, monkeypatch):
    monkeypatch.setattr(renaming, "LONGEST", -1e6)
    tensors, origin = read(older, tmp_path)
    assert tensors.keys() == older.keys()
    assert origin.renamed == ""


def test_hostile_shapes_are_looked_up_quickly():
    shapes = {f"layer{number}.weight": (number + 1, 768) for number in range(20_000)}
    begun = time.process_time()
    assert renaming.candidates(shapes, index.shipped_index()) == []
    few = dict(list(shapes.items())[:200])
    assert renaming.candidates(few, index.shipped_index()) == []
    assert time.process_time() - begun < 5
