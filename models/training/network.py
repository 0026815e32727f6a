"""A fresh network for a run's data, and how its weights become a Classifier."""

from __future__ import annotations

import torch
from torch import nn

from models.datasets.entry import Dataset
from models.runtime.errors import UserError
from models.training.config import Config


def build(config: Config, dataset: Dataset) -> nn.Module:
    """A network in train mode, its weights drawn from torch's global generator.

    Raises:
        UserError: if the architecture cannot read pictures of this size.
    """
    architecture = config.architecture
    network = architecture.build(len(dataset.classes), dataset.channels, config.dropout)
    height, width = dataset.size
    try:
        _shape_of(network, (1, dataset.channels, height, width))
    except RuntimeError as error:
        raise UserError(
            f"{architecture.title} cannot read pictures of {height} x {width} pixels; "
            "set Image size (image_size) to 28, or choose another network."
        ) from error
    return network


def _shape_of(network: nn.Module, shape: tuple[int, ...]) -> torch.Size:
    """The shape of its logits, found without computing or drawing anything."""
    import copy

    ghost = copy.deepcopy(network).to("meta").eval()
    with torch.no_grad():
        size: torch.Size = ghost(torch.empty(shape, device="meta")).shape
    return size
