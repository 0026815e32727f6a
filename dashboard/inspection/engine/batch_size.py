"""How many pictures a network takes fastest at once."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from dashboard.inspection.engine import paces, stopwatch
from dashboard.inspection.engine.exported import ExportedForward, LocalExportedForward
from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.progress import Progress, each, ignore
from dashboard.inspection.engine.speed import accelerate
from dashboard.inspection.engine.stopwatch import IN_TURNS, Key, Use
from models.classifier import Classifier

# Batches that are tried, while one pass is expected to take no more than MOST_SECONDS and MOST_BYTES. More at once were
# never faster on any network that was measured, but near a picture, where passes are short.
BATCHES: dict[Use, tuple[int, ...]] = {
    **dict.fromkeys(("layers", "gradient", "answers"), (1, 4, 8, 16)),
    "near answers": (1, 8, 16, 32),
}
# From sixteen pictures on torch's convolutions take another way, on which ResNet-50's gradient takes 107 ms for each
# picture instead of 145.
MOST_SECONDS = 3.0
MOST_BYTES = 1000 * 2**20
# An inference runtime takes as long for each of few pictures as of many, so none are tried with it.
RUNTIME_BATCH = 16
# They are tried in turns, twice, because the first pass of a shape takes up to three times as long as those that
# follow; and once more those whose time for one picture is so near the best.
LAST_ROUND = 2
CLOSE = 1.25
# The smallest batch is taken among those whose time for one picture is so near the best.
NEAR = 1.01
# Tensors of a layer that are alive at once where nothing is kept for a way back.
ALIVE = 3


@dataclass(frozen=True)
class Batch:
    """What goes into one pass.

    Attributes:
        size: number of pictures.
        seconds: that each of them takes, on the way back too where there is one; None until a pass has shown it.
    """

    size: int
    seconds: float | None


_BATCHES: dict[tuple[Key, Use], Batch] = {}


def fastest_batch(classifier: Classifier, inputs: Tensor, *, use: Use, progress: Progress = ignore) -> Batch:
    """How many pictures of that size a quickened network takes fastest in one pass, within MOST_BYTES.

    Args:
        classifier: shared; not changed.
        inputs: (1, C, H, W), normalised.
        use: as for `quickened`; the way back is measured too unless answers are asked for.
        progress: called before each step of the measuring, which happens once; never where it is known.
    """
    key = stopwatch.timing_key(classifier, inputs.shape), use
    if key not in _BATCHES:
        progress(0.0)
        network = accelerate(isolate(classifier.module), classifier, inputs, use=use)
        with IN_TURNS:
            if key not in _BATCHES:  # else somebody measured it meanwhile
                singly = classifier.contract.singly
                _BATCHES[key] = (
                    _time_batch(network, inputs, use, 1)
                    if singly
                    else _recall(key, network, inputs, progress)
                )
    return _BATCHES[key]


def known_batch(classifier: Classifier, shape: tuple[int, ...], *, use: Use) -> Batch | None:
    """The batch for one input of that shape, (1, C, H, W); None where it is not measured yet."""
    return _BATCHES.get((stopwatch.timing_key(classifier, shape), use))


def note_seconds(classifier: Classifier, shape: tuple[int, ...], seconds: float, *, use: Use) -> None:
    """Keep how long each picture took in the passes of a result, where nobody knows it yet."""
    key = stopwatch.timing_key(classifier, shape), use
    batch = _BATCHES.get(key)
    if batch is not None and batch.seconds is None:
        _BATCHES[key] = Batch(batch.size, paces.recall(key[0], f"{use}: seconds", lambda: seconds))


def _recall(key: tuple[Key, Use], network: nn.Module, inputs: Tensor, progress: Progress) -> Batch:
    """The batch that somebody measured here before, else the one that is fastest now."""
    (of, use), measured = key, list[Batch]()

    def measure() -> Batch:
        measured.append(_measure(network, inputs, use, progress))
        return measured[0]

    size = int(paces.recall(of, f"{use}: batch", lambda: measure().size))
    if size not in {RUNTIME_BATCH, *BATCHES[use]}:
        return measure()
    return measured[0] if measured else Batch(size, paces.known(of, f"{use}: seconds"))


def _measure(network: nn.Module, inputs: Tensor, use: Use, progress: Progress) -> Batch:
    if isinstance(network, ExportedForward | LocalExportedForward):
        return _time_batch(network, inputs, use, RUNTIME_BATCH)
    return _try_batches(network, inputs, use, progress)


def _time_batch(network: nn.Module, inputs: Tensor, use: Use, size: int) -> Batch:
    gradient = stopwatch.needs_gradient(use)
    pictures = stopwatch.examples(inputs, size, use)
    seconds = min(stopwatch.time_pass(network, pictures, gradient=gradient) for _ in range(stopwatch.ROUNDS))
    return Batch(size, seconds / size)


def _try_batches(network: nn.Module, inputs: Tensor, use: Use, progress: Progress) -> Batch:
    """The batch whose time for one picture is shortest, or near it, among those that fit."""
    gradient = stopwatch.needs_gradient(use)
    room = MOST_BYTES / _bytes_per_picture(network, inputs, gradient)
    seconds: dict[int, float] = {}  # for one picture, the shortest so far

    def is_due(round_: int, size: int) -> bool:
        best = min(seconds.values(), default=0.0)
        if round_ == 0:
            return not seconds or (size <= room and size * best <= MOST_SECONDS)
        return size in seconds and (round_ < LAST_ROUND or seconds[size] <= CLOSE * best)

    steps = [(round_, size) for round_ in range(LAST_ROUND + 1) for size in BATCHES[use]]
    for round_, size in each(steps, progress):
        if is_due(round_, size):
            taken = (
                stopwatch.time_pass(network, stopwatch.examples(inputs, size, use), gradient=gradient) / size
            )
            seconds[size] = min(taken, seconds.get(size, taken))
    best = min(seconds.values())
    return next(Batch(size, taken) for size, taken in seconds.items() if taken <= NEAR * best)


def _bytes_per_picture(network: nn.Module, inputs: Tensor, gradient: bool) -> int:
    """Memory that a pass takes for each picture: what is kept for the way back, or a few of its largest tensors."""
    own = {weight.untyped_storage().data_ptr() for weight in network.parameters()}
    storages: dict[int, torch.UntypedStorage] = {}  # by address; a tensor may be kept for several operations

    def keep(tensor: Tensor) -> None:
        # The tensor itself would hold the graph that holds it, for ever.
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in own:
            storages[storage.data_ptr()] = storage

    with torch.enable_grad(), torch.autograd.graph.saved_tensors_hooks(keep, lambda nothing: nothing):
        network(inputs.clone().requires_grad_())
    sizes = [storage.nbytes() for storage in storages.values()]
    return max(1, sum(sizes) if gradient else ALIVE * max(sizes, default=0))
