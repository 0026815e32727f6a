"""Every classification network of torchvision, with the weights that torchvision itself would choose."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from functools import cache, partial
from typing import TYPE_CHECKING

from models.preprocessing import Preprocessing
from models.runtime.download import hub_checkpoint
from models.runtime.progress import Report
from models.zoo.entry import Model, unknown_network_error

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor, nn
    from torchvision.models import WeightsEnum

    from models.classifier import Classifier, Provenance

title = "torchvision"
PREFIX = "torchvision/"


@cache
def names() -> tuple[str, ...]:
    """All names, each with the library's prefix."""
    from torchvision import models

    return tuple(PREFIX + name for name in models.list_models(module=models))


def find(name: str) -> Model:
    """The entry of that name.

    Raises:
        UserError: if torchvision has no classification network of that name.
    """
    if name not in names():
        raise unknown_network_error(name, names())
    model_title = f"{name.removeprefix(PREFIX)} ({title})"
    return Model(name, model_title, trained=True, load=partial(_load, name, model_title), on_board=False)


def default_weights(name: str) -> WeightsEnum:
    """The WeightsEnum member that torchvision calls DEFAULT for a listed network."""
    from torchvision import models

    return models.get_model_weights(name.removeprefix(PREFIX)).DEFAULT


def preprocessing(weights: WeightsEnum) -> Preprocessing:
    """What a WeightsEnum member does to a picture."""
    preset = weights.transforms()
    (crop,), (resize,) = preset.crop_size, preset.resize_size
    return Preprocessing(
        size=(crop, crop),
        resize=resize,
        mean=tuple(preset.mean),
        std=tuple(preset.std),
        interpolation=preset.interpolation.value,
    )


def _load(name: str, model_title: str, report: Report) -> Classifier:
    from models.classifier import Classifier, Weights, architecture_of, frozen
    from models.datasets.names import PHOTOS
    from models.runtime.randomness import fork_rng

    weights = default_weights(name)
    path = hub_checkpoint(weights.url, report)
    with fork_rng(0):
        module = frozen(_build(name, weights, _tensors(path)))
    return Classifier(
        name=name,
        title=model_title,
        # A builder suits itself to the weights it is asked for.
        architecture=architecture_of("torchvision", name.removeprefix(PREFIX), weights=str(weights)),
        module=module,
        weights=Weights.of(module.state_dict(), source=path.name),
        preprocessing=preprocessing(weights),
        classes=tuple(weights.meta["categories"]),
        fits=PHOTOS,
        provenance=_provenance(weights),
        trained=True,
    )


def _tensors(path: Path) -> Mapping[str, Tensor]:
    """The tensors of a checkpoint; nothing else in it is unpickled."""
    import torch

    # The oldest checkpoints were written before torch's zip format, and only that can be mapped into memory.
    tensors: Mapping[str, Tensor] = torch.load(
        path, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(path)
    )
    return tensors


def _build(name: str, weights: WeightsEnum, tensors: Mapping[str, Tensor]) -> nn.Module:
    """The network that torchvision's own builder makes of these tensors.

    A builder suits itself to its weights (auxiliary heads, scaled input, keys renamed since) and reads them
    through `weights.get_state_dict`, which would unpickle anything. A double of the enum member hands it the
    tensors instead.
    """
    from torchvision import models

    double = object.__new__(type(weights))
    vars(double).update(vars(weights), get_state_dict=lambda **_: tensors)
    module: nn.Module = models.get_model(name.removeprefix(PREFIX), weights=double)
    return module


def _provenance(weights: WeightsEnum) -> Provenance:
    from models.classifier import Provenance

    return Provenance(
        source=f"torchvision, {weights}",
        licence=weights.meta.get("license", "code BSD-3-Clause; weights as published by torchvision"),
        trained_on="ImageNet-1k",
        accuracy=weights.meta["_metrics"]["ImageNet-1K"]["acc@1"] / 100,
    )
