"""Records of activations: what a pass through a network leaves behind, reduced to what is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dashboard.records.arrays import ArrayRecord
from dashboard.records.network import LayerCall


@dataclass(frozen=True)
class ValueSpread:
    """How the values of one output are spread; in the units of the layer.

    Attributes:
        mean: of all values.
        std: their standard deviation, with the number of values below the fraction.
        minimum: of all values.
        maximum: of all values.
        zeros: share of the values that are exactly zero, in [0, 1].
    """

    mean: float
    std: float
    minimum: float
    maximum: float
    zeros: float


@dataclass(frozen=True, eq=False)
class StageOutput(ArrayRecord):
    """One step of the way from a picture to its class, reduced to one picture.

    Attributes:
        call: whose output it is.
        spread: of the whole output.
        planes: (n, h, w) float32, the channels that vary most over the picture, scaled down; (1, 1, D) where the
            output has no places.
        channels: (n,) which channels these are.
    """

    call: LayerCall
    spread: ValueSpread
    planes: np.ndarray
    channels: np.ndarray


@dataclass(frozen=True, eq=False)
class ForwardPass(ArrayRecord):
    """One picture on its way through a network.

    Attributes:
        stages: the telling ones, in order.
        spreads: call -> spread of its output, every call, in order.
        seconds: that the pass took, reductions included; by the clock.
    """

    stages: tuple[StageOutput, ...]
    spreads: Mapping[str, ValueSpread]
    seconds: float


@dataclass(frozen=True, eq=False)
class LayerMaps(ArrayRecord):
    """The output of one call for one picture, channel by channel, and what hangs on it.

    Attributes:
        call: whose output it is.
        maps: (C, h, w) float32; units without places have h = w = 1. Tokens before the grid's are left out.
        classes: (K,) class indices of `influence`.
        influence: (K, C) gradient of the class's logit times activation, added up over all places, tokens before
            the grid's included: to first order, what a channel adds to the logit.
        rest: (K,) what is left of each logit.
        exact: whether the logits are linear from here on, so that influence is what a channel adds, and the rest is
            a bias.
        followed: whether a gradient gets from the logits to the layer; influence is zero and says nothing where not.
    """

    call: LayerCall
    maps: np.ndarray
    classes: np.ndarray
    influence: np.ndarray
    rest: np.ndarray
    exact: bool
    followed: bool = True

    @property
    def channels(self) -> int:
        """How many channels or units there are."""
        return len(self.maps)

    @property
    def spatial(self) -> bool:
        """Whether a channel has more than one place."""
        return bool(self.maps[0].size > 1)

    @property
    def strength(self) -> np.ndarray:
        """(C,) mean size of each channel's values."""
        return np.asarray(np.abs(self.maps).mean((1, 2)))

    def influence_on(self, target: int) -> np.ndarray:
        """(C,) what each channel adds to the logit of one of the classes."""
        return np.asarray(self.influence[int(np.flatnonzero(self.classes == target)[0])])


@dataclass(frozen=True, eq=False)
class ActivationCurve(ArrayRecord):
    """The activation function that is applied to a layer, as a curve.

    Attributes:
        title: as the field calls it.
        formula: in LaTeX, of z.
        places: (n,) inputs.
        values: (1, n) outputs, or (C, n) where each channel has its own.
        off: at this input and below it is off; None where there is no such input.
        off_means: what that is, in words.
        full: at this input and above it has reached its upper end; None where it rises on.
    """

    title: str
    formula: str
    places: np.ndarray
    values: np.ndarray
    off: float | None
    off_means: str
    full: float | None


@dataclass(frozen=True, eq=False)
class LayerOverData(ArrayRecord):
    """What many pictures do to each channel of one call.

    The values are what the layer's activation function reads, or the layer's output where none is applied to it.

    Attributes:
        call: the layer's call.
        pictures: how many.
        curve: of the activation function; None where none is applied.
        places: how many places a channel has in one picture.
        mean: (C,) of the values.
        std: (C,) of the values.
        output_std: (C,) of the layer's output.
        counts: (C, B) int64, values in equal bins from -2^e to 2^e, e the channel's exponent.
        exponents: (C,) int64.
        off: (C,) share of the values at which the function is off, in [0, 1]; None where it has no such input.
        full: (C,) share of the values at which it has reached its upper end, in [0, 1]; None where it has none.
        not_finite: how many values were NaN or infinite; they count as zero.
        most: (C, k) pictures with the largest values, the largest first; -1 where there is none.
        most_values: (C, k) each picture's largest value.
        most_places: (C, k) where it is, counted row by row.
        least: (C, k) pictures whose largest value is smallest.
        least_values: (C, k) that value.
        least_places: (C, k) where it is.
        seconds: that the pass took.
    """

    call: LayerCall
    pictures: int
    curve: ActivationCurve | None
    places: int
    mean: np.ndarray
    std: np.ndarray
    output_std: np.ndarray
    counts: np.ndarray
    exponents: np.ndarray
    off: np.ndarray | None
    full: np.ndarray | None
    not_finite: int
    most: np.ndarray
    most_values: np.ndarray
    most_places: np.ndarray
    least: np.ndarray
    least_values: np.ndarray
    least_places: np.ndarray
    seconds: float

    def edges(self, unit: int) -> np.ndarray:
        """(B + 1,) edges of a channel's bins."""
        reach = 2.0 ** int(self.exponents[unit])
        return np.asarray(np.linspace(-reach, reach, self.counts.shape[1] + 1))


@dataclass(frozen=True)
class ReceptiveField:
    """The part of the input that one place of a layer can see.

    Attributes:
        side: height and width of the input.
        grid: height and width of the layer.
        middle: row and column of the place that was measured.
        box: top, left, bottom, right of what it sees, in pixels of the input.
    """

    side: tuple[int, int]
    grid: tuple[int, int]
    middle: tuple[int, int]
    box: tuple[int, int, int, int]

    @property
    def whole(self) -> bool:
        """Whether every place sees all of the input, or nearly."""
        top, left, bottom, right = self.box
        return top == 0 and left == 0 and (bottom, right) == self.side

    def at(self, place: int) -> tuple[int, int, int, int]:
        """What the place of that number, counted row by row, sees: top, left, bottom, right; also beyond the edges."""
        spans = [
            self._span(axis, divmod(place, self.grid[1])[axis], self.box[axis], self.box[axis + 2])
            for axis in (0, 1)
        ]
        return spans[0][0], spans[1][0], spans[0][1], spans[1][1]

    def _span(self, axis: int, place: int, start: int, end: int) -> tuple[int, int]:
        """What is seen along one axis: the measured span moved."""
        side = self.side[axis]
        if start == 0 or end == side:
            # Cut off where it was measured, so its true length is not known.
            return 0, side
        shift = round((place - self.middle[axis]) * side / self.grid[axis])
        return start + shift, end + shift


@dataclass(frozen=True, eq=False)
class LayerHealth:
    """One call over many pictures.

    Attributes:
        call: the layer's call.
        mean: of all values of its output.
        std: of all values of its output.
        zeros: share of its values that are exactly zero.
        not_finite: how many of its values were NaN or infinite; they count as zero.
        activation: title of the activation function that is told by this call; None where there is none.
        units: channels or units that the function is applied to; 0 without one.
        dead: units for which nothing comes through, on no picture and at no place.
        saturated: units that are at an end of the function nearly always.
        twins: pairs of units that rise and fall together, whichever the picture.
    """

    call: LayerCall
    mean: float
    std: float
    zeros: float
    not_finite: int
    activation: str | None = None
    units: int = 0
    dead: tuple[int, ...] = ()
    saturated: tuple[int, ...] = ()
    twins: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, eq=False)
class ActivationHealth:
    """All calls of a network over many pictures.

    Attributes:
        layers: in order; a call that hands on another's output is left out.
        pictures: how many.
        compared: on how many of them units were compared with each other; 0 where there were too few.
        seconds: that the pass took.
    """

    layers: tuple[LayerHealth, ...]
    pictures: int
    compared: int
    seconds: float

    @property
    def units(self) -> int:
        """How many units have an activation function."""
        return sum(layer.units for layer in self.layers)

    @property
    def nbytes(self) -> int:
        """Memory in bytes, roughly: there are no arrays."""
        return 1024 * len(self.layers)


@dataclass(frozen=True)
class ActivationFinding:
    """Something that is wrong, or may be.

    Attributes:
        title: what, in a word or two.
        says: the sentence with its number.
        means: what it usually means, and what to do.
        of_units: whether it is about single units, of which few pictures say little.
    """

    title: str
    says: str
    means: str
    of_units: bool = False


@dataclass(frozen=True, eq=False)
class AttentionMaps(ArrayRecord):
    """The attention that tokens pay each other, layer by layer, for one picture.

    Attributes:
        weights: (layers, heads, tokens, tokens) float32 in [0, 1]; each row adds up to one.
        prefix: tokens before the picture's (class token, registers).
        grid: height and width of the picture's tokens.
    """

    weights: np.ndarray
    prefix: int
    grid: tuple[int, int]

    def over_picture(self, layer: int, token: int) -> np.ndarray:
        """(heads, h, w), what a token pays to each place of the picture; less than one in all where others get some."""
        rows = self.weights[layer, :, token, self.prefix :]
        return np.asarray(rows.reshape(len(rows), *self.grid))
