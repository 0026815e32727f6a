"""The labelled sets that fit a network."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from dashboard.inspection.evaluation.labelled_pictures import LabelledPictures, split_pictures
from dashboard.inspection.passes.pool import Item, Pool
from models import datasets
from models.classifier import Classifier
from models.datasets import labelled_photos, photo_folder
from models.datasets.entry import Dataset
from models.datasets.names import PHOTOS
from models.photos.decoding import safe_name
from models.photos.uploads import SCHEME
from models.runtime.errors import UserError
from models.training import run_split, runs
from models.training.as_networks import PREFIX
from models.training.kinds import FOLDER
from models.training.runs import Run, names
from models.zoo.entry import Model


@dataclass(frozen=True, eq=False)
class LabelledSet:
    """A labelled set that fits a network.

    Attributes:
        name: as in the address.
        read: the set as a network reads it, the one that is looked at or another for the same data.
        warning: why its numbers are not to be trusted; empty where they are.
        remark: what else must be known of it; empty for nothing.
        learned: what determines which networks learned from such pictures; empty where none did.
        files: of photos that any run may have learned from.
    """

    name: str
    read: Callable[[Classifier], LabelledPictures]
    warning: str = ""
    remark: str = ""
    learned: str = ""
    files: tuple[Path, ...] = ()


@dataclass(frozen=True)
class RunPart:
    """A part of the pictures of a run.

    Attributes:
        what: the run did with them.
        warning: why its numbers are not to be trusted; empty where they are.
        remark: what else must be known of it, before what is known of the folder; empty for neither.
        learned: whether another network may have learned from them.
    """

    what: str
    warning: str = ""
    remark: str = ""
    learned: bool = True


RUN_PARTS = {
    "validation": RunPart(
        "kept back",
        remark="The network never learned from these pictures. They decide which checkpoint of a run is its best, so "
        "its numbers flatter that one a little.",
    ),
    "test": RunPart("measures at its end", learned=False),
    "train": RunPart(
        "learned from",
        warning="The network learned from these pictures: this says how well it remembers, not how good it is on "
        "others.",
    ),
}


def available_sets(model: Model, classifier: Classifier) -> Mapping[str, Callable[[], LabelledSet]]:
    """The sets that fit the network, by name; making one may raise UserError.

    None fits where several classes may be right, or there are none.
    """
    if classifier.contract.reading != "one of several":
        return {}
    run = run_of(model)
    sets: dict[str, Callable[[], LabelledSet]] = {}
    if run is not None:
        sets["validation"] = partial(_of_run, "validation", run)
    dataset = dataset_of(model, classifier)
    if run is not None and run.config.dataset == FOLDER and run.facts().counts.get("test"):
        sets["test"] = partial(_of_run, "test", run)
    elif dataset is not None:
        sets["test"] = partial(_test, model, classifier, dataset)
    if run is not None:
        sets["train"] = partial(_of_run, "train", run)
    elif dataset is not None:
        sets["train"] = partial(_train, model, classifier, dataset)
    if photo_folder.photos():
        photos = labelled_photos.find_labelled_photos(classifier.classes)
        if photos.addresses:
            sets["folder"] = partial(_folder, run, photos)
    return sets


def is_upload(model: Model) -> bool:
    """Whether only its maker knows what a network was trained on."""
    return model.name.startswith(SCHEME)


def run_of(model: Model) -> Run | None:
    """The run that a network is a checkpoint of, or None."""
    if not model.name.startswith(PREFIX):
        return None
    return runs.find(model.name.removeprefix(PREFIX).partition("@")[0])


def dataset_of(model: Model, classifier: Classifier) -> Dataset | None:
    """The dataset whose pictures fit: one on board with the network's own classes, else the one that it reads.

    None where that has another number of classes, or there is none.
    """
    reads, classes = classifier.preprocessing, classifier.classes
    own = None if model.fits == PHOTOS else datasets.find_dataset(model.fits)
    candidates = [
        *([own] if own else []),
        *(dataset for dataset in datasets.DATASETS.values() if dataset.on_board),
    ]
    same = [
        dataset for dataset in candidates if dataset.classes == classes and dataset.channels == reads.colours
    ]
    if same:
        return same[0]
    return own if own is not None and len(own.classes) == len(classes) else None


def doubt(part: LabelledSet, other: Model) -> str:
    """Why a second network's numbers on a set are not to be trusted; empty where they are."""
    if part.files:
        return _memory_warning(run_of(other), other.title, part.files)
    if not part.learned or not other.trained:
        return ""
    run = run_of(other)
    if run is not None and part.name == "validation" and _mark(run) == part.learned:
        return ""
    return f"{other.title} may have learned from these pictures, so it may only remember them."


def _test(model: Model, classifier: Classifier, dataset: Dataset) -> LabelledSet:
    return _of_dataset(dataset, "test", "test", warning=_class_warning(model, classifier, dataset))


def _train(model: Model, classifier: Classifier, dataset: Dataset) -> LabelledSet:
    warning = _class_warning(model, classifier, dataset)
    if model.trained:
        learned = "may have learned" if is_upload(model) else "learned"
        warning = (
            f"The network {learned} from most of these pictures: this says how well it remembers, not how good it is "
            f"on others. {warning}"
        ).strip()
    return _of_dataset(dataset, "train", "training", warning=warning, learned=dataset.name)


def _of_dataset(dataset: Dataset, split: str, called: str, *, warning: str, learned: str = "") -> LabelledSet:
    """A split of a dataset, whole."""
    count = dataset.counts[split]
    return LabelledSet(
        split,
        lambda classifier: split_pictures(
            dataset,
            split,
            range(count),
            classifier,
            title=f"the {count:,} {called} pictures of {dataset.title}",
            key=f"{dataset.name}/{split}",
        ),
        warning=warning,
        learned=learned,
    )


def _class_warning(model: Model, classifier: Classifier, dataset: Dataset) -> str:
    """What to say where nobody knows that the network's classes are the dataset's."""
    if classifier.classes == dataset.classes:
        return ""
    return (
        f"What {model.title} was trained on is not known here: these numbers hold if its outputs are the classes "
        f"of {dataset.title} in their order. Name its classes like those of a dataset to have it measured on that one."
    )


def _of_run(name: str, run: Run) -> LabelledSet:
    """A part of the pictures of a run, by its name in RUN_PARTS."""
    part, split = RUN_PARTS[name], run_split.load_split(run)
    indices = getattr(split.indices, name).tolist()
    return LabelledSet(
        name,
        lambda classifier: _run_pictures(run, split, indices, classifier, part.what),
        warning=f"{part.warning} {_change_warning(run, split)}".strip(),
        remark=" ".join((part.remark, *run.facts().remarks)) if part.remark else "",
        learned=_mark(run) if part.learned else "",
    )


def _change_warning(run: Run, split: run_split.RunSplit) -> str:
    if not split.has_changed:
        return ""
    there = len(split.indices.train) + len(split.indices.validation)
    return (
        f"Run “{names.title(run)}” could read {split.read:,} pictures of its folder, where {there:,} are now: unless "
        "the others are damaged files, they are parted in another way than they were for it."
    )


def _run_pictures(
    run: Run, split: run_split.RunSplit, indices: Sequence[int], classifier: Classifier, what: str
) -> LabelledPictures:
    dataset = split.dataset
    digest = hashlib.sha256(repr((_mark(run), what, len(indices))).encode()).hexdigest()
    return split_pictures(
        dataset,
        split.name,
        indices,
        classifier,
        title=f"the {len(indices):,} pictures of {safe_name(dataset.title)} that run “{names.title(run)}” {what}",
        key=digest,
        item=(
            lambda index: Item(run_split.address(run, index), f"{safe_name(dataset.title)}, picture {index}")
        )
        if run.config.dataset == FOLDER
        else None,
    )


def _mark(run: Run) -> str:
    """What determines which pictures a run keeps back."""
    config = run.config
    own = run.id if config.dataset == FOLDER else ""
    return repr((config.dataset, own, config.seed, config.validation, config.folds, config.fold))


def _folder(run: Run | None, photos: labelled_photos.LabelledPhotos) -> LabelledSet:
    files = tuple(photo_folder.find(address) for address in photos.addresses)
    count, classes = len(photos.addresses), len(set(photos.labels.tolist()))
    remarks = [*photos.remarks]
    if count < photos.total:
        remarks.append(
            f"A random choice of {photos.total:,} photos, in which the classes keep their proportions."
        )
    if photos.strangers:
        named = ", ".join(photos.strangers[:3]) + (" and others" if len(photos.strangers) > 3 else "")
        remarks.append(f"No class is called as these subfolders are: {named}.")
    return LabelledSet(
        "folder",
        lambda classifier: _photos(
            photos, classifier, f"the {count:,} photos of {classes:,} classes in your folder"
        ),
        warning=_memory_warning(run, "The network", files),
        remark=" ".join(remarks),
        files=files,
    )


def _memory_warning(run: Run | None, name: str, files: Sequence[Path]) -> str:
    """How many of some photos a network learned from; empty where it is of no run on a folder, or from none."""
    if run is None or run.config.dataset != FOLDER:
        return ""
    try:
        split = run_split.load_split(run)
    except UserError as error:
        return f"{name} may have learned from these photos. {error}"
    learned = run_split.count_learned(split, files)
    if not learned:
        return ""
    some = "these" if learned == len(files) else f"{learned:,} of these {len(files):,}"
    return (
        f"{name} learned from {some} photos: this says how well it remembers, not how good it is on others. "
        f"{_change_warning(run, split)}"
    ).strip()


def _photos(photos: labelled_photos.LabelledPhotos, classifier: Classifier, title: str) -> LabelledPictures:
    transforms = classifier.preprocessing.transforms()

    def take(indices: Sequence[int]) -> Tensor:
        files = [photo_folder.find(photos.addresses[index]) for index in indices]
        return torch.stack([transforms(photo_folder.picture(file)) for file in files])

    labels = photos.labels
    content = repr((photos.addresses, labels.tolist(), [_stamp(address) for address in photos.addresses]))
    pool = Pool(
        title=title,
        key=hashlib.sha256(content.encode()).hexdigest(),
        items=tuple(
            Item(address, safe_name(photo_folder.find(address).name)) for address in photos.addresses
        ),
        take=take,
        label=lambda index: classifier.classes[labels[index]],
    )
    return LabelledPictures(pool, labels)


def _stamp(address: str) -> int:
    """When a photo was last written; 0 where it is gone."""
    try:
        return photo_folder.find(address).stat().st_mtime_ns
    except OSError:
        return 0
