"""The zoo's entries of the small networks: every architecture for every dataset that ships with the app."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from models.datasets import find
from models.progress import Report
from models.zoo.entry import Model
from models.zoo.small import ARCHITECTURES, Architecture

if TYPE_CHECKING:
    from models.classifier import Classifier

# Dataset -> what its networks' names end in.
SUFFIXES = {"mnist-10k": "", "fashion-mnist-10k": "-fashion"}


def entries() -> tuple[Model, ...]:
    """One untrained network per dataset and architecture."""
    return tuple(
        _entry(architecture, dataset) for dataset in SUFFIXES for architecture in ARCHITECTURES.values()
    )


def _entry(architecture: Architecture, dataset: str) -> Model:
    name = architecture.name + SUFFIXES[dataset]
    title = f"{architecture.title} ({find(dataset).title}, untrained)"
    load = partial(_load, architecture=architecture, dataset=dataset, name=name, title=title)
    return Model(name=name, title=title, trained=False, load=load, fits=dataset)


def _load(_: Report, *, architecture: Architecture, dataset: str, name: str, title: str) -> Classifier:
    from models.classifier import Classifier, Provenance, Weights, frozen
    from models.randomness import seeded

    fits = find(dataset)
    with seeded(0):
        module = frozen(architecture.build(len(fits.classes), fits.channels))
    return Classifier(
        name=name,
        title=title,
        module=module,
        weights=Weights.of(module.state_dict(), source="random weights, seed 0"),
        preprocessing=fits.preprocessing,
        classes=fits.classes,
        fits=dataset,
        provenance=Provenance(source="Vitrine", licence="MIT", paper=architecture.paper),
        trained=False,
    )
