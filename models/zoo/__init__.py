"""The one table of networks, and the libraries whose networks are found by name."""

from __future__ import annotations

from collections.abc import Iterable

from models.zoo import embedded, timm_models, torchvision_models
from models.zoo.entry import Model, Source
from models.zoo.small.entries import entries as small_entries


def table(models: Iterable[Model]) -> dict[str, Model]:
    """Models by name, in their order.

    Raises:
        ValueError: if two have the same name.
    """
    named: dict[str, Model] = {}
    for model in models:
        if model.name in named:
            raise ValueError(f"two networks are called {model.name!r}; give one of them another name")
        named[model.name] = model
    return named


MODELS: dict[str, Model] = table((*embedded.entries(), *small_entries()))
DEFAULT = "efficientnet_lite0"
SOURCES: dict[str, Source] = {"torchvision": torchvision_models, "timm": timm_models}
