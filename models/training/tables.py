"""The rows of a run's table in one tensor."""

from __future__ import annotations

import torch

from models.runtime.progress import Report
from models.table import TABLE_SETS
from models.table.columns import Columns
from models.table.tables import LabelledTable
from models.training import own_tables
from models.training.config import Config
from models.training.data import TrainingData
from models.training.examples import Rows
from models.training.formats.tables import TableFormat
from models.training.kinds import TABLE_FILE


def table_of(fits: str) -> LabelledTable:
    """The labelled table that a network learned from, by its name: one on board, or one of a person's own.

    Raises:
        UserError: if that is not kept here any more.
    """
    return own_tables.find_labelled(fits) if own_tables.is_labelled(fits) else TABLE_SETS[fits]


def load(config: Config, device: torch.device, report: Report) -> TrainingData:
    """Read and part a run's rows; see models.training.data.load. Columns are measured on what is learned from."""
    if config.dataset == TABLE_FILE:
        labelled = own_tables.labelled_table(config.data, config.target)
    else:
        labelled = TABLE_SETS[config.dataset]
    table = labelled.load()
    parts = config.split(table.targets["train"])
    columns = Columns.of(table.fields, table.values["train"][parts.train])
    inputs = {split: torch.from_numpy(columns.encode(values)) for split, values in table.values.items()}
    targets = {split: torch.from_numpy(classes) for split, classes in table.targets.items()}
    train, validation = (
        Rows(inputs["train"][places].to(device), targets["train"][places].to(device))
        for places in (parts.train, parts.validation)
    )
    return TrainingData(
        title=labelled.title,
        fits=labelled.name,
        classes=labelled.classes,
        format=TableFormat(columns),
        train=train,
        validation=validation,
        test=Rows(inputs["test"].to(device), targets["test"].to(device)),
        prepare=lambda rows: rows,
        remarks=labelled.remarks,
    )
