"""What a tree may ask about: pixels, patches, or the units of a layer, each with a name that people understand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.records.surrogate import Readings
from models.preprocessing import Preprocessing

# Pictures up to this side have pixels and patches that can be counted with a finger.
SMALL = 32
PATCH = 4
# Of ink, whose range is from 0 to 1.
DECIMALS = 3
# A unit is named by what most of so many pictures are that excite it most.
EXCITING = 25
MOST = 0.5
# In a drawing.
LONGEST_NAME = 14


@dataclass(frozen=True, eq=False)
class Features:
    """Numbers of pictures, with names.

    Attributes:
        names: (F) as a sentence has them.
        short: (F) as a drawing has them.
        values: (n, F) float32.
        decimals: that a value is told with; None for three significant digits.
    """

    names: tuple[str, ...]
    short: tuple[str, ...]
    values: np.ndarray
    decimals: int | None = None


@dataclass(frozen=True)
class Kind:
    """One kind of features.

    Attributes:
        title: on the control.
        says: what they are, in a sentence.
        fits: whether a network that reads such pictures has them.
        of_layer: whether they need a layer.
        decimals: that a value is told with; None for three significant digits.
        values: readings -> (n, F) float32.
        names: readings, names of the classes and name of the layer -> names as a sentence and as a drawing has them.
    """

    title: str
    says: str
    fits: Callable[[Preprocessing], bool]
    of_layer: bool
    decimals: int | None
    values: Callable[[Readings], np.ndarray]
    names: Callable[[Readings, Sequence[str], str], tuple[tuple[str, ...], tuple[str, ...]]]

    def of(self, readings: Readings, classes: Sequence[str], layer: str = "") -> Features:
        """The features of many pictures."""
        return Features(*self.names(readings, classes, layer), self.values(readings), self.decimals)


def _small_and_grey(preprocessing: Preprocessing) -> bool:
    return preprocessing.channels == 1 and max(preprocessing.size) <= SMALL


def _ink(readings: Readings) -> np.ndarray:
    """(n, H, W) in [0, 1]."""
    return np.asarray(readings.pictures[..., 0].astype(np.float32) / 255)


def _pixels(readings: Readings) -> np.ndarray:
    return _ink(readings).reshape(len(readings.pictures), -1)


def _patches(readings: Readings) -> np.ndarray:
    ink = _ink(readings)
    rows, columns = (side // PATCH for side in ink.shape[1:])
    return np.asarray(ink.reshape(len(ink), rows, PATCH, columns, PATCH).mean((2, 4))).reshape(len(ink), -1)


def _places(step: int) -> Callable[[Readings, Sequence[str], str], tuple[tuple[str, ...], tuple[str, ...]]]:
    """Names by row and column, counted from 1 at the upper left."""

    def names(
        readings: Readings, classes: Sequence[str], layer: str
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        rows, columns = (side // step for side in readings.pictures.shape[1:3])
        places = [(row, column) for row in range(1, rows + 1) for column in range(1, columns + 1)]
        return (
            tuple(f"ink at row {row}, column {column}" for row, column in places),
            tuple(f"row {row}, col {column}" for row, column in places),
        )

    return names


def _units(readings: Readings, classes: Sequence[str], layer: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    names, short = [], []
    for unit, values in enumerate(readings.units.T):
        commonest, share = _exciting_class(values, readings)
        if commonest is None:
            names.append(f"unit {unit} of {layer} (never excited)")
            short.append(f"unit {unit}")
            continue
        name, clear = classes[commonest], share >= MOST
        clipped = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
        names.append(f"unit {unit} of {layer} (excited by {name}{'' if clear else ' and others'})")
        short.append(f"unit {unit} ({clipped}{'' if clear else ', …'})")
    return tuple(names), tuple(short)


def _exciting_class(values: np.ndarray, readings: Readings) -> tuple[int | None, float]:
    """The commonest class among the pictures that excite a unit most, of those that the tree is grown with.

    Returns:
        Its index and its share of them; None where the unit is equally excited by all.
    """
    grown = np.flatnonzero(~readings.held_out)
    if not len(grown) or values[grown].min() == values[grown].max():
        return None, 0.0
    first = grown[np.argsort(-values[grown], kind="stable")[:EXCITING]]
    classes = np.where(readings.labels[first] >= 0, readings.labels[first], readings.answers[first])
    commonest, count = Counter(classes.tolist()).most_common(1)[0]
    return commonest, count / len(first)


# The first that a network's pictures have is shown until a person chooses: a tree over pixels explains seven of the ten
# small networks on board (fidelity 0.79 to 0.81), one over patches, though easier to read, none of them (0.76 to 0.79).
FEATURES: dict[str, Kind] = {
    "pixels": Kind(
        "Pixels",
        "single pixels, from 0 (black) to 1 (white), by row and column from the upper left",
        _small_and_grey,
        False,
        DECIMALS,
        _pixels,
        _places(1),
    ),
    "patches": Kind(
        "Patches",
        f"the mean of {PATCH} x {PATCH} pixels, from 0 (black) to 1 (white), by row and column from the upper left",
        lambda preprocessing: (
            _small_and_grey(preprocessing) and not any(side % PATCH for side in preprocessing.size)
        ),
        False,
        DECIMALS,
        _patches,
        _places(PATCH),
    ),
    "layer": Kind(
        "Units of a layer",
        f"the mean of each unit of a layer over all its places; a unit is named by what most of the {EXCITING} "
        "pictures are that excite it most",
        lambda preprocessing: True,
        True,
        None,
        lambda readings: readings.units,
        _units,
    ),
}
