"""A dropped checkpoint as a network of the zoo: `upload:<digest>`, or `upload:<digest>@<what was said of it>`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from models.checkpoints import architectures, index
from models.checkpoints.choice import MEANINGS, USUAL, name_count
from models.checkpoints.custom_head import ACTIVATION, HEAD
from models.checkpoints.known import Match
from models.checkpoints.limits import RefusalError
from models.checkpoints.recognition import Difference, Recognition, classes_of, difference
from models.checkpoints.safetensors_header import Header
from models.checkpoints.signature import plain, wrappings
from models.checkpoints.small_stem import STEM, STEMS
from models.checkpoints.store import CHECKPOINTS, StoredCheckpoint
from models.datasets.names import PHOTOS
from models.meaning import Basis, Claims
from models.parametrisations import effective_shapes
from models.preprocessing import Preprocessing
from models.runtime.errors import UserError
from models.runtime.progress import Report
from models.zoo.entry import Model
from models.zoo.small import ACTIVATIONS

if TYPE_CHECKING:
    from torch import Tensor, nn

    from models.classifier import Classifier, Weights

IMAGENET_CLASSES = 1000
# The digits that tell a checkpoint from others on the page.
SHOWN = 6


def find_checkpoint(address: str, owner: str | None = None) -> StoredCheckpoint:
    """The checkpoint of an address.

    Args:
        address: as typed by anybody.
        owner: who asks; only they see the name of the file they dropped.

    Raises:
        UserError: if this server does not hold it.
    """
    checkpoint = CHECKPOINTS.find(address, owner)
    if checkpoint is None:
        raise UserError(
            "The checkpoint of this link was dropped on another server, or too long ago; drop it again to see it."
        )
    return checkpoint


def find(address: str) -> Model:
    """The network that a checkpoint is.

    Raises:
        UserError: if this server does not hold it, no architecture matches, or a person must choose between several.
    """
    checkpoint = find_checkpoint(address)
    match, said = chosen_match(checkpoint), checkpoint.choice.activation
    stated = {name: word for name, word in {ACTIVATION: said, STEM: checkpoint.choice.stem}.items() if word}
    options = architectures.with_size({**match.row.options, **stated}, checkpoint.choice.size)
    match = replace(match, row=replace(match.row, options=options))
    changed = f" with {ACTIVATIONS[said].title}" if said else ""
    title = f"{architectures.title(match.row.name)}{changed}, checkpoint {checkpoint.upload.digest[:SHOWN]}"
    return Model(
        name=address,
        title=title,
        trained=is_trained(checkpoint),
        load=partial(_load, checkpoint=checkpoint, match=match, name=address, title=title),
        fits=_fits(match),
        key=checkpoint.address,
    )


def chosen_match(checkpoint: StoredCheckpoint) -> Match:
    """The architecture that is used.

    Raises:
        UserError: if none matches, or a person must choose between several.
    """
    match = checkpoint.match
    if match is not None:
        return match
    if checkpoint.channels and not checkpoint.choice.planes:
        raise UserError(
            f"The first layer of this checkpoint reads {checkpoint.channels} channels; say under Your checkpoint what "
            "each of them holds."
        )
    if checkpoint.recognition.matches:
        raise UserError(
            f"{len(checkpoint.recognition.matches)} networks have tensors of these names and shapes; choose one "
            "under Your checkpoint."
        )
    raise UserError(
        "No network that is known here has tensors of these names and shapes, so nothing is predicted; see under "
        "Your checkpoint what is missing or left over."
    )


def weights(address: str) -> Weights:
    """The tensors of a checkpoint in their own dtypes, mapped from its file, whatever architecture they belong to.

    Raises:
        UserError: if this server does not hold it.
    """
    from models.classifier import Weights

    checkpoint = find_checkpoint(address)
    tensors = _tensors(checkpoint)
    matches = checkpoint.recognition.matches
    names = matches[0].names if matches else {plain(name): name for name in tensors}
    stored = Weights(
        tensors=tensors,
        digest=checkpoint.origin.digest,
        source=f"checkpoint {checkpoint.upload.digest[:SHOWN]}, {checkpoint.origin.kind}",
    )
    # Its network has weights where the file has what they are computed from.
    used = stored if tensors.keys() >= set(names.values()) else stored.effective
    missing = next((full for full in names.values() if full not in used.tensors), None)
    if missing is not None:
        raise UserError(f"{checkpoint.upload.name} does not hold all that {missing} is computed from.")
    inner = {full: name for name, full in names.items()}
    return replace(
        used,
        tensors={name: used.tensors[full] for name, full in names.items()},
        computed=tuple(
            replace(weight, name=inner[weight.name]) for weight in used.computed if weight.name in inner
        ),
    )


def nearest(checkpoint: StoredCheckpoint) -> tuple[str, Difference] | None:
    """Title of the architecture that shares most with a checkpoint that none matches, and how they differ.

    The operator's own come first: one was named because it is meant.
    """
    return _nearest_own(checkpoint.header) or _nearest(checkpoint.recognition, checkpoint.header)


def _nearest_own(header: Header) -> tuple[str, Difference] | None:
    """As nearest(), of the architectures that the operator named."""
    differences = [
        (
            architectures.title(row.name),
            difference(
                header.shapes,
                index.shapes_of(row.name, classes_of(row, header.shapes, prefix), row.options),
                prefix,
            ),
        )
        for row in index.current_index().rows
        if row.name.startswith(f"{architectures.OWN}/")
        for prefix, _ in wrappings(header.shapes)
    ]
    return max(differences, key=lambda pair: pair[1].shared, default=None)


@lru_cache(maxsize=32)
def _nearest(recognition: Recognition, header: Header) -> tuple[str, Difference] | None:
    """As nearest(); kept, because an architecture is built for it, whose library may take seconds to import."""
    if recognition.nearest is None:
        return None
    row, prefix = recognition.nearest
    shapes = effective_shapes(header.shapes)
    wanted = index.shapes_of(row.name, classes_of(row, shapes, prefix), row.options)
    return architectures.title(row.name), difference(shapes, wanted, prefix)


def is_trained(checkpoint: StoredCheckpoint) -> bool:
    """Whether its normalisations have moved from where every training starts.

    Running means of 0 and variances of 1, or, where there are none, scales of 1 throughout: nobody trained it. True
    where it normalises nothing, since nobody can tell.
    """
    return _is_trained(checkpoint.path, checkpoint.origin.digest)


@lru_cache(maxsize=64)
def _is_trained(path: Path, digest: str) -> bool:
    """As is_trained(); kept, because every page asks. The digest tells a file from an earlier one in its place."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="pt") as file:
            lists = [name for name in file.keys() if len(file.get_slice(name).get_shape()) == 1]  # noqa: SIM118
            running = [name for name in lists if name.endswith(("running_mean", "running_var"))]
            start = {name: 0.0 if name.endswith("mean") else 1.0 for name in running}
            start = start or {name: 1.0 for name in lists if name.endswith("weight")}
            return not start or any(
                bool((file.get_tensor(name) != value).any()) for name, value in start.items()
            )
    except (OSError, SafetensorError):
        # Gone meanwhile: whoever loads it is told.
        return True


def preprocessing(checkpoint: StoredCheckpoint, match: Match) -> Preprocessing:
    """What is done to a picture: as published or the architecture's usual, with what was said in its place."""
    entry = checkpoint.entry
    if entry is not None and entry.architecture == match.row.name:
        return checkpoint.choice.preprocessing(architectures.published_preprocessing(entry))
    return checkpoint.choice.preprocessing(
        architectures.usual_preprocessing(match.row.name, match.row.options)
    )


def claims(checkpoint: StoredCheckpoint, match: Match) -> Claims:
    """What is said of a checkpoint, by whom."""
    choice = checkpoint.choice
    entry = checkpoint.entry
    told = entry is not None and entry.architecture == match.row.name

    activation = choice.activation or architectures.activation_of(match.row.name, match.row.options)
    network = match.row.options.get(architectures.NETWORK)
    fixed = network is not None and network.tells_size
    prepares, usual = network is not None and network.prepares, choice.normalisation == USUAL

    headless = HEAD in match.row.options and not match.row.options[HEAD].layers
    meaning = MEANINGS[choice.meaning][1]

    def ground(said: object) -> Basis:
        return "said by a person" if said else "told by the file" if told else "assumed"

    return Claims(
        outputs=match.classes or None,
        # What a network without a head gives are its features.
        meaning="values" if headless and meaning is None else meaning,
        meant="told by the file" if headless and meaning is None else "said by a person",
        member=choice.member,
        size="told by the file"
        if fixed and not choice.size
        else ground(choice.size or choice.resize != USUAL),
        channels="told by the file" if network is not None and not choice.holds else ground(choice.holds),
        normalisation="told by the file" if prepares and usual else ground(not usual),
        classes="told by the file"
        if told_classes(checkpoint, match) and not choice.classes
        else ground(choice.classes),
        activation=f"{ACTIVATIONS[activation].title}{' in its head' * (HEAD in match.row.options)}"
        if activation
        else "",
        activated=ground(choice.activation),
        stem=STEMS[match.row.options[STEM]].title if STEM in match.row.options else "",
        stemmed=ground(choice.stem),
    )


def classes(checkpoint: StoredCheckpoint, match: Match) -> tuple[str, ...]:
    """The names that were said; else those in the file; else ImageNet's where there are 1000; else numbers."""
    named = checkpoint.choice.classes or told_classes(checkpoint, match)
    if named:
        return named
    if match.classes == IMAGENET_CLASSES:
        from models.datasets.imagenet import imagenet_classes

        return imagenet_classes()
    return tuple(f"class {number}" for number in range(match.classes))


def told_classes(checkpoint: StoredCheckpoint, match: Match) -> tuple[str, ...]:
    """The names in the file that are as many as its network's classes; none where there are no such."""
    count = name_count(match.classes, checkpoint.choice.meaning)
    return next((names for names in checkpoint.origin.classes if len(names) == count), ())


def _fits(match: Match) -> str:
    """The dataset whose pictures it reads, as far as its input tells."""
    if match.row.options.get("channels") != 1:
        return PHOTOS
    from models.datasets.embedded import MNIST_10K

    return MNIST_10K.name


def _tensors(checkpoint: StoredCheckpoint) -> Mapping[str, Tensor]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        tensors: dict[str, Tensor] = load_file(checkpoint.path)
    except (OSError, SafetensorError):
        raise UserError(
            f"{checkpoint.upload.name} is no longer kept on this server; drop it again."
        ) from None
    return tensors


def _load(_: Report, *, checkpoint: StoredCheckpoint, match: Match, name: str, title: str) -> Classifier:
    from models.classifier import Classifier, Provenance, frozen

    tensors = weights(checkpoint.address)
    return Classifier(
        name=name,
        title=title,
        architecture=architectures.identity(match.row.name, match.row.options),
        module=frozen(_build_network(match, tensors.tensors, title)),
        weights=tensors,
        preprocessing=preprocessing(checkpoint, match),
        classes=classes(checkpoint, match),
        fits=_fits(match),
        provenance=Provenance(
            source="a dropped checkpoint", licence="yours", trained_on="data that only its maker knows"
        ),
        trained=is_trained(checkpoint),
        claims=claims(checkpoint, match),
    )


def _build_network(match: Match, tensors: Mapping[str, Tensor], title: str) -> nn.Module:
    """The architecture with these weights, in float32.

    Raises:
        UserError: if a weight is missing, left over or of another shape, or the network cannot run.
    """
    from models.checkpoints.building import build_with_weights
    from models.runtime.foreign import own_words

    try:
        return build_with_weights(match, tensors)
    except RefusalError as refusal:
        raise UserError(f"{title} {refusal}.") from refusal
    except Exception as error:
        if match.row.name.startswith(f"{architectures.OWN}/"):
            raise UserError(
                f"{title} cannot be put together: {type(error).__name__}, {own_words(error)}."
            ) from error
        if not isinstance(error, RuntimeError | TypeError):
            raise
        raise UserError(
            f"{title} cannot be put together: the installed version of its library builds it otherwise; install the "
            "version that the checkpoint was made with."
        ) from error
