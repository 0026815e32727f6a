"""Batch normalisation and clamps that cost less, on the way forward or on the way back.

Where answers alone are asked for, a normalisation is folded into the convolution before it. That rounds differently,
so where a gradient is asked for the way forward stays as it is to the last bit, and the way back alone is shortened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

# A convolution and the normalisation behind it, by their names in the network.
FusablePair = tuple[str, str]
# Zeros on the left, on the right, above and below.
Pads = tuple[int, int, int, int]


def fusable_pairs(network: nn.Module, inputs: Tensor) -> tuple[FusablePair, ...]:
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


def fuse(network: nn.Module, found: tuple[FusablePair, ...]) -> nn.Module:
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


def shorten_backward(network: nn.Module, found: tuple[FusablePair, ...] = ()) -> nn.Module:
    """The same private network, whose normalisations and clamps cost less on the way back.

    With running statistics a normalisation is a multiplication and an addition, and so its gradient is one
    multiplication; in a pair, it is in the weights that the convolution has on its way back. A clamp keeps what it
    makes, which the next layer keeps too, instead of what it has read. The way forward is the same to the last bit.

    Args:
        network: private, in eval mode.
        found: by `pairs`, in a network of the same structure and weights.
    """
    joined = [pair for pair in found if _is_joinable(network.get_submodule(pair[0]))]
    for first, second in joined:
        convolution, normalisation = network.get_submodule(first), network.get_submodule(second)
        convolution.__dict__["forward"] = _joined(convolution, normalisation)
        normalisation.__dict__["forward"] = _REST[type(normalisation).__name__](normalisation)
    done = {network.get_submodule(second) for _, second in joined}
    for layer in network.modules():
        if not isinstance(layer, nn.Conv2d) and _is_plain(layer) and layer not in done:
            layer.__dict__["forward"] = _scaling(layer)
        elif isinstance(layer, nn.Hardtanh):
            layer.__dict__["forward"] = _clamping(layer)
    return network


def _is_joinable(layer: nn.Module) -> bool:
    """Whether it is a convolution with as many zeros on either side."""
    return (
        isinstance(layer, nn.Conv2d)
        and type(layer).__name__ in _PADS
        and layer.padding_mode == "zeros"
        and not isinstance(layer.padding, str)
    )


def _scaling(layer: Any) -> Callable[[Tensor], Tensor]:
    rest = _REST[type(layer).__name__](layer)
    scale = _scale(layer).to(layer.running_var.dtype)[:, None, None]  # (C, 1, 1)

    def forward(inputs: Tensor) -> Tensor:
        normalised: Tensor = _Scaled.apply(inputs, layer, scale)
        return rest(normalised)

    return forward


def _joined(convolution: Any, normalisation: Any) -> Callable[[Tensor], Tensor]:
    pads = _PADS[type(convolution).__name__]
    weight = (convolution.weight * _scale(normalisation)[:, None, None, None]).to(convolution.weight.dtype)

    def forward(inputs: Tensor) -> Tensor:
        normalised: Tensor = _Joined.apply(
            inputs, convolution, normalisation, weight, pads(convolution, inputs)
        )
        return normalised

    return forward


def _clamping(layer: nn.Hardtanh) -> Callable[[Tensor], Tensor]:
    def forward(inputs: Tensor) -> Tensor:
        clamped: Tensor = _Clamped.apply(inputs, layer.min_val, layer.max_val, layer.inplace)
        return clamped

    return forward


class _Scaled(torch.autograd.Function):
    """A normalisation by running statistics, and the gradient of a multiplication."""

    @staticmethod
    def forward(context: Any, inputs: Tensor, layer: nn.BatchNorm2d, scale: Tensor) -> Tensor:
        context.scale = scale
        return _normalised(inputs, layer)

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> tuple[Tensor, None, None]:
        return gradient * context.scale, None, None


class _Joined(torch.autograd.Function):
    """A convolution and a normalisation, and the gradient of a convolution with their common weight."""

    @staticmethod
    def forward(
        context: Any,
        inputs: Tensor,
        convolution: nn.Conv2d,
        normalisation: nn.BatchNorm2d,
        weight: Tensor,
        pads: Pads,
    ) -> Tensor:
        padded = _padded(inputs, pads) if any(pads) else inputs
        # The gradient depends on the shape and the layout of what was read, not on its values.
        context.read = padded.shape, _layout(padded), convolution, weight, (pads, inputs.shape)
        made = functional.conv2d(
            padded,
            convolution.weight,
            convolution.bias,
            convolution.stride,
            convolution.padding,
            convolution.dilation,
            convolution.groups,
        )
        return _normalised(made, normalisation)

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> tuple[Tensor, None, None, None, None]:
        shape, layout, convolution, weight, (pads, inner) = context.read
        read = torch.empty(shape, dtype=gradient.dtype, device=gradient.device, memory_format=layout)
        # As torch.nn.grad.conv2d_input calls it, which loses the layout.
        back = torch.ops.aten.convolution_backward(
            gradient,
            read,
            weight,
            None,
            convolution.stride,
            convolution.padding,
            convolution.dilation,
            False,
            (0, 0),
            convolution.groups,
            (True, False, False),
        )[0]
        return _inside(back, pads, inner), None, None, None, None


class _Clamped(torch.autograd.Function):
    """Values held between two, and the gradient where they were not held, told by what came out."""

    @staticmethod
    def forward(context: Any, inputs: Tensor, low: float, high: float, inplace: bool) -> Tensor:
        if inplace:
            context.mark_dirty(inputs)
        clamped = inputs.clamp_(low, high) if inplace else inputs.clamp(low, high)
        context.save_for_backward(clamped)
        context.held = low, high
        return clamped

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> tuple[Tensor, None, None, None]:
        (clamped,) = context.saved_tensors
        return torch.ops.aten.hardtanh_backward(gradient, clamped, *context.held), None, None, None


def _padded(inputs: Tensor, pads: Pads) -> Tensor:
    """(N, C, H, W) with zeros around it; torch's own padding writes zeros everywhere first."""
    left, right, top, bottom = pads
    count, channels, height, width = inputs.shape
    padded = torch.empty(
        (count, channels, top + height + bottom, left + width + right),
        dtype=inputs.dtype,
        device=inputs.device,
        memory_format=_layout(inputs),
    )
    for edge in (padded[:, :, :top], padded[:, :, top + height :]):
        edge.zero_()
    for edge in (padded[..., :left], padded[..., left + width :]):
        edge.zero_()
    _inside(padded, pads, inputs.shape).copy_(inputs)
    return padded


def _inside(padded: Tensor, pads: Pads, shape: torch.Size) -> Tensor:
    """The view of what zeros were put around."""
    left, _, top, _ = pads
    return padded[:, :, top : top + shape[2], left : left + shape[3]]


def _layout(tensor: Tensor) -> torch.memory_format:
    last = tensor.is_contiguous(memory_format=torch.channels_last) and not tensor.is_contiguous()
    return torch.channels_last if last else torch.contiguous_format


def _normalised(inputs: Tensor, layer: nn.BatchNorm2d) -> Tensor:
    return functional.batch_norm(
        inputs, layer.running_mean, layer.running_var, layer.weight, layer.bias, eps=layer.eps
    )


def _scale(normalisation: nn.BatchNorm2d) -> Tensor:
    """What each channel is multiplied with, (C), in double precision."""
    assert normalisation.running_var is not None
    scale = (normalisation.running_var.double() + normalisation.eps).rsqrt()
    return scale * normalisation.weight if normalisation.affine else scale


def _folded(convolution: nn.Conv2d, normalisation: nn.BatchNorm2d) -> tuple[nn.Parameter, nn.Parameter]:
    """Weight and bias that do what both do, worked out in double precision."""
    assert normalisation.running_mean is not None
    scale = _scale(normalisation)
    shift = -normalisation.running_mean.double() * scale
    if normalisation.affine:
        shift = shift + normalisation.bias
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


def _same_pads(convolution: Any, inputs: Tensor) -> Pads:
    from timm.layers.padding import pad_same_arg

    size = list(inputs.shape[2:])
    left, right, top, bottom = pad_same_arg(
        size, convolution.kernel_size, convolution.stride, convolution.dilation
    )
    return left, right, top, bottom


# Class -> zeros that a convolution of it puts around its input, beside its padding.
_PADS: dict[str, Callable[[Any, Tensor], Pads]] = {
    "Conv2d": lambda layer, inputs: (0, 0, 0, 0),
    "Conv2dSame": _same_pads,  # of timm
}
