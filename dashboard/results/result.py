"""One heavy result: what determines it, the work that makes it, and the one way to the gate."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from dashboard.jobs import GATE, Job, Lane, Work
from models.classifier import Key, NetworkKey, WeightsKey

T = TypeVar("T")


@dataclass(frozen=True)
class FilesKey(Key):
    """Tells files apart that are read before there are tensors or a network.

    Attributes:
        names: their digests, or addresses under which they are found once.
    """

    names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Result(Generic[T]):
    """A result that takes a while. The same one joins the same job, whoever asks: a page, another visitor, a report.

    Attributes:
        of: key of the network that it is made from, or of tensors or files where there is no network.
        kind: of result, in a word or two; no other kind of the same key and details has it.
        details: whatever else determines it: names, digests and records of them, never arrays.
        work: as a Gate takes it.
        what: is being made, for a progress bar.
        lane: where it queues.
    """

    of: NetworkKey | WeightsKey | FilesKey
    kind: str
    details: tuple[Hashable, ...]
    work: Work[T]
    what: str
    lane: Lane = "quick"

    @cached_property
    def key(self) -> Hashable:
        """All that determines it."""
        return self.of, self.kind, self.details

    @property
    def is_kept(self) -> bool:
        """Whether it is there already."""
        return GATE.keeps(self.key)

    def submit(self, visitor: str = "") -> Job[T]:
        """Join the job that makes it, or start it.

        Args:
            visitor: who asks, so that visitors take turns.
        """
        return GATE.submit(self.key, self.work, lane=self.lane, visitor=visitor)
