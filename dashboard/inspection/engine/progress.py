"""How far a computation is, told to whoever waits for it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from torch import nn

# Called with the share of the work that is done, in [0, 1], before each step of it; raises to cancel the work there.
Progress = Callable[[float], None]

T = TypeVar("T")


def ignore(share: float) -> None:
    """A Progress for work that nobody waits for."""


def within(progress: Progress, start: float, end: float) -> Progress:
    """The progress of a part of the work, which fills `start` to `end` of the whole, both in [0, 1]."""
    return lambda share: progress(start + (end - start) * share)


def each(items: Sequence[T], progress: Progress, size: Callable[[T], int] = lambda item: 1) -> Iterator[T]:
    """Items in turn; before each of them `progress` is told the share of the work that those before it were.

    Args:
        items: that are worked on.
        progress: what it raises ends the work.
        size: of the work on an item, in any unit.
    """
    *starts, total = itertools.accumulate(map(size, items), initial=0)
    for item, start in zip(items, starts, strict=True):
        progress(start / (total or 1))
        yield item


def report_passes(pictures: int, progress: Progress, *networks: nn.Module) -> Callable[[], int]:
    """Report before each forward pass of some networks; what `progress` raises ends the computation there.

    Args:
        pictures: that they will see in all their passes, at least 1.
        progress: called with the share of the pictures that they have seen.
        networks: private, each once; the hooks stay.

    Returns:
        Tells how many pictures they have been given by now.
    """
    seen = 0

    def begin(network: nn.Module, args: tuple[Any, ...]) -> None:
        nonlocal seen
        progress(min(seen / pictures, 1.0))
        seen += len(args[0])

    for network in networks:
        network.register_forward_pre_hook(begin)
    return lambda: seen
