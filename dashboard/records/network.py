"""Records of a network: what it is in numbers, and what one dry run tells of its layers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

GridLayout = Literal["channels first", "channels last", "tokens"]


@dataclass(frozen=True)
class Facts:
    """What a network is, in numbers.

    Attributes:
        parameters: number of trainable numbers, shared ones once.
        bytes: memory of parameters and buffers.
        flops: floating point operations of one forward pass on one picture (convolutions and matrix products;
            a multiplication and its addition count as two).
        input_shape: channels, height, width.
        layers: modules without children.
        classes: number of logits.
    """

    parameters: int
    bytes: int
    flops: int
    input_shape: tuple[int, int, int]
    layers: int
    classes: int


@dataclass(frozen=True)
class LayerCall:
    """One call of one layer during a forward pass.

    Attributes:
        name: qualified name in the network; `#k` follows for the k-th call where a layer is called repeatedly.
        kind: the module's class.
        shape: of the output, without the batch.
        layout: how the output covers the picture, or None where it has no grid.
        prefix: tokens before the grid's (class token, registers); 0 unless the layout is "tokens".
        grid: height and width of the grid; (0, 0) where there is none.
        reached: whether the winning logit's gradient at the grid is anywhere not zero.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    layout: GridLayout | None = None
    prefix: int = 0
    grid: tuple[int, int] = (0, 0)
    reached: bool = False

    @property
    def channels(self) -> int:
        """How many values stand at each place of the grid."""
        return self.shape[0] if self.layout == "channels first" else self.shape[-1]


@dataclass(frozen=True)
class Survey:
    """What one dry run tells of a network's structure.

    Attributes:
        calls: in the order in which they finish.
        skipped: modules that never ran (their parent computes on their weights directly, or they are not used).
        nonlinearities: name of each activation function -> how often it is applied on the way to the winning logit;
            a ReLU6 counts as a ReLU (with a cap).
        operations: autograd's name of everything that is done to the picture on the way to the logits.
        attentions: how often every token of the picture attends to every other; 0 where any attention is of another
            kind, within windows for example.
        default_layer: the layer that Grad-CAM reads unless told otherwise; None where no layer keeps a grid.
    """

    calls: tuple[LayerCall, ...]
    skipped: tuple[str, ...]
    nonlinearities: dict[str, int]
    operations: frozenset[str]
    attentions: int
    default_layer: str | None

    def grid_calls(self) -> tuple[LayerCall, ...]:
        """The calls whose output is a grid over the picture that the answer depends on."""
        return tuple(call for call in self.calls if call.layout is not None and call.reached)

    def find(self, layer: str) -> LayerCall | None:
        """The call of that name, or None."""
        return next((call for call in self.calls if call.name == layer), None)
