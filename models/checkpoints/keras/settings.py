"""What a Keras file says of one layer, taken word by word: a value of another kind, or out of bounds, is refused."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from models.checkpoints.limits import CUT_SHORT, RefusalError

# No size, stride or number of units of a layer that anybody looks at is larger.
MOST = 2**20
LONGEST = 80
# What to do where a layer cannot be translated.
INSTEAD = (
    "leave it out, or build the part that it does of layers that are read, copy the weights, and save that as .keras; "
    "README lists these layers"
)


def shown(text: object) -> str:
    """A text out of a file, fit to be shown: printable, short, one line."""
    letters = (letter if letter.isprintable() else "?" for letter in str(text)[: LONGEST + 1])
    line = "".join(letters)
    return line if len(line) <= LONGEST else line[:LONGEST] + "..."


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether it is a number that a float can be: JSON knows longer ones, and such as are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max


def damaged(what: str) -> RefusalError:
    """The refusal of a configuration that Keras does not write."""
    return RefusalError(
        f"is no Keras network that is read here: {what}; {CUT_SHORT}, or save it with Keras 3"
    )


@dataclass(frozen=True)
class Settings:
    """The configuration of one layer.

    Attributes:
        layer: its name.
        kind: its class.
        values: as in the file.
        release: of Keras that wrote the file: its first number.
    """

    layer: str
    kind: str
    values: Mapping[str, Any]
    release: int = 3

    @property
    def title(self) -> str:
        """The layer in words: "layer conv1 (Conv2D)"."""
        return f"layer {shown(self.layer)} ({shown(self.kind)})"

    def odd(self, name: str) -> RefusalError:
        """The refusal of a value."""
        return damaged(f"{self.title} says {name} = {shown(self.values.get(name))}")

    def unknown(self, what: str) -> RefusalError:
        """The refusal of something that a layer can do and that is not translated."""
        return RefusalError(f"uses {what} in {self.title}, which is not translated; {INSTEAD}")

    def whole(self, name: str, default: int | None = None, least: int = 1) -> int:
        """A whole number."""
        value = self.values.get(name, default)
        value = default if value is None else value
        if type(value) is not int or not least <= value <= MOST:
            raise self.odd(name)
        return value

    def number(self, name: str, default: float | None = None) -> float:
        """A finite number."""
        value = self.values.get(name, default)
        value = default if value is None else value
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if not is_number(value):
            raise self.odd(name)
        return float(value)

    def flag(self, name: str, default: bool = False) -> bool:
        """True or false."""
        value = self.values.get(name, default)
        value = default if value is None else value
        if not isinstance(value, bool):
            raise self.odd(name)
        return value

    def word(self, name: str, options: Collection[str], default: str | None = None) -> str:
        """One of some words."""
        value = self.values.get(name, default)
        value = default if value is None else value
        value = value.lower() if isinstance(value, str) else value
        if value not in options:
            raise self.odd(name)
        return str(value)

    def pair(self, name: str, default: int | None = None, least: int = 1) -> tuple[int, int]:
        """Two whole numbers, or one for both."""
        value = self.values.get(name, default)
        value = default if value is None else value
        both = [value, value] if type(value) is int else value
        if not isinstance(both, list) or len(both) != 2:
            raise self.odd(name)
        if not all(type(one) is int and least <= one <= MOST for one in both):
            raise self.odd(name)
        return both[0], both[1]

    def wholes(self, name: str, least: int = -MOST) -> tuple[int, ...]:
        """A list of whole numbers, or one alone."""
        value = self.values.get(name)
        many = [value] if type(value) is int else value
        if not isinstance(many, list) or len(many) > 8:
            raise self.odd(name)
        if not all(type(one) is int and least <= one <= MOST for one in many):
            raise self.odd(name)
        return tuple(many)

    def margins(self, name: str) -> tuple[tuple[int, int], tuple[int, int]]:
        """What is added or cut at top and bottom, left and right."""
        value = self.values.get(name)
        if type(value) is int:
            value = [[value, value], [value, value]]
        if not isinstance(value, list) or len(value) != 2:
            raise self.odd(name)
        sides = [[side, side] if type(side) is int else side for side in value]
        if not all(
            isinstance(side, list) and len(side) == 2 and all(type(n) is int and 0 <= n <= MOST for n in side)
            for side in sides
        ):
            raise self.odd(name)
        return (sides[0][0], sides[0][1]), (sides[1][0], sides[1][1])
