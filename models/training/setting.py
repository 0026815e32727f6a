"""What a form or a command line must know to ask for one number, word or choice."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from models.runtime.errors import UserError

Value = str | int | float


@dataclass(frozen=True)
class Setting:
    """What a form or a command line must know to ask for one field.

    Attributes:
        label: as on the page.
        help: one or two sentences.
        group: heading under which it is asked; empty for what nobody is asked.
        choices: all that may be chosen, name -> title; empty where anything within the bounds may.
        low: least value of a number.
        high: greatest value of a number.
        zero: what 0 stands for, in a word or two, where it is no number of anything; else empty.
        name: of the field, as in the configuration.
        default: also tells the type.
    """

    label: str
    help: str
    group: str = ""
    choices: Mapping[str, str] = dataclasses.field(default_factory=dict)
    low: float | None = None
    high: float | None = None
    zero: str = ""
    name: str = ""
    default: Value = ""

    def parse(self, text: str) -> Value:
        """The value that a text stands for. Raises UserError, naming the setting, where it stands for none."""
        try:
            return type(self.default)(text)
        except ValueError as error:
            raise self._refusal(text) from error

    def display(self, value: Value) -> Value:
        """The value as a table shows it."""
        return self.zero if self.zero and value == 0 else value

    def check(self, value: object) -> None:
        """Raise UserError, naming the setting and what may be chosen, for a value that may not be."""
        kind = type(self.default)
        # A whole number is a fine float; True is no number.
        fits = type(value) is kind or (kind is float and type(value) is int)
        if not fits or (self.choices and value not in self.choices) or not self._within(value):
            raise self._refusal(value)

    def _within(self, value: object) -> bool:
        if not isinstance(value, int | float):
            return True
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def _refusal(self, value: object) -> UserError:
        return UserError(f"{self.label} ({self.name}) cannot be {str(value)[:40]!r}; {self._bounds()}.")

    def _bounds(self) -> str:
        if self.choices:
            return f"choose one of {', '.join(self.choices)}"
        number = {int: "a whole number", float: "a number"}.get(type(self.default), "a text")
        low, high = self.low, self.high
        if low is not None and high is not None:
            return f"choose {number} from {low:,g} to {high:,g}"
        return f"choose {number}" if low is None else f"choose {number}, {low:,g} or more"
