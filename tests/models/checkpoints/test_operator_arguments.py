"""What the operator names on the command line is known; what cannot be had is told in words."""

from __future__ import annotations

import re
import sys
import types

import pytest
import torch
from safetensors.torch import save
from torch import nn

from models.checkpoints import as_networks as checkpoints
from models.checkpoints import index
from models.checkpoints.architectures import LIBRARIES
from models.checkpoints.operator_arguments import parse_arguments
from models.checkpoints.store import Store
from models.networks import find_network
from models.photos.uploads import Uploads
from models.preprocessing import Preprocessing
from models.runtime.progress import silent


def build(classes: int) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(3, 5, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(5, classes)
    )


@pytest.fixture
def package(monkeypatch):
    """A module of the operator's, and nothing of it afterwards."""
    module = types.ModuleType("operators_networks")
    module.build = build  # type: ignore[attr-defined]
    module.text = "no function"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "operators_networks", module)
    monkeypatch.setattr(
        build, "preprocessing", Preprocessing((32, 32), 32, (0.5,) * 3, (0.5,) * 3), raising=False
    )
    store = Store(Uploads())
    monkeypatch.setattr(checkpoints, "CHECKPOINTS", store)
    parse_arguments.cache_clear()
    yield store
    LIBRARIES.pop(index.OWN, None)
    parse_arguments.cache_clear()


def test_an_architecture_of_the_operator_is_recognised(package):
    assert parse_arguments(("--model", "operators_networks:build", "--other", "x")).problems == ()
    module = build(6).eval()
    upload = package.take(save(module.state_dict()), "x.pt", "ann")
    classifier = find_network(upload.address).load(silent)
    assert classifier.title.startswith("operators_networks:build, checkpoint ")
    assert (len(classifier.classes), classifier.preprocessing.size) == (6, (32, 32))
    picture = torch.randn(1, 3, 32, 32)
    with torch.no_grad():
        assert classifier.module(picture).allclose(module(picture), atol=1e-6)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "nowhere.at.all:build",
            r"The architecture nowhere\.at\.all:build cannot be .* \(ModuleNotFoundError\); .*",
        ),
        (
            "operators_networks:none",
            r"The architecture operators_networks:none cannot be .* \(AttributeError\); .*",
        ),
        ("operators_networks:text", r"The architecture operators_networks:text is no function; .*"),
    ],
)
def test_what_cannot_be_had_is_told(package, name, sentence):
    (problem,) = parse_arguments(("--model", name)).problems
    assert re.fullmatch(sentence, problem)
    assert index.OWN not in LIBRARIES


def test_without_arguments_nothing_is_named(package):
    assert parse_arguments(()).files == ()
    assert index.current_index() is index.shipped_index()
