"""The table's networks for histories: every architecture for every set of histories, of those that are trained."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from models.history import HISTORY_ARCHITECTURES, HISTORY_SETS
from models.history.histories import LabelledHistories
from models.kinds import HISTORY
from models.runtime.progress import Report
from models.zoo.architecture import Architecture
from models.zoo.entry import Model

if TYPE_CHECKING:
    from models.history.classifier import Recommender

# Made by `python -m models.training.shipped`.
FOLDER = Path(__file__).resolve().parents[2] / "assets" / "weights" / "history"


def entries() -> tuple[Model, ...]:
    """One network per architecture and set, of those that are trained."""
    return tuple(
        Model(
            name=name_of(architecture, histories),
            title=f"{architecture.title} ({histories.title})",
            trained=True,
            load=partial(_load, architecture=architecture, histories=histories),
            fits=histories.name,
            reads=HISTORY,
        )
        for histories in HISTORY_SETS.values()
        for architecture in HISTORY_ARCHITECTURES.values()
        if file_of(name_of(architecture, histories)).exists()
    )


def name_of(architecture: Architecture, histories: LabelledHistories) -> str:
    """The name of a network of the table in the address."""
    return f"{architecture.name}-{histories.name}"


def file_of(name: str) -> Path:
    """The weights of a network of the table; in the file's head its catalogue and what it was measured to reach."""
    return FOLDER / f"{name}.safetensors"


def _load(_: Report, *, architecture: Architecture, histories: LabelledHistories) -> Recommender:
    from models.classifier import frozen
    from models.history.catalogue import Catalogue
    from models.history.classifier import Recommender
    from models.zoo.embedded import build_with_weights
    from models.zoo.trained import read_trained

    name = name_of(architecture, histories)
    trained = read_trained(file_of(name), architecture.paper)
    catalogue = Catalogue.from_json(trained.format)
    module = build_with_weights(
        lambda: architecture.build(len(catalogue), len(catalogue)), trained.weights.tensors
    )
    return Recommender(
        name=name,
        title=f"{architecture.title} ({histories.title})",
        architecture=architecture.key,
        module=frozen(module),
        weights=trained.weights,
        classes=catalogue.titles,
        fits=histories.name,
        provenance=trained.provenance,
        trained=True,
        catalogue=catalogue,
    )
