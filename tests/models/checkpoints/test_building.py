"""An architecture without its numbers takes no memory, and computes as usual once it is filled."""

from __future__ import annotations

import pytest
import torch

from models.checkpoints.building import _load_state, build_hollow, build_with_weights
from models.checkpoints.known import Match, Row
from models.runtime.randomness import fork_rng
from models.zoo.small import ARCHITECTURES

ROW = Row("vitrine/cnn", {"channels": 1}, 10, (), (0, 0), frozenset(), "vitrine/cnn")
MATCH = Match(ROW, 5, "", {})


@pytest.fixture
def network():
    with fork_rng(0):
        return ARCHITECTURES["cnn"].build(5, 1).eval()


def test_a_hollow_network_has_shapes_and_no_numbers(network):
    hollow = build_hollow("vitrine/cnn", 5, {"channels": 1})
    assert all(parameter.is_meta for name, parameter in hollow.named_parameters() if "bn" not in name)
    assert {name: tensor.shape for name, tensor in hollow.state_dict().items()} == {
        name: tensor.shape for name, tensor in network.state_dict().items()
    }


def test_a_filled_one_computes_the_same_in_float32(network):
    tensors = {
        name: tensor.half().float().half() if tensor.is_floating_point() else tensor
        for name, tensor in network.state_dict().items()
        if not name.endswith("num_batches_tracked")
    }
    filled = build_with_weights(MATCH, tensors).eval()
    network.load_state_dict({**network.state_dict(), **{name: t.float() for name, t in tensors.items()}})
    assert {parameter.dtype for parameter in filled.parameters()} == {torch.float32}
    picture = torch.randn(1, 1, 28, 28, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(filled(picture), network(picture))


def test_code_that_says_another_dtype_keeps_it(network):
    filled = _load_state(
        build_hollow("vitrine/cnn", 5, {"channels": 1}).double(), network.state_dict()
    ).eval()
    assert {parameter.dtype for parameter in filled.parameters()} == {torch.float64}
    picture = torch.randn(1, 1, 28, 28, generator=torch.Generator().manual_seed(1)).double()
    torch.testing.assert_close(filled(picture), network.double()(picture))


@pytest.mark.parametrize("change", ["missing", "left over", "another shape"])
def test_weights_that_do_not_fit_are_refused(network, change):
    tensors = dict(network.state_dict())
    if change == "missing":
        del tensors["head.bias"]
    elif change == "left over":
        tensors["more"] = torch.zeros(1)
    else:
        tensors["head.bias"] = torch.zeros(6)
    with pytest.raises(RuntimeError):
        build_with_weights(MATCH, tensors)
