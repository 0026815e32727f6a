"""Batch normalisation that costs less: folded into the convolution before it, or a multiplication on the way back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

# A convolution and the normalisation behind it, by their names in the network.
Pair = tuple[str, str]


def pairs(network: nn.Module, inputs: Tensor) -> tuple[Pair, ...]:
    """Each convolution whose output is read by one batch normalisation and by nothing else.

    Found in a forward pass, so that it does not matter how a network calls its layers. Each of the two must be
    called once, because one set of weights cannot be folded in two ways.

    Args:
        network: private, in eval mode; hooked while it runs.
        inputs: (N, C, H, W).
    """
    names = {layer: name for name, layer in network.named_modules()}
    made: dict[int, tuple[nn.Module, Tensor]] = {}  # keeps every output, so that no two have the same id
    found: list[tuple[nn.Module, nn.Module, Any]] = []
    calls: Counter[nn.Module] = Counter()

    def after(layer: nn.Module, args: tuple[Any, ...], output: Tensor) -> None:
        calls[layer] += 1
        if isinstance(layer, nn.Conv2d):
            made[id(output)] = layer, output
        elif id(args[0]) in made:
            found.append((made[id(args[0])][0], layer, args[0].grad_fn))

    read = [layer for layer in names if _is_plain(layer)]
    hooks = [layer.register_forward_hook(after) for layer in read]
    with torch.enable_grad():
        readers = _readers(network(inputs.detach().clone().requires_grad_()))
    for hook in hooks:
        hook.remove()
    return tuple(
        (names[convolution], names[normalisation])
        for convolution, normalisation, node in found
        if readers[node] == calls[convolution] == calls[normalisation] == 1
    )


def fold(network: nn.Module, found: tuple[Pair, ...]) -> nn.Module:
    """The same private network with each normalisation of a pair folded into its convolution.

    Only the convolutions of the pairs get weights of their own.

    Args:
        network: private, in eval mode.
        found: by `pairs`, in a network of the same structure and weights.

    Reference:
        Jacob et al. 2018, Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
        Inference, section 3.2, https://arxiv.org/abs/1712.05877.
    """
    for first, second in found:
        convolution, normalisation = network.get_submodule(first), network.get_submodule(second)
        assert isinstance(convolution, nn.Conv2d) and isinstance(normalisation, nn.BatchNorm2d)
        convolution.weight, convolution.bias = _folded(convolution, normalisation)
        # Its own forward, so that it keeps its place and its name in the tree.
        normalisation.__dict__["forward"] = _REST[type(normalisation).__name__](normalisation)
    return network


def eased(network: nn.Module) -> nn.Module:
    """The same private network, whose normalisations cost less on the way back.

    With running statistics a normalisation is a multiplication and an addition, and so its gradient is one
    multiplication. Torch's also keeps what it has read and adds it up, for weights whose gradient nobody asks for.
    The way forward is the same to the last bit.

    Args:
        network: private, in eval mode.
    """
    for layer in network.modules():
        if not isinstance(layer, nn.Conv2d) and _is_plain(layer):
            layer.__dict__["forward"] = _scaling(layer)
    return network


def _scaling(layer: Any) -> Callable[[Tensor], Tensor]:
    rest = _REST[type(layer).__name__](layer)
    scale = (layer.running_var + layer.eps).rsqrt()
    scale = (scale * layer.weight if layer.affine else scale)[:, None, None]  # (C, 1, 1)

    def forward(inputs: Tensor) -> Tensor:
        normalised: Tensor = _Scaled.apply(inputs, layer, scale)
        return rest(normalised)

    return forward


class _Scaled(torch.autograd.Function):
    """A normalisation by running statistics, and the gradient of a multiplication."""

    @staticmethod
    def forward(context: Any, inputs: Tensor, layer: nn.BatchNorm2d, scale: Tensor) -> Tensor:
        context.scale = scale
        return functional.batch_norm(
            inputs, layer.running_mean, layer.running_var, layer.weight, layer.bias, eps=layer.eps
        )

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> tuple[Tensor, None, None]:
        return gradient * context.scale, None, None


def _folded(convolution: nn.Conv2d, normalisation: nn.BatchNorm2d) -> tuple[nn.Parameter, nn.Parameter]:
    """Weight and bias that do what both do, worked out in double precision."""
    mean, variance = normalisation.running_mean, normalisation.running_var
    assert mean is not None and variance is not None
    scale = (variance.double() + normalisation.eps).rsqrt()
    shift = -mean.double() * scale
    if normalisation.affine:
        scale, shift = scale * normalisation.weight, shift * normalisation.weight + normalisation.bias
    bias = shift if convolution.bias is None else shift + scale * convolution.bias
    weight = convolution.weight * scale[:, None, None, None]
    kind = convolution.weight.dtype
    return nn.Parameter(weight.to(kind), requires_grad=False), nn.Parameter(
        bias.to(kind), requires_grad=False
    )


def _is_plain(layer: nn.Module) -> bool:
    """Whether it is a convolution with a weight of its own, or a normalisation that uses its running statistics."""
    if isinstance(layer, nn.Conv2d):
        return "weight" in layer._parameters  # a parametrised one computes it
    return type(layer).__name__ in _REST and getattr(layer, "running_var", None) is not None


def _readers(output: Tensor) -> Counter[Any]:
    """How many operations read what each operation made, on the way to a tensor."""
    readers: Counter[Any] = Counter()
    pending = [output.grad_fn]
    while pending:
        node = pending.pop()
        for following, _ in node.next_functions if node is not None else ():
            readers[following] += 1
            if readers[following] == 1:
                pending.append(following)
    return readers


# Class -> what is left to do of one once it is folded.
_REST: dict[str, Callable[[Any], Callable[[Tensor], Tensor]]] = {
    "BatchNorm2d": lambda layer: lambda inputs: inputs,
    "BatchNormAct2d": lambda layer: lambda inputs: layer.act(layer.drop(inputs)),  # of timm
}
