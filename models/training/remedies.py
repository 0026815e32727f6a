"""What to change about a run that does not learn as it should; each remedy is one change of its settings."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.tensorboard.scalars import EPOCH_TOP1, VALIDATION_TOP1
from models.training.config import Config
from models.training.effect import Effect, effect, essence
from models.training.kinds import TRAINED
from models.training.runs import Run
from models.training.runs import status as states
from models.training.setting import Value

# A network that can memorise less, for each that has one here.
SMALLER = {
    "mlp": "lenet5",
    "vit": "cnn",
    "cnn": "resnet",
    "text_transformer": "text_bag",
    "text_cnn": "text_bag",
}
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


@dataclass(frozen=True)
class Outcome:
    """What one remedy did.

    Attributes:
        title: of the remedy.
        run: id of the run with it.
        gap: training minus validation accuracy at the end, in [-1, 1]; training accuracy is that of the last epoch, in
            which dropout and augmentation made pictures harder.
        gap_before: the same without the remedy.
        effect: on the accuracy, with its interval.
    """

    title: str
    run: str
    gap: float
    gap_before: float
    effect: Effect


def attempts(run: Run, remedies: Sequence[Remedy], others: Sequence[Run]) -> dict[str, Run]:
    """Title -> run, of the remedies that were tried: the newest run with each, whatever its seed.

    Args:
        run: that was changed.
        remedies: for it.
        others: runs among which the changed ones are looked for, the newest first.
    """
    changed = {essence(other.config): other for other in reversed(others) if other.origin == run.id}
    wanted = {remedy.title: essence(remedy.apply_to(run.config)) for remedy in remedies}
    return {title: changed[config] for title, config in wanted.items() if config in changed}


def outcomes(run: Run, remedies: Sequence[Remedy], others: Sequence[Run]) -> list[Outcome]:
    """What the remedies did that were tried and are trained, in their order; arguments as of `attempts`."""
    measured = []
    before = _gap(run)
    for title, changed in attempts(run, remedies, others).items():
        gap, change = _gap(changed), effect(run, changed, others)
        if before is not None and gap is not None and change is not None:
            measured.append(Outcome(title, changed.id, gap, before, change))
    return measured


def _gap(run: Run) -> float | None:
    status = run.status()
    if status.state != states.FINISHED or not {EPOCH_TOP1, VALIDATION_TOP1} <= status.latest.keys():
        return None
    return status.latest[EPOCH_TOP1] - status.latest[VALIDATION_TOP1]


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
    """Those that change something, of what means something to what is learned from."""
    without = TRAINED[config.reads].without
    return tuple(
        remedy
        for remedy in wanted
        if not without & remedy.changes.keys()
        and any(getattr(config, name) != value for name, value in remedy.changes.items())
    )
