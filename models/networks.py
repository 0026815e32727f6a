"""Every network that an address can name: of the tables or libraries, of a run, of a dropped checkpoint.

What ships is known, and tests try it, and what reads no pictures is of our own making; any other network is tried when
it is loaded, before anybody looks at it.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Hashable
from functools import partial
from typing import TYPE_CHECKING

from models.checkpoints import as_networks as checkpoints
from models.checkpoints import shipped
from models.history import entries as histories
from models.kinds import PICTURES
from models.meaning import SIDES
from models.photos.uploads import SCHEME
from models.runtime.errors import UserError
from models.runtime.progress import Report
from models.table import entries as tables
from models.text import entries as texts
from models.training import as_networks as runs
from models.zoo import MODELS, SOURCES, table
from models.zoo.entry import Model, unknown_network_error

if TYPE_CHECKING:
    from torch import Tensor

    from models.classifier import Classifier
    from models.contract import Contract
    from models.preprocessing import Preprocessing

# How an address starts -> who knows its network.
SCHEMES: dict[str, Callable[[str], Model]] = {runs.PREFIX: runs.find, SCHEME: checkpoints.find}
# Every network that ships: the zoo's, files of other frameworks, which are tried as anybody's are, and those that read
# no pictures.
ON_BOARD: dict[str, Model] = table(
    (*MODELS.values(), *shipped.entries(), *texts.entries(), *tables.entries(), *histories.entries())
)
COLOURS = 3
# Photos of a trial: enough to tell a batch from a picture, and an answer that moves from one that does not.
TRIAL_PHOTOS = 3
# What trials found, or the sentence of a refusal, by all that determines it; a few numbers each.
_CONTRACTS: dict[Hashable, Contract | str] = {}
MOST_CONTRACTS = 512
# Of a trial, whose progress is told in parts done of so many.
PARTS = 100


def find_network(name: str) -> Model:
    """The network of that name: of the table, of a library (`torchvision/vgg16`), a run (`run:<id>`) or an upload.

    Raises:
        UserError: if there is none.
    """
    if name in MODELS:
        return MODELS[name]
    entry = ON_BOARD.get(name) or _find(name)
    if entry.reads != PICTURES:
        return entry
    return dataclasses.replace(entry, load=partial(_load, entry))


def on_board(reads: str) -> tuple[str, ...]:
    """Names of the networks that ship and read that kind of input; the first is the one to begin with."""
    return tuple(name for name, entry in ON_BOARD.items() if entry.reads == reads)


def _load(entry: Model, report: Report) -> Classifier:
    """The network of an entry, tried."""
    return with_contract(entry.load(report), lambda share: report(round(PARTS * share), PARTS))


def _find(name: str) -> Model:
    for scheme, find in SCHEMES.items():
        if name.startswith(scheme):
            return find(name)
    library, slash, _ = name.partition("/")
    if slash and library in SOURCES:
        return SOURCES[library].find(name)
    raise unknown_network_error(name, tuple(ON_BOARD))


def with_contract(classifier: Classifier, report: Callable[[float], None] = lambda share: None) -> Classifier:
    """The same network, tried, which gives logits from now on whatever it gave before.

    Args:
        classifier: as its loader made it; nobody shares its module yet.
        report: told the share done of its trial, in [0, 1]; may raise to cancel.

    Raises:
        UserError: if it cannot read its pictures, or gives no scores of classes.
    """
    from models.head import with_logits

    claims, reads = classifier.claims, classifier.preprocessing
    said = (claims.outputs or len(classifier.classes), claims.meaning, claims.member, claims.channels)
    key = (classifier.architecture, classifier.weights.key, reads, said)
    tried = _CONTRACTS.get(key)
    if tried is None:
        try:
            tried = _try(classifier, report)
        except UserError as refusal:
            tried = str(refusal)
        while len(_CONTRACTS) >= MOST_CONTRACTS:
            _CONTRACTS.pop(next(iter(_CONTRACTS)), None)
        _CONTRACTS[key] = tried
    if isinstance(tried, str):
        raise UserError(f"{classifier.title} is not shown: {tried}")
    if claims.channels == "assumed":
        claims = dataclasses.replace(claims, channels="measured")
    return dataclasses.replace(
        classifier,
        module=with_logits(classifier.module, tried),
        preprocessing=reads.with_channels(tried.given[0]),
        classes=_class_names(classifier, tried),
        contract=tried,
        claims=claims,
    )


def _try(classifier: Classifier, report: Callable[[float], None]) -> Contract:
    """What a trial finds; of grey pictures where it cannot read colours, and the other way round.

    Raises:
        UserError: if it reads neither, or gives no scores of classes.
    """
    from models.trial import UnreadableError, measure_contract

    reads, claims = classifier.preprocessing, classifier.claims
    outputs = claims.outputs or len(classifier.classes) or None

    def measure(preprocessing: Preprocessing) -> Contract:
        contract = measure_contract(
            classifier.module,
            trial_pictures(preprocessing),
            outputs=outputs,
            meaning=claims.meaning,
            member=claims.member,
            report=report,
        )
        return contract if claims.meaning is None else dataclasses.replace(contract, basis=claims.meant)

    try:
        return measure(reads)
    except UnreadableError as refusal:
        if claims.channels == "said by a person":
            raise
        try:
            return measure(reads.with_channels(1 if reads.channels == COLOURS else COLOURS))
        except UserError:
            raise _unreadable_error(classifier, refusal) from refusal


def _unreadable_error(classifier: Classifier, refusal: UserError) -> UserError:
    """The sentence for a network that reads neither colours nor grey; says how many channels, where its layers do."""
    from torch import nn

    layers = (layer for layer in classifier.module.modules() if isinstance(layer, nn.Conv2d))
    channels = next((layer.in_channels for layer in layers), COLOURS)
    if channels in (1, COLOURS):
        return refusal
    return UserError(
        f"Its first layer reads {channels} channels and pictures have 1 or {COLOURS}; say under Your checkpoint what "
        "each of them holds."
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


def _class_names(classifier: Classifier, contract: Contract) -> tuple[str, ...]:
    """One name per logit: both sides of a yes or no, and numbers where nobody said as many names as there are."""
    classes, outputs = classifier.classes, contract.outputs
    if contract.meaning == "yes or no":
        return classes if len(classes) == len(SIDES) else SIDES
    if len(classes) == outputs and not (
        contract.reading == "values" and classifier.claims.classes == "assumed"
    ):
        return classes
    return tuple(
        f"{'value' if contract.reading == 'values' else 'class'} {number}" for number in range(outputs)
    )
