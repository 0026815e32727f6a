"""The histories of a run's people in one tensor."""

from __future__ import annotations

import torch

from models.history import HISTORY_SETS
from models.history.ranking import COUNT
from models.runtime.progress import Report
from models.training.config import Config
from models.training.data import TrainingData
from models.training.examples import Rows
from models.training.formats.histories import HistoryFormat
from models.training.objective import among


def load(config: Config, device: torch.device, report: Report) -> TrainingData:
    """Draw and part a run's histories; see models.training.data.load. Nobody is in two parts."""
    labelled = HISTORY_SETS[config.dataset]
    histories = labelled.load()
    parts = config.split(histories.targets["train"])
    inputs = {split: torch.from_numpy(ids).to(device) for split, ids in histories.chosen.items()}
    targets = {split: torch.from_numpy(films).to(device) for split, films in histories.targets.items()}
    train, validation = (
        Rows(inputs["train"][people], targets["train"][people]) for people in (parts.train, parts.validation)
    )
    return TrainingData(
        title=labelled.title,
        fits=labelled.name,
        classes=histories.catalogue.titles,
        format=HistoryFormat(histories.catalogue),
        train=train,
        validation=validation,
        test=Rows(inputs["test"], targets["test"]),
        prepare=lambda ids: ids,
        objective=among(COUNT),
        remarks=(
            "Films, people and tastes are made up: a program draws them.",
            f"Right is whose next film is among the {COUNT} of the highest scores; that nobody chooses a film twice is "
            "left out of account, so that more hits are counted on Evaluation.",
        ),
    )
