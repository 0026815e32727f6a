"""One layer and one picture while a network learns: a forward pass of each checkpoint of a run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from dashboard.inspection.engine.capture import channel_maps, spread, watch
from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.progress import Progress, each, ignore
from dashboard.inspection.engine.spacing import evenly_spaced
from dashboard.records.activations import ValueSpread
from dashboard.records.learning import Learning
from dashboard.records.network import LayerCall
from models.classifier import Classifier
from models.runtime.errors import UserError
from models.runtime.progress import silent
from models.training import as_networks
from models.training.runs import Run
from models.training.runs.checkpoints import Checkpoint

# Of more checkpoints, so many are taken, evenly.
MOST_STEPS = 60


def learning(
    run: Run,
    checkpoints: Sequence[Checkpoint],
    inputs: np.ndarray,
    *,
    call: LayerCall,
    progress: Progress = ignore,
) -> Learning | None:
    """The output of one call, and the answer, at each checkpoint; None where not one can be read.

    Args:
        run: that the checkpoints belong to.
        checkpoints: by step.
        inputs: (C, H, W), normalised.
        call: of a survey of the run's network, which is built alike at each step.
        progress: told the share done before each checkpoint; what it raises ends the work.
    """
    chosen = [checkpoints[place] for place in evenly_spaced(len(checkpoints), MOST_STEPS)]
    read: list[tuple[Checkpoint, Classifier, np.ndarray, ValueSpread, np.ndarray]] = []
    problems = []
    for checkpoint in each(chosen, progress):
        try:
            classifier = as_networks.find(as_networks.address(run, checkpoint)).load(silent)
        except UserError as refusal:
            problems.append(str(refusal))
            continue
        read.append((checkpoint, classifier, *_forward(classifier, inputs, call)))
    if not read:
        return None
    readable, classifiers, maps, spreads, logits = zip(*read, strict=True)
    return Learning(
        call=call,
        classes=classifiers[-1].classes,
        steps=np.array([entry.step for entry in readable], np.int64),
        epochs=np.array([entry.epoch for entry in readable], np.int64),
        maps=np.stack(maps),
        spreads=spreads,
        logits=np.stack(logits),
        problems=tuple(problems),
    )


def _forward(
    classifier: Classifier, inputs: np.ndarray, call: LayerCall
) -> tuple[np.ndarray, ValueSpread, np.ndarray]:
    """Maps (C, h, w), the spread of the whole output, and logits (classes,)."""
    network = isolate(classifier.module)
    outputs: list[tuple[np.ndarray, ValueSpread]] = []

    def read(_: LayerCall, output: Tensor) -> None:
        # A copy, because what follows may write in place.
        outputs.append((channel_maps(output.float(), call, 1)[0].numpy().copy(), spread(output)))

    watch(network, [call], read)
    with torch.no_grad():
        logits = network(torch.tensor(inputs)[None])[0].float()
    return *outputs[0], logits.numpy()
