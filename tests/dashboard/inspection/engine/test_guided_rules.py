"""Rectifiers that hooks can hold keep the answer; against a guided gradient derived by hand."""

from __future__ import annotations

import pytest
import torch
from captum.attr import GuidedBackprop, Saliency
from torch import Tensor, nn
from torch.nn import functional

from dashboard.inspection.engine.explained_score import ExplainedScore
from dashboard.inspection.engine.guided_rules import rectifying_module
from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.routing import one_module_per_call
from models.zoo.small import ARCHITECTURES
from tests.networks import WAYS_TO_RELU, WAYS_TO_RELU6, Rectified, built, pixels, untouched

WAYS = {**WAYS_TO_RELU, **WAYS_TO_RELU6}


class GuidedByHand(torch.autograd.Function):
    """Springenberg et al. 2014, figure 1: pass back what is positive, where the input was positive."""

    @staticmethod
    def forward(context, tensor):
        context.save_for_backward(tensor)
        return tensor.clamp(min=0)

    @staticmethod
    def backward(context, gradient):
        (tensor,) = context.saved_tensors
        return gradient * (gradient > 0) * (tensor > 0)


def by_hand(network: nn.Module, inputs: Tensor, target: int) -> Tensor:
    inputs = inputs.clone().requires_grad_()
    return torch.autograd.grad(network(inputs)[0, target], inputs)[0]


def repaired(module: nn.Module, inputs: Tensor, target: int = 0) -> ExplainedScore:
    return one_module_per_call(ExplainedScore(isolate(module), target), inputs, rectifying_module)


def guided(module: nn.Module, inputs: Tensor, target: int = 0) -> Tensor:
    values: Tensor = GuidedBackprop(repaired(module, inputs, target)).attribute(
        inputs.clone().requires_grad_()
    )
    return values


def batch(side: int = 8, seed: int = 1) -> Tensor:
    return torch.tensor(pixels(side=side, seed=seed))[None]


@pytest.mark.parametrize("way", WAYS)
def test_the_answer_stays_what_it_was(way):
    shared = built(lambda: Rectified(WAYS[way]))
    with untouched(shared):
        explained = repaired(shared, batch())
        for _ in range(2):
            assert torch.equal(explained(batch()), shared(batch())[:, 0])


@pytest.mark.parametrize("architecture", ARCHITECTURES.values(), ids=lambda architecture: architecture.name)
def test_the_small_networks_answers_stay_what_they_were(architecture):
    shared = built(architecture.build)
    assert torch.equal(repaired(shared, batch(28))(batch(28)), shared(batch(28))[:, 0])


@pytest.mark.parametrize("way", WAYS)
def test_one_module_to_hook_for_each_application(way):
    explained = repaired(built(lambda: Rectified(WAYS[way])), batch())
    rectifiers = [layer for layer in explained.modules() if isinstance(layer, nn.ReLU)]
    calls = []
    for layer in rectifiers:
        layer.register_forward_hook(lambda layer, *_: calls.append(layer))
    explained(batch())
    assert len(rectifiers) == 2
    assert calls == rectifiers


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("way", WAYS)
def test_guided_backprop_is_the_one_derived_by_hand(way, seed):
    shared = built(lambda: Rectified(WAYS[way]), seed)
    cap = 6.0 if way in WAYS_TO_RELU6 else torch.inf
    slow = built(lambda: Rectified(lambda network, tensor: GuidedByHand.apply(tensor).clamp(max=cap)), seed)
    for target in range(3):
        expected = by_hand(slow, batch(seed=seed), target)
        assert torch.allclose(guided(shared, batch(seed=seed), target), expected, atol=1e-7)
        plain = Saliency(isolate(shared)).attribute(batch(seed=seed).requires_grad_(), target, abs=False)
        assert not torch.allclose(plain, expected, atol=1e-4)


class Forked(nn.Module):
    """What a ReLU reads goes elsewhere too: the rule must hold for the branch through the ReLU only."""

    def __init__(self, relu: nn.Module) -> None:
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 3, padding=1), nn.Conv2d(6, 6, 3, padding=1)
        self.relu = relu
        self.head = nn.Linear(6, 3)

    def forward(self, inputs: Tensor) -> Tensor:
        maps = self.conv1(inputs)
        logits: Tensor = self.head((maps + self.conv2(self.relu(maps))).mean((2, 3)))
        return logits


class ByHand(nn.Module):
    def forward(self, tensor: Tensor) -> Tensor:
        guided: Tensor = GuidedByHand.apply(tensor)
        return guided


def test_what_leads_past_a_relu_keeps_its_gradient():
    shared, slow = built(lambda: Forked(nn.ReLU())), built(lambda: Forked(ByHand()))
    expected = by_hand(slow, batch(), 0)
    assert torch.allclose(guided(shared, batch()), expected, atol=1e-7)
    # Bare Captum hooks the tensor that both branches read.
    bare = GuidedBackprop(isolate(shared)).attribute(batch().requires_grad_(), 0)
    assert not torch.allclose(bare, expected, atol=1e-4)


def test_other_activations_are_left_alone():
    class Mixed(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1, self.conv2 = nn.Conv2d(1, 6, 3), nn.Conv2d(6, 4, 3)
            self.head = nn.Linear(4, 3)

        def forward(self, inputs):
            maps = functional.hardtanh(functional.gelu(self.conv1(inputs)), -1.0, 1.0)
            return self.head(functional.relu(self.conv2(maps)).mean((2, 3)))

    shared = built(Mixed)
    explained = repaired(shared, batch())
    assert sum(isinstance(layer, nn.ReLU) for layer in explained.modules()) == 1
    assert torch.equal(explained(batch()), shared(batch())[:, 0])


def test_applications_that_lead_nowhere_need_a_module_too():
    class Dropped(Rectified):
        def forward(self, inputs):
            functional.relu(self.conv1(inputs))
            return super().forward(inputs)

    shared = built(lambda: Dropped(WAYS["functional"]))
    assert torch.equal(repaired(shared, batch())(batch()), shared(batch())[:, 0])


def test_the_repair_is_of_this_thread_only():
    explained = repaired(built(lambda: Rectified(WAYS["functional"])), batch())
    explained(batch())
    assert torch.relu(torch.tensor(-1.0)) == 0
    assert not torch.overrides._get_current_function_mode_stack()
