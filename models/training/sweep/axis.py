"""One setting that a sweep varies, and the values that it may take."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.runtime.errors import UserError
from models.training.config import RECORD, settings
from models.training.setting import Setting, Value

# Where and how a run is kept or computed changes no result that a person would choose by.
NEVER = ("data", "folds", "threads", "device")
LOG = "log"
# Values of a range that a grid tries, where nobody says how many.
POINTS = 5
MOST_POINTS = 100
EXAMPLES = "learning_rate=1e-5..0.3:log, epochs=2..10 or dropout=0,0.2,0.5"


@dataclass(frozen=True)
class Axis:
    """One setting that is varied: either among some values, or in a range.

    Attributes:
        name: of the setting.
        choices: the values, at least two; empty for a range.
        low: least value of a range.
        high: greatest value of a range.
        log: whether equal ratios are as likely, not equal differences.
        points: how many values of a range a grid tries.
    """

    name: str
    choices: tuple[Value, ...] = ()
    low: float = 0.0
    high: float = 0.0
    log: bool = False
    points: int = POINTS

    @property
    def setting(self) -> Setting:
        """The setting that is varied."""
        return settings()[self.name]

    @property
    def is_whole(self) -> bool:
        """Whether its numbers are whole."""
        return type(self.setting.default) is int

    def check(self) -> None:
        """Raise UserError, naming the setting, where it cannot be varied so."""
        if self.name not in sweepable():
            raise UserError(
                f"{self.name[:40]!r} is nothing that a sweep varies; choose from {', '.join(sweepable())}."
            )
        if self.choices:
            for value in self.choices:
                self.setting.check(value)
            if len(set(self.choices)) < max(2, len(self.choices)):
                raise UserError(f"{self.setting.label} ({self.name}) needs two values or more, each once.")
            return
        if self.setting.choices:
            raise UserError(f"{self.setting.label} ({self.name}) has no range; name its values: a,b,c.")
        for end in (self.low, self.high):
            self.setting.check(int(end) if self.is_whole and end == int(end) else end)
        if not self.low < self.high or (self.log and self.low <= 0):
            least = "above 0 and " if self.log else ""
            raise UserError(
                f"{self.setting.label} ({self.name}) needs a range from a number {least}below the other: "
                f"{self.low:g}..{self.high:g} is none."
            )
        if not 2 <= self.points <= MOST_POINTS:
            raise UserError(f"A grid takes 2 to {MOST_POINTS} values of a range, not {self.points}.")

    def at(self, place: float) -> Value:
        """The value at a place in [0, 1); places that are as likely give values that are."""
        if self.choices:
            return self.choices[int(place * len(self.choices))]
        if self.is_whole and not self.log:
            return int(self.low) + int(place * (self.high - self.low + 1))
        return self.tidy(self._exact(place))

    def tidy(self, exact: float) -> Value:
        """A number of the range as people write it: whole, or of three digits, and never beyond an end."""
        kept = min(max(exact, self.low), self.high)
        return round(kept) if self.is_whole else float(f"{kept:.3g}")

    def grid(self) -> tuple[Value, ...]:
        """The values that a grid tries, each once, in order."""
        if self.choices:
            return self.choices
        places = [number / (self.points - 1) for number in range(self.points)]
        return tuple(dict.fromkeys(self.tidy(self._exact(place)) for place in places))

    def _exact(self, place: float) -> float:
        """The number of the range at a place from one end, 0, to the other, 1."""
        if self.log:
            return float(self.low * (self.high / self.low) ** place)
        return self.low + (self.high - self.low) * place

    def to_json(self) -> dict[str, Any]:
        """Every field by name."""
        return dataclasses.asdict(self) | {"choices": list(self.choices)}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Axis:
        """The axis that to_json wrote. Raises UserError, KeyError, TypeError or ValueError where it wrote none."""
        axis = cls(
            name=str(content["name"]),
            choices=tuple(content["choices"]),
            low=float(content["low"]),
            high=float(content["high"]),
            log=bool(content["log"]),
            points=int(content["points"]),
        )
        axis.check()
        return axis


def sweepable() -> tuple[str, ...]:
    """Names of the settings that a sweep can vary."""
    return tuple(
        name
        for name, setting in settings().items()
        if setting.group not in ("", RECORD) and name not in NEVER
    )


def parse(text: str) -> Axis:
    """The axis that a text stands for: NAME=LOW..HIGH, with :log and :POINTS behind it, or NAME=VALUE,VALUE.

    A range may be said in words too: NAME=LOW to HIGH log.

    Raises:
        UserError: if it stands for none, or the setting cannot be varied so.
    """
    name, _, values = text.partition("=")
    name = name.strip().replace("-", "_")
    values = re.sub(r"\s+log$", f":{LOG}", re.sub(r"\s+to\s+", "..", values.strip()))
    if not values:
        raise UserError(f"A sweep is told as {EXAMPLES}, not {text[:60]!r}.")
    if name not in sweepable():
        Axis(name).check()
    axis = _range(name, values) if ".." in values else _choices(name, values)
    axis.check()
    return axis


def _choices(name: str, values: str) -> Axis:
    setting = settings()[name]
    return Axis(name, choices=tuple(setting.parse(value.strip()) for value in values.split(",")))


def _range(name: str, values: str) -> Axis:
    ends, *marks = values.split(":")
    low, _, high = ends.partition("..")
    try:
        points = [int(mark) for mark in marks if mark != LOG]
        axis = Axis(name, low=float(low), high=float(high), log=LOG in marks, points=[POINTS, *points][-1])
    except ValueError as error:
        raise UserError(f"A range is told as {EXAMPLES}, not {values[:60]!r}.") from error
    if not (math.isfinite(axis.low) and math.isfinite(axis.high)):
        raise UserError(f"A range is told as {EXAMPLES}, not {values[:60]!r}.")
    return axis
