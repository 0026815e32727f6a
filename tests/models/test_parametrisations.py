"""A weight that a network computes is what its layer has, whatever it is stored as."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils import parametrizations, prune

from models.parametrisations import Parametrisation, effective_shapes, effective_tensors


def _old_spectral(layer: nn.Module) -> nn.Module:
    return nn.utils.spectral_norm(layer, n_power_iterations=20)


WAYS: dict[str, tuple[str, Callable[[nn.Module], nn.Module]]] = {
    "pruned": ("pruning", lambda layer: prune.l1_unstructured(layer, "weight", 0.5)),
    "weight norm": ("weight norm", nn.utils.weight_norm),
    "weight norm of all": ("weight norm", lambda layer: parametrizations.weight_norm(layer, dim=-1)),
    "parametrised weight norm": ("weight norm", parametrizations.weight_norm),
    "weight norm by input": ("weight norm", lambda layer: parametrizations.weight_norm(layer, dim=1)),
    "spectral norm": ("spectral norm", _old_spectral),
    "parametrised spectral norm": ("spectral norm", parametrizations.spectral_norm),
}
LAYERS: dict[str, Callable[[], nn.Module]] = {
    "convolution": lambda: nn.Conv2d(3, 8, 3),
    "matrix": lambda: nn.Linear(6, 4),
    "transposed": lambda: nn.ConvTranspose2d(4, 4, 3),
}


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("way", WAYS)
def test_a_computed_weight_is_that_of_its_layer(way, kind):
    torch.manual_seed(0)
    called, change = WAYS[way]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        network = nn.Sequential(nn.Linear(2, 3), change(LAYERS[kind]()))
    layer = network[1]
    if kind == "transposed":
        layer(torch.zeros(1, 4, 5, 5))
    else:
        layer(torch.zeros(1, 3, 5, 5) if kind == "convolution" else torch.zeros(1, 6))
    network.eval()
    if (
        "weight" not in dict(layer.named_parameters()) and kind != "matrix"
    ):  # old ways compute it when they run
        layer(torch.zeros(1, 4 if kind == "transposed" else 3, 5, 5))
    elif kind == "matrix":
        layer(torch.zeros(1, 6))
    tensors, computed = effective_tensors(
        {name: tensor.detach() for name, tensor in network.state_dict().items()}
    )
    assert set(tensors) == {"0.weight", "0.bias", "1.weight", "1.bias"}
    stored = {name: tuple(tensor.shape) for name, tensor in network.state_dict().items()}
    assert effective_shapes(stored) == {name: tuple(tensor.shape) for name, tensor in tensors.items()}
    weight = layer.weight
    assert isinstance(weight, Tensor) and tensors["1.weight"].allclose(weight, atol=1e-6)
    (one,) = computed
    assert (one.kind, one.name) == (called, "1.weight")
    assert one.zero == pytest.approx(0.5 if way == "pruned" else 0.0, abs=0.03)


def test_what_is_stored_as_it_is_used_is_shared():
    tensors = dict(nn.BatchNorm2d(3).state_dict())
    effective, computed = effective_tensors(tensors)
    assert computed == ()
    assert all(effective[name] is tensor for name, tensor in tensors.items())


def test_half_precision_stays():
    layer = parametrizations.weight_norm(nn.Linear(4, 3)).half()
    tensors, _ = effective_tensors({name: tensor.detach() for name, tensor in layer.state_dict().items()})
    assert tensors["weight"].dtype == torch.float16


def test_names_that_only_look_like_parts_stay():
    tensors = {
        "a.k_v": torch.zeros(3),
        "attn_mask": torch.ones(2, 2),
        "q_orig": torch.ones(2),
        "x_g": torch.ones(1),
    }
    assert effective_tensors(tensors) == (tensors, ())


def test_half_of_a_pruned_bias_is_said():
    tensors = {"a.bias_orig": torch.ones(4), "a.bias_mask": torch.tensor([0.0, 1, 0, 1])}
    effective, computed = effective_tensors(tensors)
    assert effective["a.bias"].tolist() == [0, 1, 0, 1]
    assert computed == (Parametrisation("pruning", "a.bias", 0.5),)
