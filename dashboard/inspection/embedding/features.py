"""Pictures as features: what one place of a network makes of each, in one pass."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from dashboard.inspection.engine.capture import channel_maps, watch
from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.progress import Progress, ignore
from dashboard.inspection.engine.speed import accelerate
from dashboard.inspection.passes.pool import WHOLE, Pool, batches, first_inputs
from dashboard.records.embedding import UNKNOWN, Features, Place
from dashboard.records.network import LayerCall
from models.classifier import Classifier

# Numbers that are kept: 32 MB. Where pictures have more, fewer pictures are looked at.
MOST_NUMBERS = 2**23


class FeatureReader:
    """A private network that gives its features at one place beside its logits.

    Args:
        classifier: shared; not changed.
        place: in a call of a survey of its network.
        inputs: (1, C, H, W), one picture, to be quick on.
    """

    def __init__(self, classifier: Classifier, place: Place, inputs: Tensor) -> None:
        self._network = accelerate(isolate(classifier.module), classifier, inputs)
        self._place = place
        self._channels: Tensor | None = None
        self._pictures = self._calls = 0
        name, _, number = place.call.name.partition("#")
        self._wanted = int(number or 1)
        if place.reads:
            self._network.get_submodule(name).register_forward_pre_hook(self._before, with_kwargs=True)
        else:
            watch(self._network, [place.call], self._after)

    def __call__(self, inputs: Tensor) -> tuple[Tensor, Tensor, int]:
        """Features (N, D) float32, logits (N, classes), and how many places each feature is the mean of."""
        self._channels, self._pictures, self._calls = None, len(inputs), 0
        with torch.no_grad():
            logits: Tensor = self._network(inputs)
        assert self._channels is not None, f"{self._place.call.name} did not run"
        return self._channels.mean(2), logits, self._channels.shape[2]

    def _after(self, call: LayerCall, output: Tensor) -> None:
        self._channels = channel_maps(output.detach(), call, self._pictures).float().flatten(2).clone()

    def _before(self, layer: nn.Module, args: Any, named: Any) -> None:
        self._calls += 1
        if self._calls == self._wanted:
            values = args[0] if args else next(iter(named.values()))
            self._channels = _by_channel(values.detach().float(), layer, self._pictures).clone()


def _by_channel(values: Tensor, layer: nn.Module, pictures: int) -> Tensor:
    """What a layer reads as (N, D, places): convolutions have channels first, linear layers last."""
    if isinstance(layer, nn.Conv2d):
        return values.flatten(2)
    return values.reshape(pictures, -1, values.shape[-1]).transpose(1, 2)


def features(classifier: Classifier, place: Place, pool: Pool, progress: Progress = ignore) -> Features:
    """All pictures of a pool at one place, batch by batch.

    Args:
        classifier: shared with other threads; not changed.
        place: in a call of a survey of the classifier's network.
        pool: at least one picture that can be read.
        progress: told the share done before each batch; what it raises ends the pass.
    """
    started = time.perf_counter()
    example = first_inputs(pool)
    reader = FeatureReader(classifier, place, example)
    rows: list[Tensor] = []
    indices: list[Tensor] = []
    answers: list[Tensor] = []
    read, taken, places = 0, len(pool), 1
    for numbers, inputs in batches(pool, example.numel(), WHOLE, progress, singly=classifier.contract.singly):
        values, logits, places = reader(inputs)
        read += len(numbers)
        kept = values.isfinite().all(1)
        rows.append(values[kept])
        indices.append(numbers[kept])
        answers.append(torch.where(logits.isfinite().all(1), logits.argmax(1), UNKNOWN)[kept])
        if read * values.shape[1] >= MOST_NUMBERS:
            taken = int(numbers[-1]) + 1
            break
    pictures = torch.cat(indices).numpy()
    return Features(
        place=place,
        values=torch.cat(rows).numpy(),
        pictures=pictures,
        labels=_labels(pool, pictures, classifier.classes),
        answers=torch.cat(answers).numpy(),
        places=places,
        taken=taken,
        read=read,
        not_finite=read - len(pictures),
        seconds=time.perf_counter() - started,
    )


def picture_features(classifier: Classifier, place: Place, inputs: np.ndarray) -> np.ndarray:
    """One picture of shape (C, H, W) at that place: (D,) float32, finite or not."""
    batch = torch.tensor(inputs)[None]
    return np.asarray(FeatureReader(classifier, place, batch)(batch)[0][0].numpy())


def _labels(pool: Pool, pictures: np.ndarray, classes: tuple[str, ...]) -> np.ndarray:
    """The class that each of the pictures belongs to, where it is a class of the network's and of one name only."""
    index = {name: at for at, name in enumerate(classes) if classes.count(name) == 1}
    return np.array([index.get(pool.label(int(picture)), UNKNOWN) for picture in pictures], dtype=np.int64)
