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
from models.checkpoints.architectures import LIBRARIES, OWN
from models.checkpoints.operator_arguments import parse_arguments
from models.checkpoints.store import Store
from models.networks import find_network
from models.photos.uploads import Uploads
from models.preprocessing import Preprocessing
from models.runtime.progress import silent

pytestmark = pytest.mark.usefixtures("forked_children")


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
    LIBRARIES.pop(OWN, None)
    parse_arguments.cache_clear()


@pytest.mark.slow
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
            r"The architecture nowhere\.at\.all:build cannot be .* \(ModuleNotFoundError: No module named 'no.*\); .*",
        ),
        (
            "operators_networks:none",
            r"The architecture operators_networks:none cannot be .* \(AttributeError: .*none.*\); .*",
        ),
        ("operators_networks:text", r"The architecture operators_networks:text is no function; .*"),
    ],
)
def test_what_cannot_be_had_is_told(package, name, sentence):
    (problem,) = parse_arguments(("--model", name)).problems
    assert re.fullmatch(sentence, problem)
    assert OWN not in LIBRARIES


class Lazy(nn.Module):
    def __init__(self, classes: int) -> None:
        super().__init__()
        self.body, self.head = nn.Conv2d(3, 5, 3), nn.LazyLinear(classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.body(x).mean((2, 3)))  # type: ignore[no-any-return]


class Fixed(nn.Sequential):
    def __init__(self, width: int = 5) -> None:
        super().__init__(*build(7).children())


def numbers_of_the_weight(classes: int) -> nn.Module:
    """Needs numbers while it is built, which there are none of on the meta device."""
    module = build(classes)
    assert all(float(parameter.abs().sum()) > 0 for parameter in module.parameters())
    return module


WAYS = {
    "no argument": (lambda: build(5), 5),
    "a keyword": (lambda *, num_classes: build(num_classes), 6),
    "another keyword": (lambda *, k: build(k), 6),
    "a keyword behind another": (lambda pretrained=False, num_classes=10: build(num_classes), 6),
    "its own class count": (Fixed, 7),
    "a class count that it may not need": (lambda n=3: build(n), 6),
    "lazy layers": (Lazy, 6),
    "numbers": (numbers_of_the_weight, 6),
}


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_a_function_is_called_as_it_can_be(package, monkeypatch, way):
    factory, classes = WAYS[way]
    monkeypatch.setattr(sys.modules["operators_networks"], "build", factory)
    parse_arguments(("--model", "operators_networks:build"))
    body = nn.Conv2d(3, 5, 3), nn.Linear(5, classes)
    torch.manual_seed(0)
    names = ("body", "head") if way == "lazy layers" else ("0", "4")
    state = {
        f"{name}.{key}": tensor
        for name, layer in zip(names, body, strict=True)
        for key, tensor in layer.state_dict().items()
    }
    classifier = find_network(package.take(save(state), "x.pt", "ann").address).load(silent)
    assert classifier.classes == tuple(f"class {number}" for number in range(classes))
    picture = torch.randn(2, 3, 32, 32)
    expected = body[0](picture) if way == "lazy layers" else body[0](picture).relu()
    with torch.no_grad():
        assert classifier.module(picture).allclose(body[1](expected.mean((2, 3))), atol=1e-5)


def test_what_a_function_raises_is_said(package, monkeypatch):
    def broken(classes: int) -> nn.Module:
        raise FileNotFoundError("config.yaml")

    monkeypatch.setattr(sys.modules["operators_networks"], "build", broken)
    parse_arguments(("--model", "operators_networks:build"))
    assert index.own_problems() == (
        "The architecture operators_networks:build, which --model named, cannot be built: FileNotFoundError, "
        "config.yaml.",
    )


def test_a_module_that_raises_is_said(package, monkeypatch, tmp_path):
    (tmp_path / "raises_when_imported.py").write_text("raise RuntimeError('no licence found')")
    monkeypatch.syspath_prepend(tmp_path)
    (problem,) = parse_arguments(("--model", "raises_when_imported:build")).problems
    assert problem.startswith(
        "The architecture raises_when_imported:build cannot be imported (RuntimeError: no licence"
    )


@pytest.mark.slow
def test_what_does_not_fit_is_compared_with_what_was_named(package):
    parse_arguments(("--model", "operators_networks:build"))
    state = {**build(6).state_dict(), "more": torch.zeros(3)}
    held = package.find(package.take(save(state), "x.pt", "ann").address)
    nearest = checkpoints.nearest(held)
    assert nearest is not None
    title, difference = nearest
    assert title == "operators_networks:build"
    assert difference.unexpected == ("more",)


def test_without_arguments_nothing_is_named(package):
    assert parse_arguments(()).files == ()
    assert index.current_index() is index.shipped_index()
