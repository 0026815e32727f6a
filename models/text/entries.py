"""The table's networks for texts: every architecture for every labelled set that ships with the app."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from models.kinds import TEXT
from models.runtime.progress import Report
from models.text import TEXT_ARCHITECTURES, TEXT_SETS
from models.text.texts import LabelledTexts
from models.zoo.architecture import Architecture
from models.zoo.entry import Model

if TYPE_CHECKING:
    from models.text.classifier import TextClassifier

# Made by `python -m models.training.shipped`.
FOLDER = Path(__file__).resolve().parents[2] / "assets" / "weights" / "text"


def entries() -> tuple[Model, ...]:
    """One network per architecture and labelled set, of those that are trained."""
    return tuple(
        Model(
            name=architecture.name,
            title=f"{architecture.title} ({texts.title})",
            trained=True,
            load=partial(_load, architecture=architecture, texts=texts),
            fits=texts.name,
            reads=TEXT,
        )
        for texts in TEXT_SETS.values()
        for architecture in TEXT_ARCHITECTURES.values()
        if file_of(architecture.name).exists()
    )


def file_of(name: str) -> Path:
    """The weights of a network of the table; in the file's head its tokenizer and what it was measured to reach."""
    return FOLDER / f"{name}.safetensors"


def _load(_: Report, *, architecture: Architecture, texts: LabelledTexts) -> TextClassifier:
    from models.classifier import frozen
    from models.text.classifier import TextClassifier
    from models.text.tokenizer import Tokenizer
    from models.zoo.embedded import build_with_weights
    from models.zoo.trained import read_trained

    trained = read_trained(file_of(architecture.name), architecture.paper)
    tokenizer = Tokenizer.from_json(trained.format)
    module = build_with_weights(
        lambda: architecture.build(len(texts.classes), len(tokenizer)), trained.weights.tensors
    )
    return TextClassifier(
        name=architecture.name,
        title=f"{architecture.title} ({texts.title})",
        architecture=architecture.key,
        module=frozen(module),
        weights=trained.weights,
        classes=texts.classes,
        fits=texts.name,
        provenance=trained.provenance,
        trained=True,
        tokenizer=tokenizer,
    )
