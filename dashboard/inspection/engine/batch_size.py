"""How many pictures go into one pass."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from dashboard.inspection.engine import paces, speed, stopwatch
from dashboard.inspection.engine.exported import ExportedForward, LocalExportedForward
from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.progress import Progress, ignore
from dashboard.inspection.engine.stopwatch import IN_TURNS, Key, Use
from models.classifier import Classifier

# So many, while one pass is expected to take no more than MOST_SECONDS and MOST_BYTES. On EfficientNet-Lite0,
# SqueezeNet, MobileNetV3 and ResNet-50 the best of 1, 2, 4, 8, 16 and 32 is at most 5 % faster, which trying them out
# costs for seconds; one at a time takes up to twice as long. Near a picture passes are short.
PICTURES: dict[Use, int] = {"layers": 8, "gradient": 16, "answers": 16, "near answers": 32}
# One pass is what a person who gives up waits for.
MOST_SECONDS = 3.0
MOST_BYTES = 1000 * 2**20
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
    """How many pictures of that size an accelerated network takes in one pass, within MOST_SECONDS and MOST_BYTES.

    Args:
        classifier: shared; not changed.
        inputs: (1, C, H, W), normalised.
        use: as for `accelerate`.
        progress: called before each step of finding out how the network is fastest; never where it is known.
    """
    key = stopwatch.timing_key(classifier, inputs.shape), use
    if key not in _BATCHES:
        progress(0.0)
        network = speed.accelerate(isolate(classifier.module), classifier, inputs, use=use)
        progress(0.5)
        size = 1 if classifier.contract.singly else _size(network, classifier, inputs, use)
        with IN_TURNS:
            _BATCHES.setdefault(key, Batch(size, paces.known(key[0], f"{use}: seconds")))
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


def _size(network: nn.Module, classifier: Classifier, inputs: Tensor, use: Use) -> int:
    """The number of pictures that is usual for that use, or as many as fit."""
    seconds = speed.acceleration(classifier, inputs, use=use).seconds
    most = min(PICTURES[use], int(MOST_SECONDS / seconds)) if seconds else PICTURES[use]
    # What an inference runtime takes is not kept for a gradient, and it takes a few pictures after another.
    if most > 1 and not isinstance(network, ExportedForward | LocalExportedForward):
        gradient = stopwatch.needs_gradient(use)
        most = min(most, int(MOST_BYTES / _bytes_per_picture(network, inputs, gradient)))
    return max(1, most)


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
