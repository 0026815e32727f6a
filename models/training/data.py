"""What a run learns from and is measured on."""

from __future__ import annotations

import dataclasses
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from models.datasets.split import Indices
from models.runtime.errors import UserError
from models.runtime.progress import Report, silent
from models.training.config import Config
from models.training.examples import Examples, Rows
from models.training.formats import InputFormat
from models.training.kinds import TRAINED
from models.training.objective import CLASSES, Objective
from models.training.runs.facts import Facts


@dataclass(frozen=True, eq=False)
class TrainingData:
    """The parts of a labelled set, ready to take batches from.

    Attributes:
        title: of the set.
        fits: name under which the zoo knows what a network reads that learns from it.
        classes: one name per class index; none where the targets are numbers.
        format: what a run must keep to make inputs as these again.
        train: what is learned from.
        validation: kept back, never learned from.
        test: looked at once, at the end; None where the set has none.
        prepare: what is taken of a part -> what the network reads.
        vary: what is taken to learn from -> the same varied, anew each time; None where it is always the same.
        objective: what a network is trained for.
        remarks: what is to be said of the data and of how it was parted, a sentence each.
        unreadable: says which files have proved to be of no use so far; empty where all are.
    """

    title: str
    fits: str
    classes: tuple[str, ...]
    format: InputFormat
    train: Examples
    validation: Examples
    test: Examples | None
    prepare: Callable[[Tensor], Tensor]
    vary: Callable[[Tensor], Tensor] | None = None
    objective: Objective = CLASSES
    remarks: tuple[str, ...] = ()
    unreadable: Callable[[], str] = lambda: ""

    @property
    def outputs(self) -> int:
        """Numbers that an example gets: one per class, or one."""
        return len(self.classes) or 1


def load(config: Config, device: torch.device, report: Report = silent) -> TrainingData:
    """Read, part and move a run's data.

    Raises:
        UserError: if it cannot be had, or there is too little.
    """
    data: TrainingData = pkgutil.resolve_name(TRAINED[config.reads].load)(config, device, report)
    return dataclasses.replace(data, train=_mislabel(data, config)) if config.label_noise else data


def _mislabel(data: TrainingData, config: Config) -> Rows:
    """What is learned from with as many wrong labels as a run asks for. Raises UserError where there can be none."""
    if not data.classes:
        raise UserError(
            f"Label noise (label_noise) is about classes, and {data.title} has numbers; leave it out."
        )
    if not isinstance(data.train, Rows):
        raise UserError(
            "Label noise (label_noise) needs pictures that fit into memory; choose smaller ones or fewer."
        )
    targets = mislabel(
        data.train.targets.cpu().numpy(),
        classes=len(data.classes),
        share=config.label_noise,
        seed=config.noise_seed or config.seed,
    )
    return dataclasses.replace(data.train, targets=torch.from_numpy(targets).to(data.train.targets.device))


def mislabel(labels: Indices, *, classes: int, share: float, seed: int) -> Indices:
    """Labels of which a part is wrong: each of those is another class, as likely as any.

    Args:
        labels: class indices, (N,).
        classes: how many there are.
        share: that is wrong, in [0, 1].
        seed: of which, and of what they become.
    """
    draws = np.random.default_rng(seed)
    wrong = draws.permutation(len(labels))[: round(share * len(labels))]
    noisy = labels.copy()
    noisy[wrong] = (labels[wrong] + draws.integers(1, max(2, classes), len(wrong))) % classes
    return noisy


def facts(data: TrainingData) -> Facts:
    """What there is to know of a run's data without its contents."""
    parts = {"train": data.train, "validation": data.validation, "test": data.test}
    return Facts(
        title=data.title,
        fits=data.fits,
        classes=data.classes,
        format=data.format,
        counts={name: len(part) for name, part in parts.items() if part is not None},
        remarks=data.remarks,
    )


def device_of(name: str) -> torch.device:
    """The device that a configuration names. Raises UserError where this machine has none. GPUs are untested."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    available = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if not available[name]:
        raise UserError(f"Device (device) cannot be {name}: this machine has none; choose auto or cpu.")
    return torch.device(name)
