"""What the names in anybody's logs mean: which quantity, and of which split of the data."""

from __future__ import annotations

import re
from dataclasses import dataclass

# What people call a split -> the word that is shown.
SPLITS = {
    "train": "training",
    "training": "training",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "dev": "validation",
    "eval": "validation",
    "evaluation": "validation",
    "test": "test",
    "testing": "test",
}

# What people call a quantity -> the words that are shown.
QUANTITIES = {
    "loss": "loss",
    "acc": "accuracy",
    "accuracy": "accuracy",
    "top1": "accuracy",
    "lr": "learning rate",
    "learning_rate": "learning rate",
}

_SPLIT = "|".join(SPLITS)
_FIRST = re.compile(rf"({_SPLIT})[/_.\- ](.+)", re.IGNORECASE | re.DOTALL)  # train/loss, val_acc
_LAST = re.compile(rf"(.+)[/_.\- ]({_SPLIT})", re.IGNORECASE | re.DOTALL)  # Loss/train

# Layouts of names that say how often, or for what, a quantity is logged -> the words that are shown.
_LAYOUTS = (
    (re.compile(r"epoch_(.+)"), "{}"),  # Keras
    (re.compile(r"batch_(.+)"), "{} (step)"),  # Keras
    (re.compile(r"evaluation_(.+)_vs_iterations"), "{} (step)"),  # Keras
    (re.compile(r"(.+)_(step|epoch)"), "{} ({})"),  # Lightning
    (re.compile(r"(lr)-(.+)"), "{} ({})"),  # Lightning's monitor
)


@dataclass(frozen=True)
class TagLabel:
    """A tag in words.

    Attributes:
        title: of the chart that the curve belongs to; the tag itself where it is not known.
        split: "training", "validation", "test" or empty; names the curve in the chart.
    """

    title: str
    split: str


def is_split(name: str) -> bool:
    """Whether a folder's name says that it holds one split of a run."""
    return name.lower() in SPLITS


def tag_label(tag: str, part: str = "") -> TagLabel:
    """How a tag is shown: the chart that it belongs to, and its name there.

    Args:
        tag: any text.
        part: the folder within the run that it was logged to; empty for the run's own.
    """
    if part:
        return TagLabel(_title(tag), SPLITS.get(part.lower(), part))
    if match := _FIRST.fullmatch(tag):
        return TagLabel(_title(match[2]), SPLITS[match[1].lower()])
    if match := _LAST.fullmatch(tag):
        return TagLabel(_title(match[1]), SPLITS[match[2].lower()])
    return TagLabel(_title(tag), "")


def _title(name: str) -> str:
    for layout, words in _LAYOUTS:
        if match := layout.fullmatch(name):
            first, *others = match.groups()
            return words.format(QUANTITIES.get(first.lower(), first), *others)
    return QUANTITIES.get(name.lower(), name)
