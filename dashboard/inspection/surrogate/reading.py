"""One pass over many pictures: what the network answers to each, and what a tree may read of it."""

from __future__ import annotations

import time

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from dashboard.inspection.engine.capture import channel_maps, watch
from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.progress import Progress, ignore
from dashboard.inspection.engine.speed import accelerate
from dashboard.inspection.passes.pool import WHOLE, batches, first_inputs
from dashboard.inspection.passes.reductions import finite
from dashboard.inspection.surrogate.sample import Sample
from dashboard.records.network import LayerCall
from dashboard.records.surrogate import Readings
from models.classifier import Classifier
from models.preprocessing import Preprocessing

# Pictures are kept for their mean, at most this wide and high; those of the small networks stay as they are.
SIDE = 48


class _Reader:
    """A private network that answers, and tells the mean of each channel of one call, where there is one."""

    def __init__(self, classifier: Classifier, call: LayerCall | None, example: Tensor) -> None:
        self._network = accelerate(isolate(classifier.module), classifier, example)
        self._call = call
        self._units = torch.empty(0, 0)
        self._pictures = 0
        if call is not None:
            watch(self._network, [call], self._read_units)

    def __call__(self, inputs: Tensor) -> tuple[np.ndarray, np.ndarray]:
        """Answers (N,) and units (N, C) of inputs (N, C, H, W)."""
        self._pictures = len(inputs)
        self._units = torch.empty(len(inputs), 0)
        with torch.no_grad():
            return self._network(inputs).argmax(1).numpy(), self._units.numpy()

    def _read_units(self, call: LayerCall, output: Tensor) -> None:
        self._units = finite(channel_maps(output, call, self._pictures).mean((2, 3)))[0]


def read(
    classifier: Classifier,
    sample: Sample,
    call: LayerCall | None = None,
    progress: Progress = ignore,
) -> Readings:
    """Every picture that can be read, in one pass.

    Args:
        classifier: shared with other threads; not changed.
        sample: at least one picture that can be read.
        call: of a survey of the classifier's network, whose units are read; None for none.
        progress: told the share done before each batch; what it raises ends the pass.

    Raises:
        UserError: if no picture can be read.
    """
    started = time.perf_counter()
    pool, places = sample.pool, {name: place for place, name in enumerate(classifier.classes)}
    example = first_inputs(pool)
    reader = _Reader(classifier, call, example)
    numbers, shown, answers, units = [], [], [], []
    for indices, inputs in batches(pool, example.numel(), WHOLE, progress, singly=classifier.contract.singly):
        answer, unit = reader(inputs)
        numbers.append(indices.numpy())
        shown.append(pictures(inputs, classifier.preprocessing))
        answers.append(answer)
        units.append(unit)
    read_numbers = np.concatenate(numbers)
    return Readings(
        numbers=read_numbers,
        held_out=sample.held_out[read_numbers],
        pictures=np.concatenate(shown),
        answers=np.concatenate(answers),
        labels=np.array([places.get(pool.label(int(index)), -1) for index in read_numbers]),
        units=np.concatenate(units),
        seconds=time.perf_counter() - started,
    )


def read_one(classifier: Classifier, inputs: np.ndarray, call: LayerCall | None = None) -> Readings:
    """One picture, held out and without a label, as the others are read.

    Args:
        classifier: shared with other threads; not changed.
        inputs: (C, H, W), normalised.
        call: whose units are read; None for none.
    """
    started = time.perf_counter()
    batch = torch.tensor(inputs)[None]
    answers, units = _Reader(classifier, call, batch)(batch)
    return Readings(
        numbers=np.array([-1]),
        held_out=np.array([True]),
        pictures=pictures(batch, classifier.preprocessing),
        answers=answers,
        labels=np.array([-1]),
        units=units,
        seconds=time.perf_counter() - started,
    )


def pictures(inputs: Tensor, preprocessing: Preprocessing) -> np.ndarray:
    """What the network was shown, small: (N, C, H, W) -> (N, h, w, c) uint8."""
    return np.stack(
        [_small(preprocessing.display(picture))[..., : preprocessing.colours] for picture in inputs]
    )


def _small(picture: np.ndarray) -> np.ndarray:
    height, width = picture.shape[:2]
    factor = SIDE / max(height, width)
    if factor >= 1:
        return picture
    size = max(1, round(width * factor)), max(1, round(height * factor))
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BOX))


def readings_of(
    answers: np.ndarray, labels: np.ndarray, held_out: np.ndarray, seconds: float = 0.0
) -> Readings:
    """What a network answers to many inputs that are no pictures, as a tree is grown from it.

    Args:
        answers: (n,) int64, class index of the largest logit of each.
        labels: (n,) int64, class index of the truth.
        held_out: (n,) bool, which the tree is measured with.
        seconds: that the pass took.
    """
    count = len(labels)
    return Readings(
        numbers=np.arange(count),
        held_out=held_out,
        pictures=np.zeros((count, 0, 0, 1), np.uint8),
        answers=answers,
        labels=labels,
        units=np.zeros((count, 0), np.float32),
        seconds=seconds,
    )
