"""One result that is asked for."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from dashboard.jobs import GATE, Job, Lane, Work

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Order(Generic[T]):
    """The same order joins the same job, whoever asks for it: a page, another visitor's, or a report.

    Attributes:
        key: names and digests that determine the result; never arrays.
        work: as a Gate takes it.
        what: is being made, for a progress bar.
        lane: where it queues.
    """

    key: Hashable
    work: Work[T]
    what: str
    lane: Lane = "quick"

    def submit(self) -> Job[T]:
        """Join the job or start it."""
        return GATE.submit(self.key, self.work, lane=self.lane)
