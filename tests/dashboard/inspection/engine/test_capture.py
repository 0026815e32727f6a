"""Captured outputs against hooks written by hand and torchvision's extractor, on networks nobody touched."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torchvision.models import resnet18
from torchvision.models.feature_extraction import create_feature_extractor

from dashboard.inspection.activations.forward_pass import forward_pass
from dashboard.inspection.engine.capture import (
    channel_maps,
    channel_sums,
    from_grid_maps,
    grid_maps,
    output_tensor,
    read_output,
    spread,
    watch,
)
from dashboard.inspection.engine.isolation import isolate
from dashboard.records.network import LayerCall
from models.outputs import walk
from models.zoo.small import ARCHITECTURES
from tests.networks import (
    ChannelsLast,
    ConvNet,
    Rectified,
    Tied,
    built,
    classifier,
    pixels,
    surveyed,
    untouched,
)


def captured(module: nn.Module, inputs: Tensor) -> dict[str, Tensor]:
    """The clone of every call's output, made while its hook runs."""
    of = classifier(module)
    kept: dict[str, Tensor] = {}

    def read(call: LayerCall, output: Tensor) -> None:
        kept[call.name] = output.detach().clone()

    network = isolate(module)
    watch(network, surveyed(of, inputs[0].numpy()).calls, read)
    with torch.no_grad():
        network(inputs)
    return kept


def by_hand(module: nn.Module, inputs: Tensor) -> dict[str, list[Tensor]]:
    """What each module puts out, call after call, by plain hooks on a plain copy."""
    plain = copy.deepcopy(module)
    kept: dict[str, list[Tensor]] = {}
    for name, layer in plain.named_modules():
        layer.register_forward_hook(
            lambda layer, args, output, name=name: kept.setdefault(name, []).append(output.detach().clone())
        )
    with torch.no_grad():
        plain(inputs)
    return kept


@pytest.mark.parametrize("name", sorted(ARCHITECTURES))
def test_every_small_network_as_by_hand(name):
    module, inputs = built(ARCHITECTURES[name].build), torch.tensor(pixels(side=28))[None]
    found, expected = captured(module, inputs), by_hand(module, inputs)
    assert len(found) >= 5
    for call, output in found.items():
        layer, _, number = call.partition("#")
        torch.testing.assert_close(output, expected[layer][int(number or 1) - 1], rtol=0, atol=0)


@pytest.mark.slow
def test_a_resnet_with_reused_activations_in_place_as_torchvision_extracts_it():
    module = built(resnet18)
    inputs = torch.tensor(pixels(channels=3, side=64))[None]
    found = captured(module, inputs)
    # In this network bn1 is overwritten by the activation in place: by hand its minimum would be zero.
    assert float(found["bn1"].min()) < 0
    names = {"layer1": "layer1", "layer2.0.relu": "layer2.0.relu#1", "layer3": "layer3", "avgpool": "avgpool"}
    with torch.no_grad():
        expected = create_feature_extractor(module, list(names))(inputs)
    for node, call in names.items():
        torch.testing.assert_close(found[call], expected[node])
    assert {"layer2.0.relu#1", "layer2.0.relu#2"} <= found.keys()


def test_one_module_under_two_names_is_told_apart_by_its_calls():
    inputs = torch.tensor(pixels())[None]
    found = captured(built(Tied), inputs)
    assert {"act#1", "act#2"} <= found.keys()
    assert not torch.equal(found["act#1"], found["act#2"])


def test_leaves_no_trace_also_when_a_reader_fails():
    module = built(ConvNet)
    of, inputs = classifier(module), pixels()
    with untouched(module):
        forward_pass(of, inputs, surveyed(of, inputs))
    network = isolate(module)

    def broken(call: LayerCall, output: Tensor) -> None:
        raise RuntimeError

    watch(network, surveyed(of, inputs).calls, broken)
    with untouched(module), pytest.raises(RuntimeError):
        network(torch.tensor(inputs)[None])


def test_the_second_pass_counts_calls_anew():
    module, inputs = built(Tied), torch.tensor(pixels())[None]
    seen: list[str] = []
    network = isolate(module)
    watch(network, surveyed(classifier(module), pixels()).calls, lambda call, output: seen.append(call.name))
    with torch.no_grad():
        network(inputs)
        first = list(seen)
        network(inputs)
    assert seen == first * 2


def test_a_reader_may_put_another_tensor_in_the_place():
    module, inputs = built(ConvNet), torch.tensor(pixels())[None]
    network = isolate(module)
    call = next(call for call in surveyed(classifier(module), pixels()).calls if call.name == "act2")
    watch(network, [call], lambda call, output: torch.zeros_like(output))
    with torch.no_grad():
        torch.testing.assert_close(network(inputs)[0], module.head.bias)


LAYOUTS = [
    # shape of the output, call, shape folded
    ((2, 3, 4, 5), LayerCall("a", "A", (3, 4, 5), "channels first", 0, (4, 5)), (2, 3, 4, 5)),
    ((2, 4, 5, 3), LayerCall("a", "A", (4, 5, 3), "channels last", 0, (4, 5)), (2, 3, 4, 5)),
    ((2, 17, 3), LayerCall("a", "A", (17, 3), "tokens", 1, (4, 4)), (2, 3, 4, 4)),
    ((2, 7), LayerCall("a", "A", (7,)), (2, 7, 1, 1)),
    ((2, 7, 1, 1), LayerCall("a", "A", (7, 1, 1)), (2, 7, 1, 1)),
    ((2, 4, 9, 9), LayerCall("a", "A", (4, 9, 9)), (2, 4, 9, 9)),  # attention of four heads
    ((2, 6, 3), LayerCall("a", "A", (6, 3)), (2, 3, 1, 6)),  # tokens that are no square
    ((8, 9, 3), LayerCall("a", "A", (9, 3)), (2, 3, 1, 36)),  # four windows of each picture
]


@pytest.mark.parametrize(("shape", "call", "expected"), LAYOUTS)
def test_folds_every_layout_into_channels_and_places(shape, call, expected):
    output = torch.arange(float(np.prod(shape))).reshape(shape)
    found = channel_maps(output, call, 2)
    assert found.shape == expected
    if call.layout != "tokens":
        assert sorted(found[0].flatten().tolist()) == sorted(output.reshape(2, -1)[0].tolist())
    else:
        torch.testing.assert_close(found[0, :, 1, 2], output[0, 1 + 4 + 2])


def test_sums_over_places_count_the_class_token():
    call = LayerCall("a", "A", (17, 3), "tokens", 1, (4, 4))
    output = torch.rand(2, 17, 3)
    torch.testing.assert_close(channel_sums(output, call, 2), output.sum(1))


def test_channels_last_is_what_the_network_computes():
    module, inputs = built(ChannelsLast), torch.tensor(pixels())[None]
    call = next(call for call in surveyed(classifier(module), pixels()).calls if call.name == "norm")
    output = captured(module, inputs)["norm"]
    torch.testing.assert_close(channel_maps(output, call, 1)[0, :, 1, 2], output[0, 1, 2])


def test_spread_against_numpy():
    values = torch.tensor([[0.0, 0.0, -3.0, 5.0, 2.5]])
    found = spread(values)
    array = values.numpy()
    assert found.mean == pytest.approx(array.mean())
    assert (found.minimum, found.maximum) == (-3.0, 5.0)
    assert found.std == pytest.approx(array.std())
    assert found.zeros == pytest.approx(0.4)


@pytest.mark.parametrize("shift", [0.0, 3.0, 1e4])
def test_a_large_mean_hides_no_spread(shift):
    values = torch.randn(2000, generator=torch.Generator().manual_seed(0)) + shift
    assert spread(values).std == pytest.approx(values.double().numpy().std(), rel=1e-3)
    assert spread(torch.full((50,), 7.25)).std == 0


def test_what_is_no_number_is_told():
    assert np.isnan(spread(torch.tensor([1.0, torch.nan])).std)


def test_every_call_of_a_functional_network_has_its_spread():
    of = classifier(built(lambda: Rectified(lambda network, tensor: network.relu(tensor))))
    found = forward_pass(of, pixels(), surveyed(of, pixels()))
    assert list(found.spreads) == ["conv1", "relu#1", "conv2", "relu#2", "head"]
    assert found.spreads["relu#1"].minimum == 0


class Pair(NamedTuple):
    first: Tensor
    second: Tensor


@dataclass
class Answer:
    states: Tensor
    weights: Tensor


@pytest.mark.parametrize(
    ("made", "member"),
    [
        (lambda first, second: first, ""),
        (lambda first, second: (first, second), "[0]"),
        (lambda first, second: [second.long(), (first, second)], "[1][0]"),
        (lambda first, second: {"states": first, "weights": second}, "['states']"),
        (Pair, ".first"),
        (Answer, ".states"),
        (lambda first, second: SimpleNamespace(states=first, weights=second), ".states"),
    ],
    ids=["tensor", "tuple", "nested", "dictionary", "named tuple", "dataclass", "object"],
)
def test_one_tensor_of_several_is_the_output_and_may_be_replaced(made, member):
    first, second, other = torch.ones(2, 3), torch.zeros(2, 3), torch.full((2, 3), 5.0)
    output = made(first, second)
    found = output_tensor(output)
    assert found is not None and found[0] == member and found[1] is first
    call = LayerCall("a", "A", (3,), member=member)
    assert read_output(call, output, lambda call, tensor: None) is None
    changed = read_output(call, output, lambda call, tensor: other)
    assert type(changed) is type(output)
    tensors = [tensor for _, tensor in walk(changed)]
    assert any(tensor is other for tensor in tensors) and not any(tensor is first for tensor in tensors)
    assert member == "" or any(tensor is second for tensor in tensors)  # the very one, with its gradient
    assert any(tensor is first for _, tensor in walk(output))


def test_pictures_in_another_axis_are_read_in_the_first():
    output = torch.arange(24.0).reshape(4, 2, 3)
    read: list[Tensor] = []

    def negate(call: LayerCall, tensor: Tensor) -> Tensor:
        read.append(tensor)
        return -tensor

    changed = read_output(LayerCall("a", "A", (4, 3), member="[0]", batch_axis=1), (output, None), negate)
    assert torch.equal(read[0], output.transpose(0, 1))
    assert torch.equal(changed[0], -output) and changed[1] is None


def test_a_layer_that_gives_no_real_numbers_has_no_output():
    assert output_tensor(torch.arange(3)) is None
    assert output_tensor((None, "a")) is None
    assert read_output(LayerCall("a", "A", (3,), member="[0]"), torch.ones(3), lambda *_: None) is None


@pytest.mark.parametrize(
    "call",
    [
        LayerCall("a", "A", (3, 8, 8), "channels first", 0, (8, 8)),
        LayerCall("a", "A", (8, 8, 3), "channels last", 0, (8, 8)),
        LayerCall("a", "A", (66, 3), "tokens", 2, (8, 8)),
        LayerCall("a", "A", (66, 3), "tokens", 1, (8, 8), unrolled=2),
    ],
)
def test_what_is_laid_over_the_picture_is_put_back(call):
    output = torch.rand(2, *call.shape)
    maps = grid_maps(output, call)
    assert maps.shape == (2, 3, 8, 8)
    assert torch.equal(from_grid_maps(maps, output, call), output)
    assert not from_grid_maps(torch.zeros_like(maps), output, call)[:, call.prefix : 64].any()


@pytest.mark.parametrize("times", [1, 2, 3])
def test_tokens_that_were_put_apart_are_ordered_as_timm_orders_those_of_hiera(times):
    from timm.models.hiera import Unroll

    places = torch.arange(256.0).reshape(1, 256, 1)
    tokens = Unroll((16, 16), (1, 1), [(2, 2)] * times)(places)
    call = LayerCall("a", "A", (256, 1), "tokens", 0, (16, 16), unrolled=times)
    assert torch.equal(grid_maps(tokens, call).flatten(), places.flatten())
