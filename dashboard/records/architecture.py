"""Records of an architecture: every call of a forward pass, what it costs, and where its data comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.records.arrays import ArrayRecord

Shape = tuple[int, ...]
Setting = int | float | str | tuple[int, ...]
# What a network does between the calls of its layers.
OUTSIDE = ""


@dataclass(frozen=True)
class TracedCall:
    """One call of one module in a forward pass on one picture, without the calls inside it.

    Attributes:
        name: qualified name in the network, `#k` behind it where a module is called repeatedly; OUTSIDE is the
            network itself.
        kinds: the module's class and its bases, the class first.
        blocks: names of the blocks that it lies in, outermost first; its own at the end where it is a block.
        leaf: whether it calls no other module.
        functions: what it does between the calls inside it, in order ("add", "cat", "relu").
        inputs: shapes of the tensors it reads, without the batch.
        shape: of its output, without the batch; of the first where there are several.
        dtype: of its output ("float32").
        parameters: numbers it learned itself; those that several calls share count at the first.
        weights: name and shape of each of its own parameters.
        settings: of the module: kernel size, stride, eps and the like.
        flops: floating point operations of its own (convolutions and matrix products).
        memory: bytes of what it writes itself, for one picture; a mere view of its input writes nothing.
        receptive_field: height and width of the part of the picture that one of its outputs reads, in pixels; None
            where it reads all of the picture or that is not known.
    """

    name: str
    kinds: tuple[str, ...]
    blocks: tuple[str, ...]
    leaf: bool
    functions: tuple[str, ...]
    inputs: tuple[Shape, ...]
    shape: Shape
    dtype: str
    parameters: int
    weights: tuple[tuple[str, Shape], ...]
    settings: Mapping[str, Setting]
    flops: int
    memory: int
    receptive_field: tuple[int, int] | None

    @property
    def kind(self) -> str:
        """The module's class."""
        return self.kinds[0]


@dataclass(frozen=True)
class Node:
    """One step of the computation: a call of a layer, or a function that a block applies itself.

    Attributes:
        call: name of the layer's call, or of the block's that applies the function; OUTSIDE for the picture and the
            logits.
        title: the layer's class, or the function's name.
        function: whether it is a function.
        blocks: names of the blocks that it lies in, outermost first.
        shape: of its output, without the batch.
    """

    call: str
    title: str
    function: bool
    blocks: tuple[str, ...]
    shape: Shape


@dataclass(frozen=True)
class Block:
    """Layers that belong together, by the prefix of their names.

    Attributes:
        name: of its call, or the prefix where nobody calls it (a list of layers).
        kind: the module's class.
        called: whether it is a call, which has an output.
        blocks: names of the blocks around it, outermost first.
    """

    name: str
    kind: str
    called: bool
    blocks: tuple[str, ...]


@dataclass(frozen=True)
class SkippedModule:
    """A module that no forward pass calls.

    Attributes:
        name: qualified name in the network.
        kind: the module's class.
        parameters: numbers it learned, with all inside it.
        reason: why it never ran, one sentence.
    """

    name: str
    kind: str
    parameters: int
    reason: str


@dataclass(frozen=True)
class Architecture:
    """What one forward pass on one picture tells of a network's structure and costs.

    Attributes:
        calls: in the order in which they finish; the network itself is the last.
        nodes: steps of the computation, in the order in which they ran; the first is the picture, the last the logits.
        edges: pairs of places in `nodes`: what the second reads of the first; the second is always the later one.
        blocks: outer ones before inner ones, in the order in which they begin.
        skipped: modules that never ran.
        parameters: of the network, shared ones once, those of skipped modules too.
        bytes: memory of parameters and buffers.
        input_shape: channels, height, width.
    """

    calls: tuple[TracedCall, ...]
    nodes: tuple[Node, ...]
    edges: tuple[tuple[int, int], ...]
    blocks: tuple[Block, ...]
    skipped: tuple[SkippedModule, ...]
    parameters: int
    bytes: int
    input_shape: Shape

    def find(self, name: str) -> TracedCall | None:
        """The call of that name, or None."""
        return next((call for call in self.calls if call.name == name), None)

    def rows(self) -> tuple[TracedCall, ...]:
        """The calls that cost something themselves: all layers, and blocks that apply functions or own weights.

        The last is always the network itself: what happens outside the layers.
        """
        return tuple(
            call
            for call in self.calls
            if call.leaf or call.functions or call.parameters or call.flops or call.name == OUTSIDE
        )

    def inside(self, name: str) -> tuple[TracedCall, ...]:
        """The call of that name and all inside it; all calls for the network itself."""
        return tuple(call for call in self.calls if name in (OUTSIDE, call.name) or name in call.blocks)

    @property
    def flops(self) -> int:
        """Floating point operations of one forward pass on one picture."""
        return sum(call.flops for call in self.calls)

    @property
    def memory(self) -> int:
        """Bytes of all that one forward pass on one picture writes."""
        return sum(call.memory for call in self.calls)


@dataclass(frozen=True, eq=False)
class Timing(ArrayRecord):
    """How long each call took, on this machine.

    Attributes:
        names: of the calls.
        seconds: (len(names),) of each call without the calls inside it: medians, scaled to add up to `whole`.
        whole: seconds of a forward pass on one picture with a clock at every layer: the median.
        bare: seconds of the same without clocks: the median.
        passes: that were measured.
        spread: between the quarters of the whole passes, as a share of `whole`: what the machine's noise is.
        threads: processor threads of a pass.
    """

    names: tuple[str, ...]
    seconds: np.ndarray
    whole: float
    bare: float
    passes: int
    spread: float
    threads: int

    def of(self, calls: Sequence[TracedCall]) -> np.ndarray:
        """Seconds of each of these calls, without the calls inside it; 0 for one that did not run again."""
        known = dict(zip(self.names, self.seconds, strict=True))
        return np.array([known.get(call.name, 0.0) for call in calls])
