"""Tiny networks whose answers are known, and what must be left as it was found."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.modules import module as registry

from dashboard.inspection.attribution import METHODS
from dashboard.inspection.attribution.method import Task
from dashboard.inspection.attribution.run import Request, attribute
from dashboard.inspection.engine.explained_score import ExplainedScore
from dashboard.inspection.engine.survey import survey
from dashboard.records.attribution import Attribution
from dashboard.records.network import Survey
from models.classifier import Classifier, Provenance, Weights, digest, frozen
from models.preprocessing import Preprocessing
from models.runtime.randomness import fork_rng

# No two modules of a test are the same network, whatever their class and their weights.
_NUMBERS = itertools.count()


def built(network: Callable[[], nn.Module], seed: int = 0) -> Any:  # whose layers are read by name
    """A frozen network with the weights of that seed."""
    with fork_rng(seed):
        return frozen(network())


def classifier(module: nn.Module, *, channels: int = 1, side: int = 8, classes: int = 3) -> Classifier:
    """A network as the zoo would hand it out; its colours are normalised by a mean and a deviation of a half."""
    return Classifier(
        name="tiny",
        title="Tiny",
        architecture=f"tests: {type(module).__qualname__} {next(_NUMBERS)}",
        module=frozen(module),
        weights=Weights.of(module.state_dict(), source="test"),
        preprocessing=Preprocessing((side, side), side, (0.5,) * channels, (0.5,) * channels),
        classes=tuple(f"class {index}" for index in range(classes)),
        fits="test",
        provenance=Provenance(source="test", licence="MIT"),
        trained=False,
    )


def pixels(channels: int = 1, side: int = 8, seed: int = 1) -> np.ndarray:
    """An input of shape (C, side, side), normalised, without a zero or a symmetry."""
    generator = torch.Generator().manual_seed(seed)
    return (torch.rand(channels, side, side, generator=generator) * 2 - 1).numpy()


def surveyed(of: Classifier, inputs: np.ndarray) -> Survey:
    return survey(of.module, torch.tensor(inputs)[None])


def explain(
    name: str,
    of: Classifier,
    inputs: np.ndarray,
    target: int = 0,
    versus: int | None = None,
    layer: str | None = None,
    **settings: object,
) -> Attribution:
    """The map of the method of that name; settings as an address says them."""
    method = METHODS[name]
    height, width = inputs.shape[1:]
    parameters = method.settings({field: str(value) for field, value in settings.items()}, (height, width))
    request = Request(target, versus, layer, parameters)
    return attribute(of, inputs, method=method, request=request, survey=surveyed(of, inputs))


def task(name: str, of: Classifier, inputs: np.ndarray, target: int = 0, **settings: object) -> Task:
    """What the method of that name is given, to be run without the judge."""
    method, found = METHODS[name], surveyed(of, inputs)
    height, width = inputs.shape[1:]
    parameters = method.settings({field: str(value) for field, value in settings.items()}, (height, width))
    layer = found.find(found.default_layer or "")
    batch = torch.tensor(inputs)[None]
    explained = ExplainedScore.of(of, target)
    return Task(explained, explained, batch, of.preprocessing, found, layer, parameters)


class Linear(nn.Module):
    """Logits W x + c: everything about it is known."""

    def __init__(self, channels: int = 1, side: int = 8, classes: int = 3) -> None:
        super().__init__()
        self.head = nn.Linear(channels * side * side, classes)

    def forward(self, inputs: Tensor) -> Tensor:
        logits: Tensor = self.head(inputs.flatten(1))
        return logits


def slopes(of: Classifier) -> np.ndarray:
    """What each pixel adds to each logit of a Linear: (classes, C, side, side)."""
    assert isinstance(of.module, Linear)
    shape = (of.preprocessing.channels, *of.preprocessing.size)
    return of.module.head.weight.numpy().reshape(-1, *shape)


class ConvNet(nn.Module):
    """Convolution, batch norm, activation, twice; then the mean of each map and a linear layer."""

    def __init__(self, activation: Callable[[], nn.Module] = nn.ReLU, channels: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 6, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(6)
        self.act1 = activation()
        self.conv2 = nn.Conv2d(6, 5, 3, stride=2, padding=1)
        self.act2 = activation()
        self.head = nn.Linear(5, 3)

    def forward(self, inputs: Tensor) -> Tensor:
        maps = self.act1(self.bn1(self.conv1(inputs)))
        maps = self.act2(self.conv2(maps))  # (N, 5, H / 2, W / 2)
        logits: Tensor = self.head(maps.mean((2, 3)))
        return logits


Way = Callable[[Any, Tensor], Tensor]


class Rectified(nn.Module):
    """Two rectified convolutions by one of the ways to write a ReLU."""

    def __init__(self, relu: Way) -> None:
        super().__init__()
        self.relu = nn.ReLU()
        self.relu_in_place = nn.ReLU(inplace=True)
        self.relu6 = nn.ReLU6()
        self.conv1 = nn.Conv2d(1, 6, 3, padding=1)
        self.conv2 = nn.Conv2d(6, 4, 3, padding=1)
        self.head = nn.Linear(4, 3)
        self._relu = relu
        nn.init.normal_(self.conv1.weight, std=3.0)  # large enough to pass the cap of a ReLU6

    def forward(self, inputs: Tensor) -> Tensor:
        maps = self._relu(self, self.conv1(inputs))
        maps = self._relu(self, self.conv2(maps))
        logits: Tensor = self.head(maps.mean((2, 3)))
        return logits


def _ignoring_the_result(network: Any, tensor: Tensor) -> Tensor:
    functional.relu_(tensor)
    return tensor


# The ways in which networks write it.
WAYS_TO_RELU: dict[str, Way] = {
    "one module, reused": lambda network, tensor: network.relu(tensor),
    "one module in place, reused": lambda network, tensor: network.relu_in_place(tensor),
    "functional": lambda network, tensor: functional.relu(tensor),
    "functional in place": lambda network, tensor: functional.relu(tensor, inplace=True),
    "functional in place, result ignored": _ignoring_the_result,
    "torch": lambda network, tensor: torch.relu(tensor),
    "torch by keyword": lambda network, tensor: torch.relu(input=tensor),
    "torch in place": lambda network, tensor: torch.relu_(tensor),
    "tensor": lambda network, tensor: tensor.relu(),
    "tensor in place": lambda network, tensor: tensor.relu_(),
}
WAYS_TO_RELU6: dict[str, Way] = {
    "ReLU6 module": lambda network, tensor: network.relu6(tensor),
    "ReLU6 functional": lambda network, tensor: functional.relu6(tensor),
    "ReLU6 functional in place": lambda network, tensor: functional.relu6(tensor, inplace=True),
    "ReLU6 as hardtanh": lambda network, tensor: functional.hardtanh(tensor, 0.0, 6.0),
    "ReLU6 as hardtanh in place": lambda network, tensor: functional.hardtanh_(tensor, 0.0, 6.0),
}


class ChannelsLast(nn.Module):
    """Works on (N, H, W, C), as Swin does."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Conv2d(1, 5, 2, stride=2)
        self.norm = nn.LayerNorm(5)
        self.mlp = nn.Sequential(nn.Linear(5, 7), nn.GELU(), nn.Linear(7, 5))
        self.head = nn.Linear(5, 3)

    def forward(self, inputs: Tensor) -> Tensor:
        maps = self.embed(inputs).permute(0, 2, 3, 1)  # (N, 4, 4, 5)
        maps = maps + self.mlp(self.norm(maps))
        logits: Tensor = self.head(maps.mean((1, 2)))
        return logits


class Frozen(ConvNet):
    """No gradient gets from its answer to the picture."""

    def forward(self, inputs: Tensor) -> Tensor:
        with torch.no_grad():
            logits: Tensor = super().forward(inputs)
        return logits


class Attended(nn.Module):
    """Tokens of 2 x 2 pixels attend to each other once; the answer is read from a class token or by a query."""

    def __init__(self, pooled: bool = False) -> None:
        super().__init__()
        self.patches = nn.Conv2d(1, 8, 2, stride=2)
        self.token = nn.Parameter(torch.randn(1, 1, 8))
        self.norm1 = nn.LayerNorm(8)
        self.attention = Attention()
        self.norm2 = nn.LayerNorm(8)
        self.last = Attention()
        self.head = nn.Linear(8, 3)
        self._pooled = pooled

    def forward(self, inputs: Tensor) -> Tensor:
        tokens = self.patches(inputs).flatten(2).transpose(1, 2)
        if not self._pooled:
            tokens = torch.cat([self.token.expand(len(inputs), -1, -1), tokens], 1)
        tokens = tokens + self.attention(self.norm1(tokens), self.norm1(tokens))
        tokens = self.norm2(tokens)
        query = self.token.expand(len(inputs), -1, -1) if self._pooled else tokens[:, :1]
        logits: Tensor = self.head(self.last(query, tokens)[:, 0])
        return logits


class Attention(nn.Module):
    """With one head."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value = nn.Linear(8, 8), nn.Linear(8, 8), nn.Linear(8, 8)
        self.softmax = nn.Softmax(-1)

    def forward(self, query: Tensor, tokens: Tensor) -> Tensor:
        weights = (self.query(query) @ self.key(tokens).transpose(1, 2))[:, None]  # (N, 1, queries, tokens)
        mixed: Tensor = (self.softmax(weights) @ self.value(tokens)[:, None])[:, 0]
        return mixed


class ParameterGate(ConvNet):
    """What its first layer gives is weighted by a gate that the picture has no part in, as Swin v2 and ConViT do."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = nn.Parameter(torch.tensor([0.5, -1.0, 2.0, 0.1, 1.0, 3.0]))

    def forward(self, inputs: Tensor) -> Tensor:
        gate = torch.sigmoid(self.gate.view(1, -1, 1, 1)) + torch.relu(self.gate.view(1, -1, 1, 1))
        logits: Tensor = self.head(self.act2(self.conv2(self.act1(gate * self.conv1(inputs)))).mean((2, 3)))
        return logits


class Tied(nn.Module):
    """One weight under two names, one module under two names, one buffer that is a view of a weight's storage."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, 1, 3, padding=1)
        self.second = nn.Conv2d(1, 1, 3, padding=1)
        self.second.weight = self.first.weight
        self.act = nn.ReLU()
        self.again = self.act
        self.norm = nn.BatchNorm2d(1)
        self.head = nn.Linear(64, 3)

    def forward(self, inputs: Tensor) -> Tensor:
        maps = self.again(self.norm(self.second(self.act(self.first(inputs)))))
        logits: Tensor = self.head(maps.flatten(1))
        return logits


HOOKS = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")


def hooks(module: nn.Module) -> int:
    """How many hooks hang on a network, those on every module of the process included."""
    own = sum(len(getattr(layer, kind)) for layer in module.modules() for kind in HOOKS)
    return own + sum(len(getattr(registry, f"_global{kind}")) for kind in HOOKS)


def generators() -> tuple[object, ...]:
    """The state of everybody's random generators."""
    return torch.get_rng_state().tolist(), str(np.random.get_state()), random.getstate()


@contextmanager
def untouched(module: nn.Module) -> Iterator[None]:
    """Whatever happens within must leave a shared network and everybody's generators as they were."""

    def state() -> tuple[object, ...]:
        return (
            digest(dict(module.state_dict())),
            hooks(module),
            [layer.training for layer in module.modules()],
            [getattr(layer, "inplace", None) for layer in module.modules()],
            [(parameter.requires_grad, parameter.grad is None) for parameter in module.parameters()],
            generators(),
            torch.is_grad_enabled(),
        )

    before = state()
    try:
        yield
    finally:
        assert hooks(module) == 0
        assert state() == before
