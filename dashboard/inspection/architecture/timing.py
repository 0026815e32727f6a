"""How long each layer takes, measured by a clock at its beginning and its end."""

from __future__ import annotations

import statistics
import time
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from dashboard.inspection.engine.dry_run import call_names
from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.progress import Progress, ignore
from dashboard.records.architecture import OUTSIDE, Timing

# Passes that are thrown away: the first ones fetch weights into the caches and allocate memory.
WARM_UP = 2
MOST_PASSES = 24
FEWEST_PASSES = 4
# Of all passes together, unless even the fewest take longer.
PATIENCE_SECONDS = 3.0


def timing(module: nn.Module, inputs: Tensor, *, progress: Progress = ignore) -> Timing:
    """Time every call of a forward pass on one picture, on an isolated copy, several times over.

    What is told of a call is its median over the passes, which other work on the machine disturbs least. The medians
    of all calls add up to a little more or less than the median pass: all are scaled so that they add up to it.

    Args:
        module: a network; not changed.
        inputs: (1, C, H, W), normalised.
        progress: told the share done; may raise to end the work.
    """
    bare, clocked = isolate(module), isolate(module)
    clocks = _Clocks(clocked)
    unclocked, passes = [], []
    started = time.perf_counter()
    with torch.no_grad():
        for number in range(WARM_UP + MOST_PASSES):
            progress(_share(number, time.perf_counter() - started))
            seconds = _seconds(bare, inputs)
            clocks.run(inputs)
            if number >= WARM_UP:
                unclocked.append(seconds)
                passes.append(list(clocks.seconds))
            if len(passes) >= FEWEST_PASSES and time.perf_counter() - started > PATIENCE_SECONDS:
                break
    table = np.array(passes)  # (passes, calls)
    wholes, medians = table.sum(1), np.median(table, axis=0)
    whole = float(np.median(wholes))
    quarters = np.quantile(wholes, (0.25, 0.75))
    return Timing(
        names=clocks.names(),
        seconds=medians * (whole / medians.sum()),
        whole=whole,
        bare=statistics.median(unclocked),
        passes=len(passes),
        spread=float(quarters[1] - quarters[0]) / whole,
        threads=torch.get_num_threads(),
    )


def _share(number: int, seconds: float) -> float:
    return max(
        number / (WARM_UP + MOST_PASSES), min(seconds / PATIENCE_SECONDS, 0.99) if number > WARM_UP else 0.0
    )


def _seconds(network: nn.Module, inputs: Tensor) -> float:
    started = time.perf_counter()
    network(inputs)
    return time.perf_counter() - started


class _Clocks:
    """A clock at the beginning and the end of every call of a private network."""

    def __init__(self, network: nn.Module) -> None:
        self._network = network
        self._names = {layer: name for name, layer in network.named_modules() if name}
        self._opened: list[tuple[float, float]] = []  # when a call began, and what the calls inside it took
        self._finished: list[str] = []
        self.seconds: list[float] = []
        for layer in self._names:
            layer.register_forward_pre_hook(self._enter)
            layer.register_forward_hook(self._leave)

    def run(self, inputs: Tensor) -> None:
        """Run the network once and note the time of each call."""
        self._opened.clear()
        self._finished.clear()
        self.seconds.clear()
        self._enter(self._network, ())
        self._network(inputs)
        self._leave(self._network, (), None)

    def names(self) -> tuple[str, ...]:
        """The calls in the order in which they finished."""
        return tuple(call_names(self._finished))

    def _enter(self, layer: nn.Module, args: Any) -> None:
        self._opened.append((time.perf_counter(), 0.0))

    def _leave(self, layer: nn.Module, args: Any, output: Any) -> None:
        began, inside = self._opened.pop()
        took = time.perf_counter() - began
        self._finished.append(self._names.get(layer, OUTSIDE))
        self.seconds.append(took - inside)
        if self._opened:
            began, others = self._opened[-1]
            self._opened[-1] = (began, others + took)
