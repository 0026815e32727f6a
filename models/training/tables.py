"""The rows of a run's table in one tensor."""

from __future__ import annotations

import torch

from models.runtime.progress import Report
from models.table import TABLE_SETS
from models.table.columns import Columns
from models.training.config import Config
from models.training.data import TrainingData
from models.training.examples import Rows
from models.training.formats.tables import TableFormat


def load(config: Config, device: torch.device, report: Report) -> TrainingData:
    """Read and part a run's rows; see models.training.data.load. Columns are measured on what is learned from."""
    labelled = TABLE_SETS[config.dataset]
    table = labelled.load()
    parts = config.split(table.targets["train"])
    columns = Columns.of(table.columns, table.values["train"][parts.train])
    inputs = {split: torch.from_numpy(columns.encode(values)) for split, values in table.values.items()}
    targets = {split: torch.from_numpy(classes) for split, classes in table.targets.items()}
    train, validation = (
        Rows(inputs["train"][places].to(device), targets["train"][places].to(device))
        for places in (parts.train, parts.validation)
    )
    return TrainingData(
        title=labelled.title,
        classes=labelled.classes,
        format=TableFormat(columns),
        train=train,
        validation=validation,
        test=Rows(inputs["test"].to(device), targets["test"].to(device)),
        prepare=lambda rows: rows,
    )
