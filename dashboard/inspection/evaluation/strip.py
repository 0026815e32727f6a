"""A few test pictures, and what a network says to them at one moment of its training."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from dashboard.inspection.prediction import predict_many
from dashboard.records.learning import StepAnswers
from models.datasets.entry import Dataset
from models.datasets.split import balanced_order
from models.runtime.progress import silent
from models.training import as_networks
from models.training.runs import Run
from models.training.runs.checkpoints import Checkpoint

SEED = 0


def choose_pictures(dataset: Dataset, count: int) -> list[tuple[int, int]]:
    """Place and class of some test pictures, the classes alike, in the order of the classes; always the same."""
    labels = dataset.load(silent).labels("test")
    places = balanced_order(labels, SEED)[:count].tolist()
    return sorted(((place, int(labels[place])) for place in places), key=lambda pair: (pair[1], pair[0]))


def answer_pictures(run: Run, checkpoint: Checkpoint, pictures: Sequence[Image.Image]) -> StepAnswers:
    """What the network of a checkpoint says to each of some pictures.

    Raises:
        UserError: if the checkpoint is gone or damaged.
    """
    network = as_networks.find(as_networks.address(run, checkpoint)).load(silent)
    transforms = network.preprocessing.transforms()
    answers = predict_many(network, np.stack([transforms(picture).numpy() for picture in pictures]))
    return StepAnswers(
        step=checkpoint.step,
        winners=tuple(answer.winner for answer in answers),
        shares=tuple(answer.strength(answer.winner) for answer in answers),
    )
