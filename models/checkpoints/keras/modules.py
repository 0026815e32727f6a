"""Modules that torch lacks, each of which computes one layer or operation of Keras."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.checkpoints.keras.piece import Step


class Graph(nn.Module):
    """Layers under the names that they have in the file, run in turn.

    Args:
        layers: name -> module.
        steps: in the order of running.
        last: number of the value that comes out.
    """

    def __init__(self, layers: dict[str, nn.Module], steps: Sequence[Step], last: int) -> None:
        super().__init__()
        for name, layer in layers.items():
            self.add_module(name, layer)
        self.steps = tuple(steps)
        self.last = last

    def forward(self, inputs: Tensor) -> Tensor:
        """(N, C, H, W) -> what the network gives."""
        values = {0: inputs}
        for step in self.steps:
            values[step.gives] = self.get_submodule(step.module)(*(values[number] for number in step.reads))
            for number in step.done:
                del values[number]
        return values[self.last]


class Add(nn.Module):
    """The sum of all inputs."""

    def forward(self, *inputs: Tensor) -> Tensor:
        """As its class says."""
        total = inputs[0]
        for one in inputs[1:]:
            total = total + one
        return total


class Average(Add):
    """The mean of all inputs."""

    def forward(self, *inputs: Tensor) -> Tensor:
        """As its class says."""
        return super().forward(*inputs) / len(inputs)


class Subtract(nn.Module):
    """The first input without the second."""

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        """As its class says."""
        return first - second


class Multiply(nn.Module):
    """The product of all inputs."""

    def forward(self, *inputs: Tensor) -> Tensor:
        """As its class says."""
        total = inputs[0]
        for one in inputs[1:]:
            total = total * one
        return total


class Divide(nn.Module):
    """The first input divided by the second."""

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        """As its class says."""
        return first / second


class Maximum(nn.Module):
    """At each place the largest of all inputs."""

    def forward(self, *inputs: Tensor) -> Tensor:
        """As its class says."""
        total = inputs[0]
        for one in inputs[1:]:
            total = torch.maximum(total, one)
        return total


class Minimum(nn.Module):
    """At each place the smallest of all inputs."""

    def forward(self, *inputs: Tensor) -> Tensor:
        """As its class says."""
        total = inputs[0]
        for one in inputs[1:]:
            total = torch.minimum(total, one)
        return total


class Concatenate(nn.Module):
    """All inputs behind each other along one axis."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, *inputs: Tensor) -> Tensor:
        """As its class says."""
        return torch.cat(inputs, self.dim)

    def extra_repr(self) -> str:
        """For printing."""
        return f"dim={self.dim}"


class ScaleShift(nn.Module):
    """scale * x + offset with two numbers."""

    def __init__(self, scale: float, offset: float) -> None:
        super().__init__()
        self.scale, self.offset = scale, offset

    def forward(self, inputs: Tensor) -> Tensor:
        """As its class says."""
        scaled = inputs if self.scale == 1 else inputs * self.scale
        return scaled if self.offset == 0 else scaled + self.offset

    def extra_repr(self) -> str:
        """For printing."""
        return f"scale={self.scale:.6g}, offset={self.offset:.6g}"


class Inverse(nn.Module):
    """A number divided by x."""

    def __init__(self, number: float) -> None:
        super().__init__()
        self.number = number

    def forward(self, inputs: Tensor) -> Tensor:
        """As its class says."""
        return self.number / inputs


class Power(nn.Module):
    """x to the power of a number."""

    def __init__(self, number: float) -> None:
        super().__init__()
        self.number = number

    def forward(self, inputs: Tensor) -> Tensor:
        """As its class says."""
        return inputs**self.number


class Affine(nn.Module):
    """scale * x + offset with a number of each for every channel (Rescaling by lists, Normalization, LayerScale).

    Args:
        channels: of what goes in.
        dim: where they lie.
        rank: axes of what goes in, the batch's among them.
        inverse: whether it is (x - offset) / max(root of scale, 1e-7) as Normalization computes it.
        scaled: whether there is a scale.
        shifted: whether there is an offset.
    """

    def __init__(
        self,
        channels: int,
        dim: int,
        rank: int,
        *,
        inverse: bool = False,
        scaled: bool = True,
        shifted: bool = True,
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(channels)) if scaled else None
        self.bias = nn.Parameter(torch.empty(channels)) if shifted else None
        self.shape = [channels if axis == dim else 1 for axis in range(rank)]
        self.inverse = inverse

    def forward(self, inputs: Tensor) -> Tensor:
        """As its class says."""
        weight, bias = (None if one is None else one.view(self.shape) for one in (self.weight, self.bias))
        if self.inverse:
            assert weight is not None and bias is not None
            return (inputs - bias) / weight.sqrt().clamp_min(1e-7)
        scaled = inputs if weight is None else inputs * weight
        return scaled if bias is None else scaled + bias


class FlattenLast(nn.Flatten):
    """All numbers of a picture in Keras's order: rows, columns, channels."""

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002  # as torch calls it
        """As its class says."""
        return input.permute(0, 2, 3, 1).flatten(1)


class Reshape(nn.Module):
    """The same numbers in another shape, read and written in Keras's order.

    Args:
        shape: without the batch, in Keras's order.
        before: whether what goes in is a picture whose channels Keras has last.
        after: the same of what comes out.
    """

    def __init__(self, shape: Sequence[int], *, before: bool, after: bool) -> None:
        super().__init__()
        self.shape, self.before, self.after = tuple(shape), before, after

    def forward(self, inputs: Tensor) -> Tensor:
        """As its class says."""
        ordered = inputs.permute(0, 2, 3, 1) if self.before else inputs
        shaped = ordered.reshape(len(inputs), *self.shape)
        return shaped.permute(0, 3, 1, 2) if self.after else shaped

    def extra_repr(self) -> str:
        """For printing."""
        return " x ".join(map(str, self.shape))


class Permute(nn.Module):
    """Axes in another order."""

    def __init__(self, order: Sequence[int]) -> None:
        super().__init__()
        self.order = tuple(order)

    def forward(self, inputs: Tensor) -> Tensor:
        """As its class says."""
        return inputs.permute(self.order)

    def extra_repr(self) -> str:
        """For printing."""
        return str(self.order)


class Repeat(nn.Module):
    """(N, F) -> (N, times, F)."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def forward(self, inputs: Tensor) -> Tensor:
        """As its class says."""
        return inputs.unsqueeze(1).expand(-1, self.times, -1)


class Slice(nn.Module):
    """A part of a tensor, one index for each of its first axes as they lie here."""

    def __init__(self, index: Sequence[Any], order: Sequence[int] | None) -> None:
        super().__init__()
        self.index, self.order = tuple(index), order

    def forward(self, inputs: Tensor) -> Tensor:
        """As its class says."""
        part = inputs[self.index]
        return part if self.order is None else part.permute(*self.order)


class Mean(nn.Module):
    """The mean over some axes."""

    def __init__(self, dims: Sequence[int], *, keep: bool) -> None:
        super().__init__()
        self.dims, self.keep = tuple(dims), keep

    def forward(self, inputs: Tensor) -> Tensor:
        """As its class says."""
        return inputs.mean(self.dims, keepdim=self.keep)

    def extra_repr(self) -> str:
        """For printing."""
        return f"dims={self.dims}, keepdim={self.keep}"


class Largest(Mean):
    """The largest number over some axes."""

    def forward(self, inputs: Tensor) -> Tensor:
        """As its class says."""
        return inputs.amax(self.dims, keepdim=self.keep)


class SamePool(nn.Module):
    """The mean of the pixels that a window really covers, where torch's own pooling cannot pad like this."""

    def __init__(
        self, size: tuple[int, int], stride: tuple[int, int], pad: tuple[int, int, int, int]
    ) -> None:
        super().__init__()
        self.size, self.stride, self.pad = size, stride, pad

    def forward(self, inputs: Tensor) -> Tensor:
        """As its class says."""
        ones = torch.ones_like(inputs[:1, :1])
        total, covered = (
            functional.avg_pool2d(functional.pad(one, self.pad), self.size, self.stride)
            for one in (inputs, ones)
        )
        return total / covered


class ChannelNorm(nn.LayerNorm):
    """Layer normalisation of each place's channels, which lie in the second axis."""

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002  # as torch calls it
        """As its class says."""
        last = input.movedim(1, -1)
        return functional.layer_norm(last, self.normalized_shape, self.weight, self.bias, self.eps).movedim(
            -1, 1
        )


class RootNorm(nn.Module):
    """Divided by the root of the mean square over an axis, or by the deviation without centring, and scaled.

    Args:
        channels: along the axis.
        dim: the axis.
        eps: added to the mean square or variance.
        centred: whether it is the deviation.
        rank: axes of what goes in.
    """

    def __init__(self, channels: int, dim: int, eps: float, rank: int, *, centred: bool) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(channels))
        self.dim, self.eps, self.centred = dim, eps, centred
        self.shape = [channels if axis == dim else 1 for axis in range(rank)]

    def forward(self, inputs: Tensor) -> Tensor:
        """As its class says."""
        if self.centred:
            square = inputs.var(self.dim, correction=0, keepdim=True)
        else:
            square = inputs.square().mean(self.dim, keepdim=True)
        return inputs * torch.rsqrt(square + self.eps) * self.weight.view(self.shape)


class UnitNorm(nn.Module):
    """Divided by the root of the sum of squares over some axes."""

    def __init__(self, dims: Sequence[int]) -> None:
        super().__init__()
        self.dims = tuple(dims)

    def forward(self, inputs: Tensor) -> Tensor:
        """As its class says."""
        return inputs * torch.rsqrt(inputs.square().sum(self.dims, keepdim=True).clamp_min(1e-12))


class PlacePReLU(nn.Module):
    """max(0, x) + alpha * min(0, x) with an alpha for each place or channel."""

    def __init__(self, shape: Sequence[int]) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(tuple(shape)))

    def forward(self, inputs: Tensor) -> Tensor:
        """As its class says."""
        return inputs.clamp(min=0) + self.weight * inputs.clamp(max=0)


class KerasReLU(nn.Module):
    """slope * (x - threshold) below a threshold, 0 at it, x above, and no more than a largest value."""

    def __init__(self, largest: float | None, slope: float, threshold: float) -> None:
        super().__init__()
        self.largest, self.slope, self.threshold = largest, slope, threshold

    def forward(self, inputs: Tensor) -> Tensor:
        """As its class says."""
        above = torch.where(inputs > self.threshold, inputs, torch.zeros_like(inputs))
        if self.largest is not None:
            above = above.clamp(0, self.largest)
        return above + self.slope * (inputs - self.threshold).clamp(max=0) if self.slope else above

    def extra_repr(self) -> str:
        """For printing."""
        return f"max_value={self.largest}, negative_slope={self.slope}, threshold={self.threshold}"


class HardSigmoidOfKeras2(nn.Module):
    """0.2 x + 0.5 between 0 and 1."""

    def forward(self, inputs: Tensor) -> Tensor:
        """As its class says."""
        return (0.2 * inputs + 0.5).clamp(0, 1)


class Elementwise(nn.Module):
    """A function of torch, by its name, at each place."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def forward(self, inputs: Tensor) -> Tensor:
        """As its class says."""
        return cast(Tensor, getattr(torch, self.name)(inputs))

    def extra_repr(self) -> str:
        """For printing."""
        return self.name


class Squareplus(nn.Module):
    """(x + sqrt(x^2 + b)) / 2."""

    def __init__(self, b: float = 4.0) -> None:
        super().__init__()
        self.b = b

    def forward(self, inputs: Tensor) -> Tensor:
        """As its class says."""
        return (inputs + (inputs.square() + self.b).sqrt()) / 2


class Resize(nn.Module):
    """Brought to a size, as Keras's Resizing and UpSampling2D do it without antialiasing."""

    def __init__(self, size: tuple[int, int], mode: str) -> None:
        super().__init__()
        self.size, self.mode = size, mode

    def forward(self, inputs: Tensor) -> Tensor:
        """As its class says."""
        aligned = {"align_corners": False} if self.mode == "bilinear" else {}
        return functional.interpolate(inputs, self.size, mode=self.mode, **aligned)

    def extra_repr(self) -> str:
        """For printing."""
        return f"size={self.size}, mode={self.mode}"
