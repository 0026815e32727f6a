"""Weights that a network computes anew at each pass, from what it stores: made plain weights of its layers."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.utils import parametrize
from torch.nn.utils.prune import BasePruningMethod
from torch.nn.utils.spectral_norm import SpectralNorm
from torch.nn.utils.weight_norm import WeightNorm


def store_effective_weights(network: nn.Module) -> nn.Module:
    """The same private network with the weights that it computes with as parameters.

    Parametrisations, weight and spectral norms of the older kind and pruning masks are gone afterwards, and the answers
    stay.

    Args:
        network: private, with weights of its own, in eval mode.
    """
    with torch.no_grad():
        for layer in network.modules():
            if parametrize.is_parametrized(layer):
                weights = {name: getattr(layer, name) for name in layer.parametrizations}  # type: ignore[union-attr]
                # Not by torch's own function, which takes the weight off a class that the shared network has too.
                del layer.parametrizations
                layer.__class__ = type(layer).__bases__[0]
                for name, weight in weights.items():
                    layer.register_parameter(name, nn.Parameter(weight))
            for key, hook in list(layer._forward_pre_hooks.items()):
                if isinstance(hook, WeightNorm | SpectralNorm | BasePruningMethod):
                    hook.remove(layer)
                    del layer._forward_pre_hooks[key]
    return network.requires_grad_(False)
