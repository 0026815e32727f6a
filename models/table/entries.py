"""The table's networks for rows of tables: every architecture for every labelled table, of those that are trained."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from models.kinds import TABLE
from models.runtime.progress import Report
from models.table import TABLE_ARCHITECTURES, TABLE_SETS
from models.table.tables import LabelledTable
from models.zoo.architecture import Architecture
from models.zoo.entry import Model

if TYPE_CHECKING:
    from models.table.classifier import TableClassifier

# Made by `python -m models.training.shipped`.
FOLDER = Path(__file__).resolve().parents[2] / "assets" / "weights" / "table"


def entries() -> tuple[Model, ...]:
    """One network per architecture and labelled set, of those that are trained."""
    return tuple(
        Model(
            name=name_of(architecture, table),
            title=f"{architecture.title} ({table.title})",
            trained=True,
            load=partial(_load, architecture=architecture, table=table),
            fits=table.name,
            reads=TABLE,
        )
        for table in TABLE_SETS.values()
        for architecture in TABLE_ARCHITECTURES.values()
        if file_of(name_of(architecture, table)).exists()
    )


def name_of(architecture: Architecture, table: LabelledTable) -> str:
    """The name of a network of the table in the address."""
    return f"{architecture.name}-{table.name}"


def file_of(name: str) -> Path:
    """The weights of a network of the table; in the file's head its columns and what it was measured to reach."""
    return FOLDER / f"{name}.safetensors"


def _load(_: Report, *, architecture: Architecture, table: LabelledTable) -> TableClassifier:
    from models.classifier import frozen
    from models.table.classifier import TableClassifier
    from models.table.columns import Columns
    from models.zoo.embedded import build_with_weights
    from models.zoo.trained import read_trained

    name = name_of(architecture, table)
    trained = read_trained(file_of(name), architecture.paper)
    columns = Columns.from_json(trained.format)
    module = build_with_weights(
        lambda: architecture.build(len(table.classes), columns.width), trained.weights.tensors
    )
    return TableClassifier(
        name=name,
        title=f"{architecture.title} ({table.title})",
        architecture=architecture.key,
        module=frozen(module),
        weights=trained.weights,
        classes=table.classes,
        fits=table.name,
        provenance=trained.provenance,
        trained=True,
        columns=columns,
    )
