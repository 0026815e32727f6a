"""A fresh network for a run's data."""

from __future__ import annotations

from torch import nn

from models.training.config import Config
from models.training.data import TrainingData


def build(config: Config, data: TrainingData) -> nn.Module:
    """A network in train mode, its weights drawn from torch's global generator.

    Raises:
        UserError: if the architecture cannot read what the data holds.
    """
    architecture = config.architecture
    network = data.format.build(architecture, data.outputs, dropout=config.dropout)
    data.format.check(network, architecture.title)
    return network
