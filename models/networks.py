"""Every network that an address can name: of the zoo's table or libraries, of a run, of a dropped checkpoint.

What ships is known, and tests try it; any other network is tried when it is loaded, before anybody looks at it.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Hashable
from functools import partial
from typing import TYPE_CHECKING

from models.checkpoints import as_networks as checkpoints
from models.photos.uploads import SCHEME
from models.runtime.progress import Report
from models.training import as_networks as runs
from models.zoo import MODELS, SOURCES
from models.zoo.entry import Model, unknown_network_error

if TYPE_CHECKING:
    from torch import Tensor

    from models.classifier import Classifier
    from models.contract import Contract
    from models.preprocessing import Preprocessing

# How an address starts -> who knows its network.
SCHEMES: dict[str, Callable[[str], Model]] = {runs.PREFIX: runs.find, SCHEME: checkpoints.find}
# Photos of a trial: enough to tell a batch from a picture, and an answer that moves from one that does not.
TRIAL_PHOTOS = 3
# What trials found, by all that determines it; a few numbers each.
_CONTRACTS: dict[Hashable, Contract] = {}
MOST_CONTRACTS = 512
# The names of the two sides of one logit, where nobody said any.
SIDES = ("no", "yes")


def find_network(name: str) -> Model:
    """The network of that name: of the table, of a library (`torchvision/vgg16`), a run (`run:<id>`) or an upload.

    Raises:
        UserError: if there is none.
    """
    if name in MODELS:
        return MODELS[name]
    entry = _find(name)
    return dataclasses.replace(entry, load=partial(_load_and_try, entry))


def _find(name: str) -> Model:
    for scheme, find in SCHEMES.items():
        if name.startswith(scheme):
            return find(name)
    library, slash, _ = name.partition("/")
    if slash and library in SOURCES:
        return SOURCES[library].find(name)
    raise unknown_network_error(name, tuple(MODELS))


def _load_and_try(entry: Model, report: Report) -> Classifier:
    return with_contract(entry.load(report))


def with_contract(classifier: Classifier) -> Classifier:
    """The same network, tried, which gives logits from now on whatever it gave before.

    Args:
        classifier: as its loader made it; nobody shares its module yet.

    Raises:
        UserError: if it cannot read its pictures, or gives no scores of classes.
    """
    from models.contract import measure_contract, with_logits

    key = (classifier.architecture, classifier.weights.key, classifier.preprocessing, len(classifier.classes))
    contract = _CONTRACTS.get(key)
    if contract is None:
        contract = measure_contract(
            classifier.module, trial_pictures(classifier.preprocessing), outputs=len(classifier.classes)
        )
        while len(_CONTRACTS) >= MOST_CONTRACTS:
            _CONTRACTS.pop(next(iter(_CONTRACTS)), None)
        _CONTRACTS[key] = contract
    return dataclasses.replace(
        classifier,
        module=with_logits(classifier.module, contract),
        classes=_class_names(classifier.classes, contract),
        contract=contract,
    )


def trial_pictures(preprocessing: Preprocessing) -> Tensor:
    """Some of the photos on board as a network reads them, (TRIAL_PHOTOS, C, H, W)."""
    import torch
    from PIL import Image

    from models.photos.samples import PHOTOS

    transforms = preprocessing.transforms()
    pictures = []
    for photo in itertools.islice(PHOTOS.values(), TRIAL_PHOTOS):
        with Image.open(photo.path) as picture:
            pictures.append(transforms(picture))
    return torch.stack(pictures)


def _class_names(classes: tuple[str, ...], contract: Contract) -> tuple[str, ...]:
    """One name per logit: both sides of a yes or no, and numbers where the network has another count than was said."""
    if contract.meaning == "yes or no":
        return classes if len(classes) == len(SIDES) else SIDES
    if len(classes) == contract.outputs:
        return classes
    return tuple(f"class {number}" for number in range(contract.outputs))
