"""The table of networks, and the two that ship with the app."""

import os
import random
import subprocess
import sys

import numpy as np
import pytest
import torch

from models import zoo
from models.networks import find_network
from models.runtime.errors import UserError
from models.runtime.progress import silent
from tests.paths import ROOT


def generators():
    """The state of everybody's generators."""
    numpy_state = np.random.get_state(legacy=False)["state"]["key"].tolist()
    return torch.get_rng_state().tolist(), numpy_state, random.getstate()


@pytest.mark.parametrize("name", zoo.MODELS)
def test_loading_leaves_everybodys_generators_alone(name):
    before = generators()
    find_network(name).load(silent)
    assert generators() == before


def test_names_are_the_keys_and_the_default_is_trained_and_on_board():
    assert [model.name for model in zoo.MODELS.values()] == list(zoo.MODELS)
    assert len({model.title for model in zoo.MODELS.values()}) == len(zoo.MODELS)
    assert zoo.MODELS[zoo.DEFAULT].trained
    assert zoo.MODELS[zoo.DEFAULT].on_board


def test_two_networks_of_one_name_are_an_error():
    model = zoo.MODELS[zoo.DEFAULT]
    with pytest.raises(ValueError, match="'efficientnet_lite0'"):
        zoo.table((model, model))


@pytest.mark.parametrize("name", ["torchvision/vgg16", "timm/resnet50.a1_in1k", *zoo.MODELS])
def test_find(name):
    assert find_network(name).name == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "resnet51",
        "torchvision",
        "torchvision/",
        "timm/",
        "timm/nothing_of_the_kind",
        "timm/hf-hub:someone/something",
        "torchvision/../../etc/passwd",
        "/etc/passwd",
        "os/system",
        "torchvision/quantized_resnet50",
        "<script>alert(1)</script>",
        "![](https://example.org/a.png)",
        "a" * 100_000,
        "caf\u00e9\n",
    ],
)
def test_an_unknown_name_is_one_sentence(name):
    with pytest.raises(UserError) as caught:
        find_network(name)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert len(sentence) < 250
    assert not set(sentence) & set("<>![](){}`\\")
    assert sentence.endswith(("choose one from the list.", "?"))


def test_an_almost_right_name_is_told():
    with pytest.raises(UserError, match=r"did you mean torchvision/vgg16\?"):
        find_network("torchvision/vgg16_")


def test_the_table_is_read_without_heavy_imports():
    heavy = ("torch", "torchvision", "timm", "captum", "safetensors", "huggingface_hub")
    code = f"import sys, models.zoo; print([name for name in {heavy} if name in sys.modules])"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"
