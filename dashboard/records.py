"""What inspection returns and charts draw: frozen records of numpy arrays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from models.preprocessing import Box

Layout = Literal["channels first", "channels last", "tokens"]


@dataclass(frozen=True, eq=False)
class Seen:
    """One picture as a network reads it, and as a person does.

    Attributes:
        digest: of what the network reads, hexadecimal; part of every key of a result.
        inputs: (C, H, W) float32, normalised.
        crop: (H, W, 3) uint8, what the network sees.
        whole: (h, w, 3) uint8, the upright picture, scaled down for the screen.
        size: width and height of the upright picture, in pixels.
        box: the part of the upright picture that the network reads, in its pixels.
    """

    digest: str
    inputs: np.ndarray
    crop: np.ndarray
    whole: np.ndarray
    size: tuple[int, int]
    box: Box


@dataclass(frozen=True, eq=False)
class Prediction:
    """A network's answer to one picture.

    Attributes:
        logits: (classes,) float32.
        probabilities: (classes,) float32, the softmax of the logits.
        classes: one name per logit.
    """

    logits: np.ndarray
    probabilities: np.ndarray
    classes: tuple[str, ...]

    @property
    def winner(self) -> int:
        """Index of the largest logit."""
        return int(self.logits.argmax())

    def ranked(self) -> list[int]:
        """Class indices, most probable first."""
        return [int(index) for index in np.argsort(-self.logits, kind="stable")]


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
    layout: Layout | None = None
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
        relus: how often a ReLU or ReLU6 is applied, by a module or by a function.
        operations: autograd's name of everything that is done to the picture on the way to the logits.
        attentions: how often every token of the picture attends to every other; 0 where any attention is of another
            kind, within windows for example.
        default_layer: the layer that Grad-CAM reads unless told otherwise; None where no layer keeps a grid.
    """

    calls: tuple[LayerCall, ...]
    skipped: tuple[str, ...]
    nonlinearities: dict[str, int]
    relus: int
    operations: frozenset[str]
    attentions: int
    default_layer: str | None

    def gridded(self) -> tuple[LayerCall, ...]:
        """The calls whose output is a grid over the picture that the answer depends on."""
        return tuple(call for call in self.calls if call.layout is not None and call.reached)

    def find(self, layer: str) -> LayerCall | None:
        """The call of that name, or None."""
        return next((call for call in self.calls if call.name == layer), None)


@dataclass(frozen=True)
class Outcome:
    """How far a map can be trusted.

    Attributes:
        kind: "clean", "marked" (drawn with a warning) or "refused" (not drawn).
        reason: one sentence; empty where clean.
        measures: name -> number of each check made.
    """

    kind: Literal["clean", "marked", "refused"]
    reason: str = ""
    measures: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Attribution:
    """One map: how much each pixel speaks for the explained quantity.

    Attributes:
        method: name in the table of methods.
        values: (H, W) float32 at the input's size; None where refused.
        raw: as the method returned it, before channels were joined and the grid was scaled up; None where refused.
        signed: whether negative values mean "speaks against".
        outcome: of the checks.
        explained: the explained quantity's value: the target's logit, or its lead over another's.
        seconds: that the method took.
        check_seconds: that the checks took.
        layer: that was read, or None.
        baseline: (H, W, 3) uint8, what "nothing there" looked like, several side by side; None where the method
            needs none.
    """

    method: str
    values: np.ndarray | None
    raw: np.ndarray | None
    signed: bool
    outcome: Outcome
    explained: float
    seconds: float
    check_seconds: float
    layer: str | None = None
    baseline: np.ndarray | None = None

    @property
    def nbytes(self) -> int:
        """Memory of the arrays, in bytes."""
        return sum(array.nbytes for array in (self.values, self.raw, self.baseline) if array is not None)


@dataclass(frozen=True, eq=False)
class Faithfulness:
    """How well one map says what the network uses in one picture.

    Attributes:
        method: name in the table of methods.
        shares: (n,) share of the pixels that are changed, from 0 to 1, those that the map ranks first before others.
        deletion: (n,) the class's probability while they are hidden.
        insertion: (n,) its probability while they are shown on a blurred picture.
        infidelity: share of the score's changes that the map does not foretell; 0 foretells all of them.
        sensitivity: largest relative change of the map under an invisible change of the picture; None where not
            measured, because the method takes too long.
        agreement: rank correlation with the same method's map of the network with random weights; None where that
            map is not finite.
        seconds: that all this took.
    """

    method: str
    shares: np.ndarray
    deletion: np.ndarray
    insertion: np.ndarray
    infidelity: float
    sensitivity: float | None
    agreement: float | None
    seconds: float

    @property
    def deletion_area(self) -> float:
        """Mean of the deletion curve: low where the map ranks first what the network needs."""
        return _area(self.deletion, self.shares)

    @property
    def insertion_area(self) -> float:
        """Mean of the insertion curve: high where the map ranks first what suffices."""
        return _area(self.insertion, self.shares)

    @property
    def lead(self) -> float:
        """Insertion area minus deletion area, in [-1, 1]: what the maps of one picture are ranked by."""
        return self.insertion_area - self.deletion_area

    @property
    def nbytes(self) -> int:
        """Memory of the arrays, in bytes."""
        return self.shares.nbytes + self.deletion.nbytes + self.insertion.nbytes


def _area(values: np.ndarray, places: np.ndarray) -> float:
    """Area under a curve, by trapezes."""
    return float((np.diff(places) * (values[1:] + values[:-1]) / 2).sum())
