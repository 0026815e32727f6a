"""How weights spread while they were trained: from a run's checkpoints, or from anybody's logged histograms."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from torch import Tensor

from dashboard.inspection.engine.progress import Progress, each, ignore
from dashboard.inspection.engine.spacing import evenly_spaced
from dashboard.inspection.weights.comparison import change
from dashboard.inspection.weights.distributions import summary
from dashboard.inspection.weights.filters import filters, fold_of, ways
from dashboard.inspection.weights.tensors import facts
from dashboard.records.histogram import Histogram
from dashboard.records.weights import Filters, History, Track
from models.runtime.errors import UserError
from models.tensorboard.series import HistogramSeries
from models.training.runs.checkpoints import Checkpoint

# Of more checkpoints or logged moments, so many are taken, evenly.
MOST_STEPS = 120
# Bins of what is kept, over the range of a tensor.
BINS = 200
# Kernels of one tensor that are followed.
KERNELS = 30


def from_checkpoints(checkpoints: Sequence[Checkpoint], progress: Progress = ignore) -> History:
    """Every tensor at every checkpoint.

    Args:
        checkpoints: of one run, by step.
        progress: told the share that is done; raises to cancel.
    """
    chosen = [checkpoints[place] for place in evenly_spaced(len(checkpoints), MOST_STEPS)]
    rows: dict[str, list[tuple[int, Histogram, float, float]]] = {}
    problems = []
    before: dict[str, Tensor] = {}
    for checkpoint in each(chosen, progress):
        try:
            tensors = checkpoint.tensors()
        except UserError as refusal:
            problems.append(str(refusal))
            continue
        for tensor_facts in facts(tensors):
            name, tensor = tensor_facts.name, tensors[tensor_facts.name]
            spread = summary(tensor_facts, tensor)
            if not len(spread.histogram.counts):
                continue
            then = before.get(name)
            same = then is not None and then.shape == tensor.shape
            moved = change(tensor_facts, tensor, then).relative if same and then is not None else math.nan
            width = (spread.high - spread.low) / BINS
            rows.setdefault(name, []).append(
                (checkpoint.step, spread.histogram.coarsen(width), spread.std, moved)
            )
        before = tensors
    return History(tuple(_track(name, steps) for name, steps in rows.items()), tuple(problems))


def kernels_over_training(
    checkpoints: Sequence[Checkpoint], name: str, progress: Progress = ignore
) -> tuple[Filters, ...]:
    """The first kernels of one weight at each checkpoint, drawn in the way that suits it best.

    Args:
        checkpoints: of one run; each can be read and has that tensor.
        name: of a tensor with the role of a weight.
        progress: told the share done before each checkpoint; raises to cancel.

    Raises:
        UserError: if a checkpoint is gone or damaged.
    """
    kernels = []
    for checkpoint in each(checkpoints, progress):
        tensors = checkpoint.tensors()
        known = facts(tensors)
        own = next(tensor for tensor in known if tensor.name == name)
        fold = fold_of(own, known)
        way = ways(own, fold)[0]
        kernels.append(filters(tensors[name], way, fold=fold, behind=1 if way == "matrix" else KERNELS))
    return tuple(kernels)


def from_log(logged: HistogramSeries) -> Track:
    """One logged quantity through training; a step that was logged twice counts as it was logged last.

    A moment without a number is none.
    """
    last = {int(step): place for place, step in enumerate(logged.steps) if logged.buckets[place].size}
    steps = sorted(last)
    shown = [steps[place] for place in evenly_spaced(len(steps), MOST_STEPS)]
    histograms = [_histogram(logged.buckets[last[step]]) for step in shown]
    rows = [(step, spread, _std(spread), math.nan) for step, spread in zip(shown, histograms, strict=True)]
    return _track(logged.tag, rows)


def _track(name: str, rows: Sequence[tuple[int, Histogram, float, float]]) -> Track:
    steps, histograms, stds, changes = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Track(name, np.array(steps, np.int64), histograms, np.array(stds, float), np.array(changes, float))


def _histogram(buckets: np.ndarray) -> Histogram:
    """What a log holds, with its empty and endless buckets left out: (bins, 3) left edge, right edge, count.

    Buckets of no width stay: those of a constant tensor, and the zeros of one that has nothing above them.
    """
    left, right, counts = buckets.T
    largest = float(np.finfo(np.float32).max)
    kept = (counts > 0) & np.isfinite(counts) & (left <= right)
    ends = np.clip(left[kept], -largest, largest), np.clip(right[kept], -largest, largest)
    order = np.lexsort(ends[::-1])
    return Histogram(ends[0][order], ends[1][order], counts[kept][order])


def _std(histogram: Histogram) -> float:
    """The spread that a histogram tells, each bucket's numbers taken to be spread evenly."""
    if not len(histogram.counts):
        return math.nan
    shares = histogram.counts / histogram.total
    middles = (histogram.left + histogram.right) / 2
    mean = float((shares * middles).sum())
    within = (histogram.right - histogram.left) ** 2 / 12
    return math.sqrt(float((shares * ((middles - mean) ** 2 + within)).sum()))
