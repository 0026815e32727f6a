"""What the names in anybody's logs mean: which quantity, and of which split of the data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

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
    "loss/total": "loss",
    "total_loss": "loss",
    "acc": "accuracy",
    "accuracy": "accuracy",
    "top1": "accuracy",
    "multiclassaccuracy": "accuracy",
    "binaryaccuracy": "accuracy",
    "multilabelaccuracy": "accuracy",
    "lr": "learning rate",
    "learning_rate": "learning rate",
}

# CatBoost's folder of what it learns from; in a tag it is no split ("learn_rate").
FOLDERS = SPLITS | {"learn": "training"}

_SPLIT, _FOLDERS = ("|".join(sorted(words, key=len, reverse=True)) for words in (SPLITS, FOLDERS))
_CAPITAL = "|".join(word.capitalize() for word in sorted(SPLITS, key=len, reverse=True))
_FOLDER = re.compile(rf"({_FOLDERS})(\d*)", re.IGNORECASE)  # CatBoost's second set is in a folder "test1"
# Where a tag says the split, and where the quantity; the first that fits holds. Tried on what skorch 1.4.0, Composer
# 0.32.1, XGBoost 3.2.0, Lightning 2.6.6, fastai 2.8.12, CatBoost 1.2.10 and Keras 3.15.1 really write.
_PLACES = tuple(
    re.compile(place, re.IGNORECASE | re.DOTALL)
    for place in (
        rf"Loss/(?P<split>{_SPLIT})_(?P<name>.+)",  # skorch: Loss/train_loss, and Loss/valid_acc
        rf"metrics/(?P<split>{_SPLIT})/(?P<name>.+)",  # Composer
        r"metrics/(?P<held_out>[^/]+)/(?P<name>(?-i:[A-Z])\w+)",  # Composer, of an evaluator that has a name
        r"(?P<set>validation_\d+)[-/_](?P<name>.+)",  # XGBoost: the first is often, not always, the training set
        rf"(?P<split>{_SPLIT})[/_.\- ](?P<name>.+)",  # train/loss, val_acc
        rf"(?P<name>.+)[/_.\- ](?P<split>{_SPLIT})",  # Loss/train
        rf"(?P<head>.+/)(?P<split>{_SPLIT})[/_](?P<name>.+)",  # Composer: loss/train/total
        rf"(?P<split>{_SPLIT})(?P<name>(?-i:[A-Z])\w*)",  # trainLoss
        rf"(?P<name>\w*(?-i:[a-z]))(?P<split>(?-i:{_CAPITAL}))",  # lossVal
    )
)
_SET = re.compile(r"(.+)/(dataloader_idx_\d+)", re.DOTALL)  # Lightning, of several loaders
_OF_SEVERAL = re.compile(r":\d+$")  # CatBoost's ending of the first of several sets, in a folder of its own

# Layouts of names that say how often, or for what, a quantity is logged -> the words that are shown.
_BY_EPOCH = re.compile(r"epoch_(.+)", re.DOTALL)  # Keras; its step is the epoch
_LAYOUTS = (
    (_BY_EPOCH, "{}"),
    (re.compile(r"batch_(.+)"), "{} (step)"),  # Keras
    (re.compile(r"evaluation_(.+)_vs_iterations"), "{} (step)"),  # Keras
    (
        re.compile(r"(.+)(?<!_in)_(step|epoch)"),
        "{} ({})",
    ),  # Lightning; Composer's "batch_in_epoch" is a count
    (re.compile(r"(lr)[-_](.+)"), "{} ({})"),  # Lightning's monitor, fastai
)


@dataclass(frozen=True)
class TagLabel:
    """A tag in words.

    Attributes:
        title: of the chart that the curve belongs to; the tag itself where it is not known.
        split: "training", "validation", "test" or empty; names the curve in the chart.
        detail: what else names the curve there: a set of data whose name does not tell its split.
    """

    title: str
    split: str
    detail: str = ""


def is_split(name: str) -> bool:
    """Whether a folder's name says that it holds one split of a run."""
    return _FOLDER.fullmatch(name) is not None


def counts_epochs(tag: str) -> bool:
    """Whether a tag says that its steps are epochs."""
    return _BY_EPOCH.fullmatch(tag) is not None


@lru_cache(maxsize=10_000)
def tag_label(tag: str, part: str = "") -> TagLabel:
    """How a tag is shown: the chart that it belongs to, and its name there.

    Args:
        tag: any text.
        part: the folder within the run that it was logged to; empty for the run's own.
    """
    if match := _FOLDER.fullmatch(part):
        title = _title(_OF_SEVERAL.sub("", tag))
        return TagLabel(title, FOLDERS[match[1].lower()], part if match[2] else "")
    if part:  # add_scalars("Loss", {"train_loss": ...}), or {"sin": ...}
        return TagLabel(_title(tag), _by_place(part).split or part)
    match = _SET.fullmatch(tag)
    return _by_place(*match.groups()) if match else _by_place(tag)


def _by_place(name: str, detail: str = "") -> TagLabel:
    """What a tag says by itself."""
    for place in _PLACES:
        if match := place.fullmatch(name):
            found = match.groupdict(default="")
            split = "validation" if "held_out" in found else SPLITS.get(found.get("split", "").lower(), "")
            title = _title(f"{found.get('head', '')}{found['name']}")
            return TagLabel(title, split, found.get("held_out") or found.get("set") or detail)
    return TagLabel(_title(name), "", detail)


def _title(name: str) -> str:
    for layout, words in _LAYOUTS:
        if match := layout.fullmatch(name):
            first, *others = match.groups()
            return words.format(QUANTITIES.get(first.lower(), first), *others)
    return QUANTITIES.get(name.lower(), name)
