"""Records of one neuron: what one channel of a convolution, or one dense unit, reads, multiplies and adds up."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from dashboard.records.arrays import ArrayRecord
from dashboard.records.network import LayerCall


@dataclass(frozen=True, eq=False)
class Applied(ArrayRecord):
    """What is done next to every number of a channel by itself: a batch norm, or an activation function.

    Attributes:
        title: as the field calls it.
        outputs: (h, w) float32, the numbers after it.
        slopes: (h, w) float32, its derivative at each.
        shift: of a batch norm, which is a factor, its slope, and this; None for an activation function.
        gradients: (h, w) float32, of the loss at its outputs; None where none can be asked for.
    """

    title: str
    outputs: np.ndarray
    slopes: np.ndarray
    shift: float | None
    gradients: np.ndarray | None


@dataclass(frozen=True, eq=False)
class NeuronSum(ArrayRecord):
    """What a neuron does at one place: products, added up, and a bias.

    Attributes:
        window: (c, kh, kw) float32, what it reads; zero, or what the layer puts there, beyond the edge.
        inside: (kh, kw) bool, whether a number stands in what the layer reads, and not beyond its edge.
        products: (c, kh, kw) float64, window times kernel.
        bias: that is added.
        total: of all that; in float64, so it may differ from the layer's own output by a rounding of float32.
    """

    window: np.ndarray
    inside: np.ndarray
    products: np.ndarray
    bias: float
    total: float


@dataclass(frozen=True, eq=False)
class Neuron(ArrayRecord):
    """One channel of a convolution, or one dense unit, for one picture, with all that it reads and gives.

    A dense unit is a convolution whose kernel has one place.

    Attributes:
        call: of the layer.
        unit: which channel or unit of its output.
        dense: whether it is a dense unit.
        first: channel of the layer's input that is the kernel's first: a group reads only its own.
        padded: (c, H, W) float32, what it reads, with what the layer puts around it.
        margins: how much of that is on the left, on the right, above and below.
        stride: of the window, down and across.
        dilation: of the kernel, down and across.
        kernel: (c, kh, kw) its weights.
        bias: 0 where it has none.
        outputs: (h, w) float32, as the layer itself gives them.
        applied: what follows, in order.
        gradients: (h, w) float32, of the loss at the outputs; None where none can be asked for.
    """

    call: LayerCall
    unit: int
    dense: bool
    first: int
    padded: np.ndarray
    margins: tuple[int, int, int, int]
    stride: tuple[int, int]
    dilation: tuple[int, int]
    kernel: np.ndarray
    bias: float
    outputs: np.ndarray
    applied: tuple[Applied, ...]
    gradients: np.ndarray | None

    @property
    def last(self) -> np.ndarray:
        """(h, w) float32, the outputs after all that follows."""
        return self.applied[-1].outputs if self.applied else self.outputs

    @property
    def inputs(self) -> np.ndarray:
        """(c, H, W) float32, what it reads, without what the layer puts around it."""
        left, right, top, bottom = self.margins
        height, width = self.padded.shape[1:]
        return self.padded[:, top : height - bottom, left : width - right]

    @property
    def strongest(self) -> tuple[int, int]:
        """Row and column where its last output is largest, of those places where a weight changes it, if any.

        Where a function is flat, as behind a cap, the chain rule says 0 for every weight.
        """
        before = self.applied[-2].outputs if len(self.applied) > 1 else self.outputs
        steep = np.all([np.ones_like(self.last), *(step.slopes for step in self.applied)], 0)
        place = np.lexsort((before.ravel(), self.last.ravel(), steep.ravel()))[-1]
        row, column = np.unravel_index(int(place), self.last.shape)
        return int(row), int(column)

    def box(self, row: int, column: int) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of its window in the inputs, which may reach over their edges."""
        (down, across), (left, _, top, _) = self.stride, self.margins
        high, wide = (
            spread * (size - 1) + 1 for spread, size in zip(self.dilation, self.kernel.shape[1:], strict=True)
        )
        x, y = column * across - left, row * down - top
        return x, y, x + wide, y + high

    def sum_at(self, row: int, column: int) -> NeuronSum:
        """What it does at one place of its output."""
        rows, columns = (
            place * step + apart * np.arange(size)
            for place, step, apart, size in zip(
                (row, column), self.stride, self.dilation, self.kernel.shape[1:], strict=True
            )
        )
        (left, right, top, bottom), (height, width) = self.margins, self.padded.shape[1:]
        window = self.padded[:, rows[:, None], columns[None]]
        products = window.astype(np.float64) * self.kernel
        inside = ((rows >= top) & (rows < height - bottom))[:, None] & (
            (columns >= left) & (columns < width - right)
        )
        return NeuronSum(window, inside, products, self.bias, float(products.sum()) + self.bias)

    def reads_of(self, weight: tuple[int, int, int]) -> np.ndarray:
        """(h, w) float32, what one weight, by its place in the kernel, is multiplied with at each place."""
        channel, row, column = weight
        top, left = row * self.dilation[0], column * self.dilation[1]
        height, width = self.outputs.shape
        (down, across), plane = self.stride, self.padded[channel]
        return np.asarray(plane)[
            top : top + down * (height - 1) + 1 : down, left : left + across * (width - 1) + 1 : across
        ]

    def shares_of(self, weight: tuple[int, int, int]) -> np.ndarray | None:
        """(h, w) float64, what each place adds to the loss's gradient at one weight; None where there is no gradient.

        The chain rule: gradient at the output times what the weight is multiplied with there. Their sum is the
        gradient at the weight where the layer runs once.
        """
        if self.gradients is None:
            return None
        return np.asarray(self.gradients.astype(np.float64) * self.reads_of(weight))

    @property
    def foldable(self) -> bool:
        """Whether a batch norm follows at once, which can be multiplied into the kernel."""
        return bool(self.applied) and self.applied[0].shift is not None

    def fold(self) -> Neuron:
        """The same neuron with the batch norm that follows in its kernel and its bias; itself where none does."""
        if not self.foldable:
            return self
        norm, *rest = self.applied
        assert norm.shift is not None
        factor = np.float64(norm.slopes.flat[0])
        return dataclasses.replace(
            self,
            kernel=self.kernel * factor,
            bias=float(self.bias * factor + norm.shift),
            outputs=norm.outputs,
            applied=tuple(rest),
            gradients=norm.gradients,
        )
