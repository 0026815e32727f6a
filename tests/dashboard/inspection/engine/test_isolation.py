"""A private structure over shared weights: nothing done to it reaches the shared network."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from dashboard.inspection.engine import isolation
from models.zoo.small import ARCHITECTURES
from tests.networks import ConvNet, Tied, built, hooks, pixels, untouched


def isolate(module: nn.Module, **options: bool) -> Any:
    return isolation.isolate(module, **options)


every_architecture = pytest.mark.parametrize("architecture", ARCHITECTURES.values(), ids=lambda a: a.name)


def tensors(module: nn.Module) -> dict[str, torch.Tensor]:
    return {**dict(module.named_parameters()), **dict(module.named_buffers())}


@pytest.fixture
def shared():
    return built(lambda: ConvNet(lambda: nn.ReLU(inplace=True)))


def batch(side: int = 8) -> torch.Tensor:
    return torch.tensor(pixels(side=side))[None]


@every_architecture
def test_same_storage_other_objects_same_answer(architecture):
    shared = built(architecture.build)
    private = isolate(shared)
    assert tensors(private).keys() == tensors(shared).keys()
    for name, tensor in tensors(shared).items():
        assert tensors(private)[name] is not tensor
        assert tensors(private)[name].data_ptr() == tensor.data_ptr()
    assert not {id(layer) for layer in shared.modules()} & {id(layer) for layer in private.modules()}
    assert torch.equal(private(batch(28)), shared(batch(28)))


def test_nothing_that_is_done_to_the_copy_leaks(shared):
    with untouched(shared):
        private = isolate(shared)
        private.requires_grad_()
        private.register_forward_hook(lambda *_: None)
        private.conv1.register_full_backward_hook(lambda *_: None)
        private.act1 = nn.GELU()
        private(batch().requires_grad_()).sum().backward()
        assert all(parameter.grad is not None for parameter in private.parameters())
        private.register_parameter("more", nn.Parameter(torch.ones(1)))
        private.train()


def test_batch_statistics_stay_in_eval_mode(shared):
    with untouched(shared):
        isolate(shared)(3 + batch())


def test_own_weights_may_be_written(shared):
    with untouched(shared):
        private = isolate(shared, own_weights=True)
        private.train()
        private(torch.cat([batch(), 2 * batch()]))
        with torch.no_grad():
            for tensor in tensors(private).values():
                tensor.fill_(7)


def test_a_copy_of_a_network_in_train_mode_is_in_eval_mode_even_where_eval_is_overridden():
    class Stubborn(ConvNet):
        def train(self, mode: bool = True):
            return super().train(True)

    shared = Stubborn()
    assert not any(layer.training for layer in isolate(shared).modules())
    assert shared.training


def test_in_place_activations_are_made_out_of_place(shared):
    private = isolate(shared)
    seen = []
    private.bn1.register_forward_hook(lambda layer, args, output: seen.append(output))
    private(batch())
    assert seen[0].min() < 0
    assert shared.act1.inplace and not private.act1.inplace


def test_an_input_that_wants_a_gradient_gets_one_and_weights_do_not(shared):
    private = isolate(shared)
    inputs = batch().requires_grad_()
    private(inputs).sum().backward()
    assert inputs.grad is not None and inputs.grad.abs().sum() > 0
    assert all(parameter.grad is None for parameter in private.parameters())


@pytest.mark.parametrize("own_weights", [False, True])
def test_what_is_tied_stays_tied(own_weights):
    shared = built(Tied)
    private = isolate(shared, own_weights=own_weights)
    assert private.first.weight is private.second.weight
    assert private.act is private.again
    assert torch.equal(private(batch()), shared(batch()))


def test_parametrised_weights_come_along():
    shared = built(lambda: nn.Sequential(nn.utils.parametrizations.weight_norm(nn.Linear(8, 3))))
    private = isolate(shared)
    inputs = torch.ones(1, 8)
    assert torch.equal(private(inputs), shared(inputs))
    assert not any(parameter.requires_grad for parameter in private.parameters())
    assert hooks(shared) == 0


class Remembers(nn.Module):
    """Keeps what its last pass made, also where no attribute shows it, and reads what its own hook has noted."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.kept: list[object] = []
        self.notes: dict[str, torch.Tensor] = {}
        notes = self.notes
        self.conv.register_forward_hook(lambda layer, args, output: notes.update(mean=output.mean()))

    def forward(self, x):
        features = self.conv(x)
        self.kept.append((features,))
        return features.mean((2, 3)) + self.notes["mean"]


def test_a_network_that_keeps_its_last_pass_is_copied_and_its_own_hooks_look_at_the_copy():
    network = built(Remembers)
    picture = torch.tensor(pixels(3))[None]
    answer = network(picture.requires_grad_())
    private = isolate(network)
    noted = network.notes["mean"]
    assert torch.equal(private(2 * picture), network(2 * picture))
    assert private.notes is not network.notes
    network.notes["mean"] = noted
    private(picture)
    assert network.notes["mean"] is noted and torch.equal(network(picture), answer)
