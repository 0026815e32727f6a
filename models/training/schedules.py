"""The table of learning rate schedules, all of torch.optim; each takes one step per optimizer step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch.optim import Optimizer
    from torch.optim.lr_scheduler import LRScheduler

# Where a warmup starts, as a part of the learning rate.
COLDEST = 0.01


@dataclass(frozen=True)
class Schedule:
    """How the learning rate moves.

    Attributes:
        title: as on the page.
        build: optimizer and number of steps -> the schedule.
    """

    title: str
    build: Callable[[Optimizer, int], LRScheduler]


def _constant(optimizer: Optimizer, steps: int) -> LRScheduler:
    from torch.optim.lr_scheduler import ConstantLR

    return ConstantLR(optimizer, factor=1.0, total_iters=0)


def _cosine(optimizer: Optimizer, steps: int) -> LRScheduler:
    from torch.optim.lr_scheduler import CosineAnnealingLR

    return CosineAnnealingLR(optimizer, T_max=steps)


def _linear(optimizer: Optimizer, steps: int) -> LRScheduler:
    from torch.optim.lr_scheduler import LinearLR

    return LinearLR(optimizer, start_factor=1.0, end_factor=COLDEST, total_iters=steps)


def _thirds(optimizer: Optimizer, steps: int) -> LRScheduler:
    from torch.optim.lr_scheduler import StepLR

    return StepLR(optimizer, step_size=max(1, -(-steps // 3)), gamma=0.1)


def _exponential(optimizer: Optimizer, steps: int) -> LRScheduler:
    from torch.optim.lr_scheduler import ExponentialLR

    return ExponentialLR(optimizer, gamma=COLDEST ** (1 / steps))


SCHEDULES: dict[str, Schedule] = {
    "constant": Schedule("Constant", _constant),
    "cosine": Schedule("Cosine, down to zero", _cosine),
    "linear": Schedule("Linear, down to a hundredth", _linear),
    "step": Schedule("A tenth after each third", _thirds),
    "exponential": Schedule("Exponential, down to a hundredth", _exponential),
}


def build(name: str, optimizer: Optimizer, *, steps: int, warmup: int) -> LRScheduler:
    """A schedule for so many steps, of which the first `warmup` rise linearly to the learning rate."""
    from torch.optim.lr_scheduler import LinearLR, SequentialLR

    warmup = min(warmup, steps - 1)
    if warmup <= 0:
        return SCHEDULES[name].build(optimizer, steps)
    rise = LinearLR(optimizer, start_factor=COLDEST, total_iters=warmup)
    after = SCHEDULES[name].build(optimizer, steps - warmup)
    return SequentialLR(optimizer, [rise, after], milestones=[warmup])


def rates(name: str, rate: float, *, steps: int, warmup: int, at: Sequence[int]) -> list[float]:
    """The learning rates that a schedule has after some of its steps.

    Args:
        name: of SCHEDULES.
        rate: where it starts, or where its warmup leads.
        steps: how many there are.
        warmup: how many of them rise.
        at: steps taken; what lies behind the last has the rate of the last.
    """
    import torch

    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate)
    schedule = build(name, optimizer, steps=steps, warmup=warmup)
    taken = []
    for _ in range(steps):
        taken.append(float(schedule.get_last_lr()[0]))
        optimizer.step()
        schedule.step()
    return [taken[min(step, steps) - 1 if step else 0] for step in at]
