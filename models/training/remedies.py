"""What to change about a run that does not learn as it should; each remedy is one change of its settings."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.training.config import Config
from models.training.setting import Value

# A network that can memorise less, for each that has one here.
SMALLER = {"mlp": "lenet5", "vit": "cnn", "cnn": "resnet"}
# One that sees pictures as pictures, for those that do not.
STRONGER = {"mlp": "cnn", "lenet5": "cnn", "vit": "cnn"}


@dataclass(frozen=True)
class Remedy:
    """One thing to try.

    Attributes:
        title: in few words.
        reason: one sentence.
        changes: settings of the new run, name -> value.
    """

    title: str
    reason: str
    changes: Mapping[str, Value]

    def apply_to(self, config: Config) -> Config:
        """The configuration with this one thing changed, as a run of its own."""
        changes: dict[str, Any] = {**self.changes, "fold": 0, "parent": ""}
        return dataclasses.replace(config, **changes)


def memorising_remedies(config: Config) -> tuple[Remedy, ...]:
    """What keeps a network from memorising, of that which this run does not do yet."""
    decay = config.weight_decay * 5 or (0.05 if config.optimizer == "adamw" else 0.0005)
    smaller = SMALLER.get(config.model, config.model)
    wanted = (
        Remedy("More data", "Learn from all pictures there are.", {"train_samples": 0}),
        Remedy(
            "Augmentation",
            "Pictures that are shifted and turned a little are almost as good as new ones.",
            {"augmentation": "affine" if config.augmentation == "none" else config.augmentation},
        ),
        Remedy(
            "Dropout",
            "No unit can rely on another that may be switched off.",
            {"dropout": round(min(0.7, max(config.dropout + 0.2, 0.3)), 2)},
        ),
        Remedy(
            "Weight decay",
            "Small weights make simple functions.",
            {"weight_decay": float(f"{min(decay, 1.0):.3g}")},
        ),
        Remedy(
            "Early stopping",
            "Stop when validation loss no longer falls; what comes after is memorising.",
            {"early_stopping": config.early_stopping or 3},
        ),
        Remedy("A smaller network", "What has fewer weights can memorise less.", {"model": smaller}),
    )
    return _only_changes(config, wanted)


def weakness_remedies(config: Config) -> tuple[Remedy, ...]:
    """What helps a network that does not even learn its own training pictures."""
    wanted = (
        Remedy(
            "Standard optimizer", "Adam at 0.001 rarely fails.", {"optimizer": "adam", "learning_rate": 0.001}
        ),
        Remedy("No dropout", "Every unit takes part in every step.", {"dropout": 0.0}),
        Remedy("No weight decay", "Weights may grow as they need to.", {"weight_decay": 0.0}),
        Remedy(
            "A stronger network",
            "Convolutions know that pictures have neighbours.",
            {"model": STRONGER.get(config.model, config.model)},
        ),
    )
    return _only_changes(config, (*wanted, *longer_training(config)))


def longer_training(config: Config) -> tuple[Remedy, ...]:
    """Twice the epochs."""
    epochs = min(2 * config.epochs, 100_000)
    return _only_changes(
        config, (Remedy("Twice the epochs", "It was still learning when it ended.", {"epochs": epochs}),)
    )


def _only_changes(config: Config, wanted: tuple[Remedy, ...]) -> tuple[Remedy, ...]:
    """Those that change something."""
    return tuple(
        remedy
        for remedy in wanted
        if any(getattr(config, name) != value for name, value in remedy.changes.items())
    )
