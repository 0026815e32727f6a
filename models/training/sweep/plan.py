"""What a sweep tries, how it chooses, and when it gives a trial up; kept in its folder as sweep.json."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.runtime import files
from models.runtime.errors import UserError
from models.training.config import Config
from models.training.runs import SWEEP
from models.training.setting import Value
from models.training.sweep.axis import Axis

RANDOM, GRID, TPE, EACH = "random", "grid", "tpe", "each"
STRATEGIES = {
    RANDOM: "At random",
    GRID: "Every combination",
    TPE: "Near what went well (TPE)",
    EACH: "One setting at a time",
}
MOST_TRIALS = 1000
MOST_PARALLEL = 64


@dataclass(frozen=True)
class Plan:
    """What a sweep does.

    Attributes:
        axes: the settings that are varied, at least one.
        trials: how many combinations are tried.
        strategy: how they are chosen, one of STRATEGIES.
        seed: of the choice; the trials' own seed is a setting.
        halving: of trials that reach a rung, one in so many goes on; 0 gives none up.
        first_rung: epochs before a trial can be given up.
        parallel: workers that are started together.
    """

    axes: tuple[Axis, ...]
    trials: int = 20
    strategy: str = RANDOM
    seed: int = 0
    halving: int = 3
    first_rung: int = 1
    parallel: int = 1

    def __post_init__(self) -> None:
        if not self.axes:
            raise UserError("A sweep varies at least one setting.")
        names = [axis.name for axis in self.axes]
        if len(set(names)) < len(names):
            raise UserError("A sweep varies a setting once; write all its values together.")
        if self.strategy not in STRATEGIES:
            raise UserError(
                f"A sweep cannot choose by {self.strategy[:40]!r}; choose one of {', '.join(STRATEGIES)}."
            )
        bounds = {
            "trials": (1, MOST_TRIALS),
            "seed": (0, 2**31 - 1),
            "halving": (0, 100),
            "first_rung": (1, 100_000),
            "parallel": (1, MOST_PARALLEL),
        }
        for name, (low, high) in bounds.items():
            if not low <= getattr(self, name) <= high:
                raise UserError(
                    f"{name} of a sweep lies between {low:,} and {high:,}, not {getattr(self, name):,}."
                )
        if self.halving == 1:
            raise UserError("halving of a sweep is 0, which gives no trial up, or 2 and more.")

    @property
    def count(self) -> int:
        """How many trials there are: never more than there are combinations, where they are told beforehand."""
        values = [len(axis.grid()) for axis in self.axes]
        combinations = {GRID: math.prod(values), EACH: 1 + sum(values) - len(values)}
        return min(self.trials, combinations.get(self.strategy, self.trials))

    def rungs(self, epochs: int) -> tuple[int, ...]:
        """The epochs, before the last, after which a trial of so many is given up where others did better."""
        rungs, rung = [], self.first_rung
        while self.halving and rung < epochs:
            rungs.append(rung)
            rung *= self.halving
        return tuple(rungs)

    def apply_to(self, config: Config, values: Mapping[str, Value]) -> Config:
        """A configuration with the values of a trial. Raises UserError where they do not go together."""
        return dataclasses.replace(config, **values)  # type: ignore[arg-type]  # fields of Config

    def to_json(self) -> dict[str, Any]:
        """Every field by name."""
        return dataclasses.asdict(self) | {"axes": [axis.to_json() for axis in self.axes]}


def read(sweep: Path) -> Plan:
    """The plan of a sweep's folder.

    Raises:
        UserError: if it is gone or damaged.
    """
    try:
        content = files.read_json(sweep / SWEEP)
        whole = {
            field.name: int(content[field.name])
            for field in dataclasses.fields(Plan)
            if field.name not in ("axes", "strategy")
        }
        axes = tuple(Axis.from_json(axis) for axis in content["axes"])
        return Plan(axes, strategy=str(content["strategy"]), **whole)
    except (FileNotFoundError, KeyError, TypeError, ValueError) as error:
        raise UserError(f"{SWEEP} of run {sweep.name} is damaged; start the sweep anew.") from error
