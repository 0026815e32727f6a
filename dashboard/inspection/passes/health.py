"""A whole network over many pictures: how each layer's values are spread, and which of its units are of no use."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from dashboard.inspection.engine.capture import channel_maps, count_nonzero, watch
from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.nonlinearity import ActivationTracker, AppliedNonlinearity, Nonlinearity
from dashboard.inspection.engine.progress import Progress, ignore
from dashboard.inspection.engine.speed import accelerate
from dashboard.inspection.passes.pool import WHOLE, Pool, Shard, batches, first_inputs
from dashboard.inspection.passes.reductions import Moments, count, finite
from dashboard.records.activations import ActivationHealth, LayerHealth
from dashboard.records.network import LayerCall, Survey
from models.classifier import Classifier

# Units are compared on at most so many pictures, and not on fewer than that; at so many places of each, since the
# means of linear filters all rise with the picture's brightness.
COMPARED, FEWEST, PLACES = 256, 16, 4
# Units that correlate like this over pictures and places are twins.
TWINS = 0.999
# A unit that is at an end of its function for this share of what it reads is saturated.
SATURATED = 0.95


@dataclass(frozen=True, eq=False)
class CallSums:
    """What one part of the pictures adds at one call.

    Attributes:
        moments: of the output, all channels together, (1,).
        zeros: (1,) int64.
        not_finite: (1,) int64.
    """

    moments: Moments
    zeros: Tensor
    not_finite: Tensor

    def merge(self, other: CallSums) -> CallSums:
        """Of both parts together."""
        return CallSums(
            self.moments.merge(other.moments), self.zeros + other.zeros, self.not_finite + other.not_finite
        )


@dataclass(frozen=True, eq=False)
class UnitSums:
    """What one part of the pictures adds at one activation function.

    Attributes:
        highest: (C,) of what is read.
        count: (1,) int64, values of one channel.
        off: (C,) int64, values at the lower end, where that is a value of its own.
        full: (C,) int64, values at the upper end.
        pictures: (n,) int64, those on which units are compared.
        samples: (n, C, k) of what is read, at some places of each of these pictures.
    """

    highest: Tensor
    count: Tensor
    off: Tensor
    full: Tensor
    pictures: Tensor
    samples: Tensor

    def merge(self, other: UnitSums) -> UnitSums:
        """Of both parts together."""
        pictures = torch.cat((self.pictures, other.pictures))
        order = pictures.argsort()
        return UnitSums(
            torch.maximum(self.highest, other.highest),
            self.count + other.count,
            self.off + other.off,
            self.full + other.full,
            pictures[order],
            torch.cat((self.samples, other.samples))[order],
        )


@dataclass(frozen=True, eq=False)
class HealthSums:
    """What one part of the pictures adds to a network's health.

    Attributes:
        values: call -> its values.
        units: call -> the units whose activation function it tells.
        functions: the same calls -> the function.
        pictures: how many.
    """

    values: dict[str, CallSums]
    units: dict[str, UnitSums]
    functions: dict[str, Nonlinearity]
    pictures: int

    def merge(self, other: HealthSums) -> HealthSums:
        """Of both parts together."""
        return HealthSums(
            {name: sums.merge(other.values[name]) for name, sums in self.values.items()},
            {name: sums.merge(other.units[name]) for name, sums in self.units.items()},
            self.functions,
            self.pictures + other.pictures,
        )


class _Batch:
    """Reduces the outputs of one batch while they pass."""

    def __init__(self, calls: dict[str, LayerCall]) -> None:
        self._calls = calls

    def begin(self, indices: Tensor, compared: Tensor) -> None:
        self.values: dict[str, CallSums] = {}
        self.units: dict[str, UnitSums] = {}
        self.functions: dict[str, Nonlinearity] = {}
        self._indices, self._compared = indices, compared
        self._last: Tensor | None = None
        self._applied: AppliedNonlinearity | None = None
        self._owner: str | None = None

    def take_output(self, call: LayerCall, output: Tensor, follow: Callable[[str, Tensor], None]) -> None:
        """Take in the output of a call, unless it only hands on the one before."""
        if output is self._last:
            return
        self._last = output
        values, broken = output.detach().float(), 0
        moments = Moments.of_all(values)
        if not bool(moments.squares.isfinite()):
            values, broken = finite(values)
            moments = Moments.of_all(values)
        zeros = values.numel() - count_nonzero(values)
        self.values[call.name] = CallSums(moments, torch.tensor([zeros]), torch.tensor([broken]))
        follow(call.name, output)

    def take_application(self, name: str, applied: AppliedNonlinearity) -> None:
        """Take in what an activation function reads; the call that puts its result out has it in the end."""
        if applied is self._applied and self._owner is not None:
            self.units[name] = self.units.pop(self._owner)
            self.functions[name] = self.functions.pop(self._owner)
        else:
            call, inputs = self._calls[name], applied.inputs
            if tuple(inputs.shape[1:]) != call.shape:
                return
            self.units[name] = self._reduce(channel_maps(inputs, call, len(self._indices)), applied)
            self.functions[name] = applied.nonlinearity
        self._applied, self._owner = applied, name

    def _reduce(self, maps: Tensor, applied: AppliedNonlinearity) -> UnitSums:
        maps = finite(maps)[0].flatten(2)  # (N, C, P)
        function = applied.nonlinearity
        off, full = function.off if function.two_sided else None, function.full
        nothing = torch.zeros(maps.shape[1], dtype=torch.int64)
        kept = torch.isin(self._indices, self._compared)
        return UnitSums(
            highest=maps.amax((0, 2)),
            count=torch.tensor([maps.shape[0] * maps.shape[2]]),
            off=nothing if off is None else count(maps <= off, 2).sum(0),
            full=nothing if full is None else count(maps >= full, 2).sum(0),
            pictures=self._indices[kept],
            samples=_sample(maps[kept], self._indices[kept]),
        )


def health_sums(
    classifier: Classifier,
    pool: Pool,
    survey: Survey,
    *,
    shard: Shard = WHOLE,
    progress: Progress = ignore,
    turn: bool = False,
) -> HealthSums | None:
    """What a shard of the pictures adds up to; None for a shard without pictures.

    Args:
        classifier: shared with other threads; not changed.
        pool: at least one picture that can be read.
        survey: of the classifier's network.
        shard: which of its batches.
        progress: told the share done before each batch; what it raises ends the pass.
        turn: computes in the layout that is fastest here; for a pass that no other process has a part in.
    """
    calls, example = {call.name: call for call in survey.calls}, first_inputs(pool)
    network, batch = isolate(classifier.module), _Batch(calls)
    if turn:
        accelerate(network, classifier, example)
    mode = ActivationTracker(batch.take_application)
    watch(network, survey.calls, lambda call, output: batch.take_output(call, output, mode.follow))
    compared = torch.arange(0, len(pool), max(1, -(-len(pool) // COMPARED)))
    total: HealthSums | None = None
    for indices, inputs in batches(pool, example.numel(), shard, progress, singly=classifier.contract.singly):
        batch.begin(indices, compared)
        with torch.no_grad(), mode:
            network(inputs)
        part = HealthSums(batch.values, batch.units, batch.functions, len(indices))
        total = part if total is None else total.merge(part)
    return total


def health(
    classifier: Classifier, pool: Pool, survey: Survey, progress: Progress = ignore
) -> ActivationHealth:
    """A network over all pictures of a pool, batch by batch.

    Args:
        classifier: shared with other threads; not changed.
        pool: at least one picture.
        survey: of the classifier's network.
        progress: told the share done before each batch; what it raises ends the pass.
    """
    started = time.perf_counter()
    total = health_sums(classifier, pool, survey, progress=progress, turn=True)
    assert total is not None, "a pool has at least one picture"
    return health_record(total, survey, time.perf_counter() - started)


def health_record(total: HealthSums, survey: Survey, seconds: float) -> ActivationHealth:
    """The sums as a record."""
    compared = max((len(units.pictures) for units in total.units.values()), default=0)
    return ActivationHealth(
        layers=tuple(_layer(call, total) for call in survey.calls if call.name in total.values),
        pictures=total.pictures,
        compared=compared if compared >= FEWEST else 0,
        seconds=seconds,
    )


def _layer(call: LayerCall, total: HealthSums) -> LayerHealth:
    values = total.values[call.name]
    moments = values.moments
    units, function = total.units.get(call.name), total.functions.get(call.name)
    spread = {
        "mean": float(moments.mean),
        "std": float(moments.std),
        "zeros": int(values.zeros) / float(moments.count),
        "not_finite": int(values.not_finite),
    }
    if units is None or function is None:
        return LayerHealth(call, **spread)  # type: ignore[arg-type]  # numbers of the fields' kinds
    dead = units.highest <= function.dead
    at_an_end = units.full + units.off >= SATURATED * units.count
    saturated = at_an_end if function.full is not None else torch.zeros_like(dead)
    return LayerHealth(
        call,
        **spread,  # type: ignore[arg-type]  # numbers of the fields' kinds
        activation=function.title,
        units=len(dead),
        dead=tuple(dead.nonzero().flatten().tolist()),
        saturated=tuple(saturated.nonzero().flatten().tolist()),
        twins=_twins(units.samples, dead),
    )


def _sample(maps: Tensor, pictures: Tensor) -> Tensor:
    """Values at places that differ from picture to picture, and depend on nothing else: (n, C, P) -> (n, C, k)."""
    count = maps.shape[2]
    k = min(count, PLACES)
    places = (torch.arange(k) * count // k + pictures[:, None] * 7919) % count  # (n, k)
    return maps.gather(2, places[:, None].expand(-1, maps.shape[1], -1)).clone()


def _twins(samples: Tensor, dead: Tensor) -> tuple[tuple[int, int], ...]:
    """Pairs of living units whose samples, (n, C, k), are the same but for a positive factor and a shift."""
    if len(samples) < FEWEST:
        return ()
    values = samples.double().transpose(1, 2).flatten(0, 1)  # (n * k, C)
    centred = values - values.mean(0)
    length = centred.norm(dim=0)
    alive = (~dead & (length > 1e-6 * (1 + values.abs().amax(0)))).nonzero().flatten()
    directions = centred[:, alive] / length[alive]
    alike = torch.triu(directions.T @ directions, diagonal=1) > TWINS
    return tuple((int(alive[first]), int(alive[second])) for first, second in alike.nonzero().tolist())
