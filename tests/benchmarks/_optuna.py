"""Trains trials as optuna's example for PyTorch does: `python -m tests.benchmarks._optuna TRIALS`.

TRIALS is a JSON file: the settings that all share, and of each trial its own and the epochs after which it ended. One
study asks for the trials in turn; each reads the data through a DataLoader, as PyTorch's tutorial trains, and reports
its validation accuracy after each epoch. Where ours gave a trial up, it is pruned, so that both do the same work.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import optuna
import torch
from torch import nn
from torch.utils.data import DataLoader, Subset

from models.datasets.entry import Arrays
from models.runtime.progress import silent
from models.training.config import Config
from models.training.pictures import dataset_of
from tests.benchmarks._tutorial import Tutorial


def _objective(trial: optuna.Trial, config: Config, epochs: int) -> float:
    for name in ("learning_rate", "dropout"):
        trial.suggest_float(name, 0.0, 1.0)
    dataset = dataset_of(config)
    images = dataset.load(silent)
    assert isinstance(images, Arrays)
    parts = config.split(images.labels("train"))
    everything = Tutorial(images, dataset.counts["train"], dataset)
    train = DataLoader(Subset(everything, parts.train.tolist()), batch_size=config.batch_size, shuffle=True)
    validation = DataLoader(Subset(everything, parts.validation.tolist()), batch_size=config.batch_size)
    module = config.architecture.build(len(dataset.classes), dataset.channels, dropout=config.dropout)
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(module.parameters(), lr=config.learning_rate)
    accuracy = 0.0
    for epoch in range(epochs):
        module.train()
        for inputs, targets in train:
            optimizer.zero_grad()
            criterion(module(inputs), targets).backward()
            optimizer.step()
        module.eval()
        with torch.no_grad():
            right = sum(int((module(inputs).argmax(1) == targets).sum()) for inputs, targets in validation)
        accuracy = right / len(parts.validation)
        trial.report(accuracy, epoch)
    if epochs < config.epochs:
        raise optuna.TrialPruned
    return accuracy


def main(path: Path) -> None:
    """Run the study."""
    content: dict[str, Any] = json.loads(path.read_text())
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize")
    trials = iter(content["trials"])
    for trial in content["trials"]:
        study.enqueue_trial(trial["values"])

    def objective(trial: optuna.Trial) -> float:
        own = next(trials)
        return _objective(trial, Config(**{**content["shared"], **own["values"]}), own["epochs"])

    study.optimize(objective, n_trials=len(content["trials"]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
