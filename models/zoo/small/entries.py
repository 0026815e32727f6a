"""The zoo's entries of the small networks: every architecture for every dataset that ships with the app."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from models.datasets import find_dataset
from models.runtime.progress import Report
from models.zoo.architecture import Architecture
from models.zoo.entry import Model
from models.zoo.small import ARCHITECTURES

if TYPE_CHECKING:
    from models.classifier import Classifier

# Dataset -> what its networks' names end in.
SUFFIXES = {"mnist-10k": "", "fashion-mnist-10k": "-fashion"}
# Made by `python -m models.training.shipped`.
FOLDER = Path(__file__).resolve().parents[3] / "assets" / "weights" / "small"
# The one that shows what a network says that has learned nothing: architecture and dataset.
UNTRAINED = "cnn", "mnist-10k"


def entries() -> tuple[Model, ...]:
    """One network per dataset and architecture, and one with random weights; what nobody trained yet has them too."""
    pairs = [(architecture, dataset) for dataset in SUFFIXES for architecture in ARCHITECTURES]
    models = [_entry(*pair, trained=file_of(name_of(*pair)).exists()) for pair in pairs]
    return (*models, _entry(*UNTRAINED, trained=False, ending="-untrained"))


def name_of(architecture: str, dataset: str) -> str:
    """The name of an architecture in the table that is trained on a dataset."""
    return architecture + SUFFIXES[dataset]


def file_of(name: str) -> Path:
    """The weights of a network of the table, and in the file's head what they were measured to reach."""
    return FOLDER / f"{name}.safetensors"


def _entry(architecture: str, dataset: str, *, trained: bool, ending: str = "") -> Model:
    known, name = ARCHITECTURES[architecture], name_of(architecture, dataset) + ending
    title = f"{known.title} ({find_dataset(dataset).title}{'' if trained else ', untrained'})"
    load = partial(
        _load_trained if trained else _load_untrained,
        architecture=known,
        dataset=dataset,
        name=name,
        title=title,
    )
    return Model(name=name, title=title, trained=trained, load=load, fits=dataset)


def _load_trained(
    _: Report, *, architecture: Architecture, dataset: str, name: str, title: str
) -> Classifier:
    from models.classifier import Classifier, frozen
    from models.zoo.embedded import build_with_weights
    from models.zoo.trained import read_trained

    fits, known = find_dataset(dataset), read_trained(file_of(name), architecture.paper)
    return Classifier(
        name=name,
        title=title,
        architecture=architecture.key,
        module=frozen(
            build_with_weights(
                lambda: architecture.build(len(fits.classes), fits.channels), known.weights.tensors
            )
        ),
        weights=known.weights,
        preprocessing=fits.preprocessing,
        classes=fits.classes,
        fits=dataset,
        provenance=known.provenance,
        trained=True,
    )


def _load_untrained(
    _: Report, *, architecture: Architecture, dataset: str, name: str, title: str
) -> Classifier:
    from models.classifier import Classifier, Provenance, Weights, frozen
    from models.runtime.randomness import fork_rng

    fits = find_dataset(dataset)
    with fork_rng(0):
        module = frozen(architecture.build(len(fits.classes), fits.channels))
    return Classifier(
        name=name,
        title=title,
        architecture=architecture.key,
        module=module,
        weights=Weights.of(module.state_dict(), source="random weights, seed 0"),
        preprocessing=fits.preprocessing,
        classes=fits.classes,
        fits=dataset,
        provenance=Provenance(source="Vitrine", licence="MIT", paper=architecture.paper),
        trained=False,
    )
