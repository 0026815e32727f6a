"""What a sweep has tried."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tried:
    """One trial.

    Attributes:
        run: id of its run.
        number: from 1, in the order in which they were chosen.
        values: of the settings that are varied, in the order of the sweep's.
        score: share of the validation pictures that its best checkpoint gets right, in [0, 1]; None before the first.
        state: "finished", "given up", "failed" or "open".
        parameters: of its network; 0 before it is built.
        flops: floating point operations of its network's answer to one picture; 0 before it is built.
        seconds: of training; 0 where it took too little to be measured.
    """

    run: str
    number: int
    values: tuple[str | int | float, ...]
    score: float | None
    state: str
    parameters: int = 0
    flops: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class SweepTrials:
    """The trials of a sweep that have begun.

    Attributes:
        labels: of the settings that are varied.
        logarithmic: for each, whether equal ratios were as likely.
        trials: in order.
        count: how many there will be.
        best: number of the best finished trial; None before the first.
        things: what the networks read, in words.
    """

    labels: tuple[str, ...]
    logarithmic: tuple[bool, ...]
    trials: tuple[Tried, ...]
    count: int
    best: int | None
    things: str = "pictures"

    @property
    def scored(self) -> tuple[Tried, ...]:
        """Those with a score, in order."""
        return tuple(trial for trial in self.trials if trial.score is not None)

    @property
    def finished(self) -> tuple[Tried, ...]:
        """Those that were trained to their end, in order."""
        return tuple(trial for trial in self.scored if trial.state == "finished")

    def front(self, cost: str) -> tuple[Tried, ...]:
        """The finished trials that none outdoes which costs no more, the cheapest first.

        Args:
            cost: "parameters", "flops" or "seconds".
        """
        front: list[Tried] = []
        for trial in sorted(self.finished, key=lambda trial: (getattr(trial, cost), -(trial.score or 0.0))):
            if not front or (trial.score or 0.0) > (front[-1].score or 0.0):
                front.append(trial)
        return tuple(front)
