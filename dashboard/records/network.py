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
        flops: floating point operations of one forward pass on one picture (convolutions and matrix products;
            a multiplication and its addition count as two).
        input_shape: channels, height, width.
        classes: number of logits.
    """

    parameters: int
    flops: int
    input_shape: tuple[int, int, int]
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
        reached: whether the winning logit's gradient at the grid is anywhere not zero; never where no gradient can be
            asked for.
        member: where the output stands in what the module gives, as Python writes it (`[0]`); empty where it is all.
        batch_axis: axis of the pictures in that output.
        unrolled: how often rows and columns of tokens were put apart by two, the even before the odd, as Hiera has its
            mask units; 0 where they go through the grid row by row.
        assumed: whether the layout follows from the shape alone, because no change of the picture changes the output.
        unlike: why it is no map of the picture, in one sentence; empty where it is one.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    layout: GridLayout | None = None
    prefix: int = 0
    grid: tuple[int, int] = (0, 0)
    reached: bool = False
    member: str = ""
    batch_axis: int = 0
    unrolled: int = 0
    assumed: bool = False
    unlike: str = ""

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
        attentions: which of all attentions, in the order in which they run, are of every token to every other.
        default_layer: the layer that Grad-CAM reads unless told otherwise; None where no layer keeps a grid.
        attended: a call whose tokens attend to each other; None without such attention.
        pooled: how many attentions there are behind those, each of a query of its own that reads all tokens.
        unlike: what attention of other kinds there is, in words that follow "it has"; empty where there is none.
        head: the linear layer or convolution that gives the logits, the first of several; None without one.
        obstacle: why no gradient reaches the picture, in the network's own words where it has some; empty where one
            does.
        singly: whether it takes one picture at a time only.
    """

    calls: tuple[LayerCall, ...]
    skipped: tuple[str, ...]
    nonlinearities: dict[str, int]
    operations: frozenset[str]
    attentions: tuple[int, ...]
    default_layer: str | None
    attended: LayerCall | None = None
    pooled: int = 0
    unlike: str = ""
    head: LayerCall | None = None
    obstacle: str = ""
    singly: bool = False

    def grid_calls(self) -> tuple[LayerCall, ...]:
        """The calls whose output is a grid over the picture that the answer depends on."""
        return tuple(call for call in self.calls if call.layout is not None and call.reached)

    def find(self, layer: str) -> LayerCall | None:
        """The call of that name, or None."""
        return next((call for call in self.calls if call.name == layer), None)
