"""What can be trained: of each kind of input its networks, its data, and how a run reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.datasets import DATASETS
from models.history import HISTORY_ARCHITECTURES, HISTORY_SETS
from models.history.ranking import COUNT
from models.kinds import HISTORY, PICTURES, TABLE, TEXT
from models.table import TABLE_ARCHITECTURES, TABLE_SETS
from models.text import TEXT_ARCHITECTURES, TEXT_SETS
from models.training.formats import InputFormat
from models.training.formats.histories import HistoryFormat
from models.training.formats.pictures import PictureFormat
from models.training.formats.tables import TableFormat
from models.training.formats.texts import TextFormat
from models.zoo.architecture import Architecture
from models.zoo.small import ARCHITECTURES

# Data of a person's own: a folder of pictures, and a table.
FOLDER, TABLE_FILE = "folder", "table"
OWN_DATA = (FOLDER, TABLE_FILE)


@dataclass(frozen=True)
class TrainedKind:
    """How one kind of input is trained on.

    Attributes:
        architectures: networks that read it, by name.
        datasets: titles of its labelled data, by name.
        format: what a run keeps of how its network reads.
        load: the function that reads and parts a run's data, as module:name; takes a Config, a device and a Report,
            and returns TrainingData.
        without: settings of a run that mean nothing here.
        among: highest logits among which the right one counts as told; more than one where what is read does not tell
            which of several it is, so that nobody is right of all.
    """

    architectures: Mapping[str, Architecture]
    datasets: Mapping[str, str]
    format: type[InputFormat]
    load: str
    without: frozenset[str] = frozenset()
    among: int = 1


# By the names of models.kinds.
TRAINED: dict[str, TrainedKind] = {
    PICTURES: TrainedKind(
        ARCHITECTURES,
        {name: dataset.title for name, dataset in DATASETS.items()} | {FOLDER: "a folder of your own"},
        PictureFormat,
        "models.training.pictures:load",
    ),
    TEXT: TrainedKind(
        TEXT_ARCHITECTURES,
        {name: texts.title for name, texts in TEXT_SETS.items()},
        TextFormat,
        "models.training.texts:load",
        frozenset({"image_size", "augmentation"}),
    ),
    TABLE: TrainedKind(
        TABLE_ARCHITECTURES,
        {name: table.title for name, table in TABLE_SETS.items()} | {TABLE_FILE: "a table of your own"},
        TableFormat,
        "models.training.tables:load",
        frozenset({"image_size", "augmentation"}),
    ),
    HISTORY: TrainedKind(
        HISTORY_ARCHITECTURES,
        {name: histories.title for name, histories in HISTORY_SETS.items()},
        HistoryFormat,
        "models.training.histories:load",
        frozenset({"image_size", "augmentation"}),
        among=COUNT,
    ),
}


def kind_of(architecture: str) -> str:
    """The kind of input that a network of that name reads."""
    return next(reads for reads, kind in TRAINED.items() if architecture in kind.architectures)
