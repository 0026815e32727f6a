"""Batch normalisation and clamps that cost less, in the forward pass or in the backward pass.

Where answers alone are asked for, a normalisation is fused with the convolution before it. That rounds differently,
so where a gradient is asked for the forward pass stays as it is to the last bit, and the backward pass alone is
shortened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils import fusion

# A convolution and the normalisation behind it, by their names in the network.
FusablePair = tuple[str, str]
# Zeros on the left, on the right, above and below.
Pads = tuple[int, int, int, int]


def fusable_pairs(network: nn.Module, inputs: Tensor) -> tuple[FusablePair, ...]:
    """Each convolution whose output is read by one batch normalisation and by nothing else.

    Found in a forward pass, so that it does not matter how a network calls its layers. Each of the two must be
    called once, because one set of weights cannot be fused in two ways.

    Args:
        network: private, in eval mode; hooked while it runs.
        inputs: (N, C, H, W), normalised.

    Returns:
        Qualified names of convolution and normalisation, in the order in which they run.
    """
    names = {layer: name for name, layer in network.named_modules()}
    outputs: dict[int, tuple[nn.Module, Tensor]] = {}  # keeps every output, so that no two have the same id
    pairs: list[tuple[nn.Module, nn.Module, Any]] = []
    calls: Counter[nn.Module] = Counter()

    def after(layer: nn.Module, args: tuple[Any, ...], output: Tensor) -> None:
        calls[layer] += 1
        if isinstance(layer, nn.Conv2d):
            outputs[id(output)] = layer, output
        elif id(args[0]) in outputs:
            pairs.append((outputs[id(args[0])][0], layer, args[0].grad_fn))

    hooks = [layer.register_forward_hook(after) for layer in names if _is_plain(layer)]
    with torch.enable_grad():
        readers = _count_readers(network(inputs.detach().clone().requires_grad_()))
    for hook in hooks:
        hook.remove()
    return tuple(
        (names[convolution], names[norm])
        for convolution, norm, node in pairs
        if readers[node] == calls[convolution] == calls[norm] == 1
    )


def fuse(network: nn.Module, pairs: tuple[FusablePair, ...]) -> nn.Module:
    """The same private network with each normalisation of a pair fused with its convolution.

    Only the convolutions of the pairs get weights of their own.

    Args:
        network: private, in eval mode.
        pairs: by `fusable_pairs`, in a network of the same structure and weights.

    Reference:
        Jacob et al. 2018, Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
        Inference, section 3.2, https://arxiv.org/abs/1712.05877.
    """
    for first, second in pairs:
        convolution, norm = network.get_submodule(first), network.get_submodule(second)
        assert isinstance(convolution, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d)
        convolution.weight, convolution.bias = fused_parameters(convolution, norm)
        # Its own forward, so that it keeps its place and its name in the tree.
        norm.__dict__["forward"] = _REST[type(norm).__name__](norm)
    return network


def fused_parameters(convolution: nn.Conv2d, norm: nn.BatchNorm2d) -> tuple[nn.Parameter, nn.Parameter]:
    """Weight and bias of one convolution that does what both do, of the convolution's type.

    They are worked out in double precision, so that each is rounded once.

    Args:
        convolution: with a weight of its own, (out, in / groups, h, w).
        norm: with running statistics, of (out,) channels.
    """
    weight, bias = fusion.fuse_conv_bn_weights(
        convolution.weight.double(),
        None if convolution.bias is None else convolution.bias.double(),
        *_double_statistics(norm),
    )
    kind = convolution.weight.dtype
    return nn.Parameter(weight.to(kind), requires_grad=False), nn.Parameter(
        bias.to(kind), requires_grad=False
    )


def shorten_backward(network: nn.Module, pairs: tuple[FusablePair, ...] = ()) -> nn.Module:
    """The same private network, whose normalisations and clamps cost less in the backward pass.

    With running statistics a normalisation is a multiplication and an addition, and so its gradient is one
    multiplication; in a pair, it is in the weights that the convolution has in its backward pass. A clamp keeps what it
    puts out, which the next layer keeps too, instead of what it has read. The forward pass is the same to the last bit.

    Args:
        network: private, in eval mode.
        pairs: by `fusable_pairs`, in a network of the same structure and weights.
    """
    joint = [pair for pair in pairs if _pads_alike(network.get_submodule(pair[0]))]
    for first, second in joint:
        convolution, norm = network.get_submodule(first), network.get_submodule(second)
        convolution.__dict__["forward"] = _joint_forward(convolution, norm)
        norm.__dict__["forward"] = _REST[type(norm).__name__](norm)
    done = {network.get_submodule(second) for _, second in joint}
    for layer in network.modules():
        if not isinstance(layer, nn.Conv2d) and _is_plain(layer) and layer not in done:
            layer.__dict__["forward"] = _scaling_forward(layer)
        elif isinstance(layer, nn.Hardtanh):
            layer.__dict__["forward"] = _clamping_forward(layer)
    return network


def _pads_alike(layer: nn.Module) -> bool:
    """Whether it is a convolution with as many zeros on either side."""
    return (
        isinstance(layer, nn.Conv2d)
        and type(layer).__name__ in _PADS
        and layer.padding_mode == "zeros"
        and not isinstance(layer.padding, str)
    )


def pads_of(convolution: nn.Conv2d, inputs: Tensor) -> Pads:
    """How much a convolution puts around what it reads, (N, C, H, W), whatever it puts there."""
    own = _PADS.get(type(convolution).__name__, _PADS["Conv2d"])(convolution, inputs)
    if any(own) or convolution.padding == "valid":
        return own
    if convolution.padding == "same":
        # As torch shares an odd one out: the more below and on the right.
        spans = [
            apart * (size - 1)
            for size, apart in zip(convolution.kernel_size, convolution.dilation, strict=True)
        ]
        (top, left), (high, wide) = ((span // 2 for span in spans), spans)
        return left, wide - left, top, high - top
    assert not isinstance(convolution.padding, str)
    down, across = convolution.padding
    return across, across, down, down


def _scaling_forward(layer: Any) -> Callable[[Tensor], Tensor]:
    rest = _REST[type(layer).__name__](layer)
    ones = torch.ones(len(layer.running_var), 1, dtype=torch.float64, device=layer.running_var.device)
    weight, _ = fusion.fuse_linear_bn_weights(ones, None, *_double_statistics(layer))  # (C, 1)
    scale = weight.detach().to(layer.running_var.dtype)[..., None]  # (C, 1, 1)

    def forward(inputs: Tensor) -> Tensor:
        normalised: Tensor = _ScaleFunction.apply(inputs, layer, scale)
        return rest(normalised)

    return forward


def _joint_forward(convolution: Any, norm: Any) -> Callable[[Tensor], Tensor]:
    pads = _PADS[type(convolution).__name__]
    weight, _ = fused_parameters(convolution, norm)

    def forward(inputs: Tensor) -> Tensor:
        normalised: Tensor = _JointFunction.apply(
            inputs, convolution, norm, weight, pads(convolution, inputs)
        )
        return normalised

    return forward


def _clamping_forward(layer: nn.Hardtanh) -> Callable[[Tensor], Tensor]:
    def forward(inputs: Tensor) -> Tensor:
        clamped: Tensor = _ClampFunction.apply(inputs, layer.min_val, layer.max_val, layer.inplace)
        return clamped

    return forward


class _ScaleFunction(torch.autograd.Function):
    """A normalisation by running statistics, and the gradient of a multiplication."""

    @staticmethod
    def forward(context: Any, inputs: Tensor, layer: nn.BatchNorm2d, scale: Tensor) -> Tensor:
        context.scale = scale
        return _normalise(inputs, layer)

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> tuple[Tensor, None, None]:
        return gradient * context.scale, None, None


class _JointFunction(torch.autograd.Function):
    """A convolution and a normalisation, and the gradient of a convolution with their common weight."""

    @staticmethod
    def forward(
        context: Any,
        inputs: Tensor,
        convolution: nn.Conv2d,
        norm: nn.BatchNorm2d,
        weight: Tensor,
        pads: Pads,
    ) -> Tensor:
        padded = _pad(inputs, pads) if any(pads) else inputs
        # The gradient depends on the shape and the memory format of what was read, not on its values.
        context.read = padded.shape, _memory_format(padded), convolution, weight, (pads, inputs.shape)
        output = functional.conv2d(
            padded,
            convolution.weight,
            convolution.bias,
            convolution.stride,
            convolution.padding,
            convolution.dilation,
            convolution.groups,
        )
        return _normalise_in_place(output, norm)

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> tuple[Tensor, None, None, None, None]:
        shape, memory_format, convolution, weight, (pads, inner) = context.read
        read = torch.empty(shape, dtype=gradient.dtype, device=gradient.device, memory_format=memory_format)
        # As torch.nn.grad.conv2d_input calls it, which loses the memory format.
        at_inputs = torch.ops.aten.convolution_backward(
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
        return _interior(at_inputs, pads, inner), None, None, None, None


class _ClampFunction(torch.autograd.Function):
    """Values held between two, and the gradient where they were not held, known from the output."""

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


def _pad(inputs: Tensor, pads: Pads) -> Tensor:
    """(N, C, H, W) with zeros around it; torch's own padding writes zeros everywhere first."""
    left, right, top, bottom = pads
    count, channels, height, width = inputs.shape
    padded = torch.empty(
        (count, channels, top + height + bottom, left + width + right),
        dtype=inputs.dtype,
        device=inputs.device,
        memory_format=_memory_format(inputs),
    )
    rows, columns = slice(top + height, None), slice(left + width, None)
    for edge in (padded[:, :, :top], padded[:, :, rows], padded[..., :left], padded[..., columns]):
        edge.zero_()
    _interior(padded, pads, inputs.shape).copy_(inputs)
    return padded


def _interior(padded: Tensor, pads: Pads, shape: torch.Size) -> Tensor:
    """The view of what zeros were put around."""
    left, _, top, _ = pads
    return padded[:, :, top : top + shape[2], left : left + shape[3]]


def _memory_format(tensor: Tensor) -> torch.memory_format:
    last = tensor.is_contiguous(memory_format=torch.channels_last) and not tensor.is_contiguous()
    return torch.channels_last if last else torch.contiguous_format


def _normalise(inputs: Tensor, layer: nn.BatchNorm2d) -> Tensor:
    return functional.batch_norm(
        inputs, layer.running_mean, layer.running_var, layer.weight, layer.bias, eps=layer.eps
    )


def _normalise_in_place(values: Tensor, layer: nn.BatchNorm2d) -> Tensor:
    """The same bits as `_normalise` gives, in the place of what is read.

    Of large batches memory comes from the system anew, which takes ten times as long as the normalisation.
    """
    statistics = values.new_empty(0), values.new_empty(0)  # none are made of the batch
    torch.native_batch_norm(
        values,
        layer.weight,
        layer.bias,
        layer.running_mean,
        layer.running_var,
        False,
        0.0,
        layer.eps,
        out=(values, *statistics),
    )
    return values


def _double_statistics(
    norm: nn.BatchNorm2d,
) -> tuple[Tensor, Tensor, float, Tensor, Tensor]:
    """Running mean, running variance, epsilon, factor and shift, as torch's fusion takes them, in double precision."""
    assert norm.running_mean is not None and norm.running_var is not None
    mean, variance = norm.running_mean.double(), norm.running_var.double()
    if norm.weight is None:
        return mean, variance, norm.eps, torch.ones_like(mean), torch.zeros_like(mean)
    return mean, variance, norm.eps, norm.weight.double(), norm.bias.double()


def _is_plain(layer: nn.Module) -> bool:
    """Whether it is a convolution with a weight of its own, or a normalisation that uses its running statistics."""
    if isinstance(layer, nn.Conv2d):
        return "weight" in layer._parameters  # a parametrised one computes it
    return type(layer).__name__ in _REST and getattr(layer, "running_var", None) is not None


def _count_readers(output: Tensor) -> Counter[Any]:
    """How many operations read the output of each operation that a tensor depends on."""
    readers: Counter[Any] = Counter()
    pending = [output.grad_fn]
    while pending:
        node = pending.pop()
        for following, _ in node.next_functions if node is not None else ():
            readers[following] += 1
            if readers[following] == 1:
                pending.append(following)
    return readers


# Class -> what is left to do of one once it is fused.
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
