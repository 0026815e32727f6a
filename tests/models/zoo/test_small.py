"""The small networks, each through the same questions: the table is the test matrix."""

from __future__ import annotations

import dataclasses
from collections import Counter

import pytest
import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from models.runtime.randomness import fork_rng
from models.zoo.architecture import Architecture
from models.zoo.small import ACTIVATIONS as SETTINGS
from models.zoo.small import ARCHITECTURES

ACTIVATIONS = (nn.ReLU, nn.GELU, nn.Softmax)
PARAMETERS = {"mlp": 109_386, "lenet5": 61_706, "cnn": 102_826, "resnet": 77_754, "vit": 139_018}

every_architecture = pytest.mark.parametrize("architecture", ARCHITECTURES.values(), ids=lambda a: a.name)


class FunctionalActivations(TorchFunctionMode):
    """Counts activations by name, whoever calls them."""

    def __init__(self):
        super().__init__()
        self.counts: Counter[str] = Counter()

    def __torch_function__(self, func, types, args=(), kwargs=None):
        name = getattr(func, "__name__", "")
        if name.rstrip("_") in {"relu", "gelu", "softmax", "sigmoid", "tanh", "silu"}:
            self.counts[name] += 1
        # A Python function such as F.relu calls torch's own inside; that is the same activation.
        with torch._C.DisableTorchFunction():
            return func(*args, **(kwargs or {}))


def build(architecture: Architecture, **kwargs) -> nn.Module:
    with fork_rng(1):
        return architecture.build(**kwargs)


def inputs(n: int, channels: int = 1) -> Tensor:
    return torch.randn(n, channels, 28, 28, generator=torch.Generator().manual_seed(2))


@every_architecture
@pytest.mark.parametrize("n", [1, 3])
def test_gives_finite_logits(architecture, n):
    module = build(architecture, classes=7).eval()
    logits = module(inputs(n))
    assert logits.shape == (n, 7)
    assert logits.isfinite().all()


@every_architecture
def test_reads_colour(architecture):
    assert build(architecture, channels=3).eval()(inputs(2, channels=3)).shape == (2, 10)


@every_architecture
def test_every_parameter_gets_a_gradient(architecture):
    module = build(architecture)
    nn.functional.cross_entropy(module(inputs(4)), torch.arange(4)).backward()
    lost = [n for n, p in module.named_parameters() if p.grad is None or not p.grad.any()]
    assert not lost


@pytest.mark.slow
@every_architecture
def test_can_overfit_eight_pictures(architecture):
    module, x, y = build(architecture), inputs(8), torch.arange(8)
    optimizer = torch.optim.Adam(module.parameters(), lr=3e-3)
    for _ in range(60):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(module(x), y)
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.05


@every_architecture
def test_every_activation_is_a_module_used_once(architecture):
    module = build(architecture).eval()
    activations = [m for m in module.modules() if isinstance(m, ACTIVATIONS)]
    calls: Counter[nn.Module] = Counter()
    for activation in activations:
        assert not getattr(activation, "inplace", False)
        activation.register_forward_hook(lambda m, _, out: calls.update([m]))
    with FunctionalActivations() as functional:
        module(inputs(2))
    assert activations
    assert all(calls[activation] == 1 for activation in activations)
    assert functional.counts.total() == len(activations)


@every_architecture
def test_flattens_without_a_module(architecture):
    assert not [m for m in build(architecture).modules() if isinstance(m, nn.Flatten)]


@every_architecture
def test_does_not_change_its_input(architecture):
    x = inputs(2)
    before = x.clone()
    build(architecture)(x)
    assert x.equal(before)


@every_architecture
def test_drops_units_only_in_training_and_only_when_told(architecture):
    x = inputs(4)
    plain, dropping = build(architecture).eval(), build(architecture, dropout=0.5).eval()
    assert plain(x).equal(dropping(x))
    assert plain(x).equal(plain(x))
    with fork_rng(3):
        assert not dropping.train()(x).equal(dropping(x))


@every_architecture
def test_has_the_size_we_tell(architecture):
    parameters = sum(p.numel() for p in architecture.build().parameters())
    assert parameters == PARAMETERS[architecture.name]


@every_architecture
@pytest.mark.parametrize("activation", SETTINGS)
def test_takes_any_activation_function(architecture, activation):
    usual = build(architecture).eval()
    module = build(dataclasses.replace(architecture, activation=activation)).eval()
    # The same weights under the same names, and every function changed, nothing else.
    assert {name: tensor.shape for name, tensor in module.state_dict().items()} == {
        name: tensor.shape for name, tensor in usual.state_dict().items()
    }
    own, asked = (getattr(nn, SETTINGS[name].module) for name in (architecture.activation, activation))
    assert [asked if type(layer) is own else type(layer) for layer in usual.modules()] == [
        type(layer) for layer in module.modules()
    ]
    logits = module(inputs(3))
    assert logits.isfinite().all()
    assert logits.equal(usual(inputs(3))) is (activation == architecture.activation)
    names = [name.split(".")[-1] for name, layer in module.named_modules() if type(layer) is asked]
    assert all(name.rstrip("1234") in (activation, "act") for name in names)
