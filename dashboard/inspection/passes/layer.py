"""One layer over many pictures: what each channel reads, how often it is off, which pictures excite it."""

from __future__ import annotations

import dataclasses
import time
from dataclasses import dataclass

import torch
from torch import Tensor

from dashboard.inspection.engine.capture import channel_maps, watch
from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.nonlinearity import ActivationTracker, AppliedNonlinearity
from dashboard.inspection.engine.progress import Progress, ignore
from dashboard.inspection.engine.speed import accelerate
from dashboard.inspection.passes.pool import WHOLE, Pool, Shard, batches, first_inputs
from dashboard.inspection.passes.reductions import ChannelHistogram, Extremes, Moments, count, finite
from dashboard.records.activations import ActivationCurve, LayerOverData
from dashboard.records.network import LayerCall
from models.classifier import Classifier

# Pictures that are kept for each channel.
KEPT = 9
CURVE_POINTS = 257


@dataclass(frozen=True, eq=False)
class LayerSums:
    """What one part of the pictures adds; of two parts it is merged.

    Attributes:
        pictures: (1,) how many.
        read: moments of what the activation function reads.
        output: moments of the layer's output.
        histogram: of what it reads.
        off: (C,) int64, how many values at which the function is off.
        full: (C,) int64, how many at which it has reached its upper end.
        not_finite: (1,) int64.
        most: pictures with the largest values.
        least: pictures whose largest value is smallest, by its negative.
    """

    pictures: Tensor
    read: Moments
    output: Moments
    histogram: ChannelHistogram
    off: Tensor
    full: Tensor
    not_finite: Tensor
    most: Extremes
    least: Extremes

    def merge(self, other: LayerSums) -> LayerSums:
        """Of both parts together."""
        changes = {
            name: mine + theirs if isinstance(mine, Tensor) else mine.merge(theirs)
            for name, mine, theirs in (
                (field.name, getattr(self, field.name), getattr(other, field.name))
                for field in dataclasses.fields(self)
            )
        }
        return LayerSums(**changes)


class _EnoughError(Exception):
    """Ends a forward pass that has shown what is looked at."""


class LayerReader:
    """A private network, of which each pass is read at one call and stopped as soon as that is seen.

    Args:
        classifier: shared; not changed.
        call: of a survey of its network.
        inputs: (1, C, H, W), one picture, which tells whether an activation function is applied.
        turn: computes in the layout that is fastest here, which rounds otherwise than the plain one.
        gradients: whether what is read knows how it depends on the inputs.
    """

    def __init__(
        self,
        classifier: Classifier,
        call: LayerCall,
        inputs: Tensor,
        *,
        turn: bool = False,
        gradients: bool = False,
    ) -> None:
        self._network = isolate(classifier.module)
        if turn:
            accelerate(self._network, classifier, inputs)
        self._call = call
        self._gradients = gradients
        self._output: Tensor | None = None
        self._applied: AppliedNonlinearity | None = None
        self._expects = True
        self._mode: ActivationTracker | None = None
        watch(self._network, [call], self._read_output)
        self(inputs)
        self._expects = self._applied is not None
        self.applied = self._applied

    def __call__(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        """What the activation function reads, and the layer's output, both (N, C, h, w), finite or not."""
        self._output = self._applied = None
        try:
            with (
                torch.set_grad_enabled(self._gradients),
                ActivationTracker(self._read_application) as self._mode,
            ):
                self._network(inputs)
        except _EnoughError:
            pass
        assert self._output is not None, f"{self._call.name} did not run"
        output = channel_maps(self._output, self._call, len(inputs))
        if self._applied is None:
            return output, output
        return channel_maps(self._applied.source, self._call, len(inputs)), output

    def _read_output(self, call: LayerCall, output: Tensor) -> None:
        self._output = output.clone()
        if not self._expects:
            raise _EnoughError
        assert self._mode is not None
        self._mode.follow(call.name, output)

    def _read_application(self, name: str, applied: AppliedNonlinearity) -> None:
        if self._output is None or applied.inputs.shape != self._output.shape:
            return
        self._applied = applied
        raise _EnoughError


def layer_sums(
    classifier: Classifier,
    call: LayerCall,
    pool: Pool,
    *,
    shard: Shard = WHOLE,
    progress: Progress = ignore,
    turn: bool = False,
) -> tuple[LayerSums | None, AppliedNonlinearity | None]:
    """What a shard of the pictures adds up to, and the activation function.

    Args:
        classifier: shared with other threads; not changed.
        call: of a survey of the classifier's network.
        pool: at least one picture that can be read.
        shard: which of its batches.
        progress: told the share done before each batch; what it raises ends the pass.
        turn: computes in the layout that is fastest here; for a pass that no other process has a part in.

    Returns:
        The sums, None for a shard without pictures; the application, None where there is none.
    """
    example = first_inputs(pool)
    reading = LayerReader(classifier, call, example, turn=turn)
    total: LayerSums | None = None
    for indices, inputs in batches(pool, example.numel(), shard, progress, singly=classifier.contract.singly):
        part = _batch_sums(*reading(inputs), indices, reading.applied)
        total = part if total is None else total.merge(part)
    return total, reading.applied


def _batch_sums(
    read: Tensor, output: Tensor, indices: Tensor, applied: AppliedNonlinearity | None
) -> LayerSums:
    """Of one batch: what is read and the output, both (N, C, h, w)."""
    same = output is read
    read, broken = finite(read)
    values = read.flatten(2)  # (N, C, P)
    channels = values.transpose(0, 1).flatten(1)  # (C, N * P)
    off, full = (None, None) if applied is None else (applied.nonlinearity.off, applied.nonlinearity.full)
    nothing = torch.zeros(len(channels), dtype=torch.int64)
    largest, places = values.max(2)  # (N, C)
    moments = Moments.of(channels)
    return LayerSums(
        pictures=torch.tensor([len(indices)]),
        read=moments,
        output=moments if same else Moments.of(finite(output)[0].flatten(2).transpose(0, 1).flatten(1)),
        histogram=ChannelHistogram.of(channels),
        off=nothing if off is None else count(channels <= off, 1),
        full=nothing if full is None else count(channels >= full, 1),
        not_finite=torch.tensor([broken]),
        most=Extremes.of(largest, places, indices, KEPT),
        least=Extremes.of(-largest, places, indices, KEPT),
    )


def layer_over_data(
    classifier: Classifier, call: LayerCall, pool: Pool, progress: Progress = ignore
) -> LayerOverData:
    """One layer over all pictures of a pool, batch by batch.

    Args:
        classifier: shared with other threads; not changed.
        call: of a survey of the classifier's network.
        pool: at least one picture that can be read.
        progress: told the share done before each batch; what it raises ends the pass.
    """
    started = time.perf_counter()
    total, applied = layer_sums(classifier, call, pool, progress=progress, turn=True)
    assert total is not None, "a pool has at least one picture"
    return layer_record(total, call, applied, time.perf_counter() - started)


def layer_record(
    total: LayerSums, call: LayerCall, applied: AppliedNonlinearity | None, seconds: float
) -> LayerOverData:
    """The sums as a record."""
    function = None if applied is None else applied.nonlinearity
    values = total.read.count.numpy()
    pictures = int(total.pictures)
    return LayerOverData(
        call=call,
        pictures=pictures,
        curve=None if applied is None else _curve(applied, int(total.histogram.exponents.max())),
        places=int(values[0]) // pictures,
        mean=total.read.mean.numpy(),
        std=total.read.std.numpy(),
        output_std=total.output.std.numpy(),
        counts=total.histogram.counts.numpy(),
        exponents=total.histogram.exponents.numpy(),
        off=None if function is None or function.off is None else total.off.numpy() / values,
        full=None if function is None or function.full is None else total.full.numpy() / values,
        not_finite=int(total.not_finite),
        most=total.most.pictures.numpy(),
        most_values=total.most.values.numpy(),
        most_places=total.most.places.numpy(),
        least=total.least.pictures.numpy(),
        least_values=-total.least.values.numpy(),
        least_places=total.least.places.numpy(),
        seconds=seconds,
    )


def _curve(applied: AppliedNonlinearity, exponent: int) -> ActivationCurve:
    reach = 2.0**exponent
    places = torch.linspace(-reach, reach, CURVE_POINTS)
    function = applied.nonlinearity
    return ActivationCurve(
        function.title,
        function.formula,
        places.numpy(),
        applied.curve(places).numpy(),
        function.off,
        function.off_means,
        function.full,
    )
