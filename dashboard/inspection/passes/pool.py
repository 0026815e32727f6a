"""The pictures that a pass goes over, taken in batches that every process cuts alike."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from dashboard.inspection.engine.progress import Progress, ignore
from models.classifier import Classifier
from models.datasets.entry import Arrays, Dataset
from models.photos.decoding import decode, safe_name
from models.preprocessing import Preprocessing
from models.runtime.errors import UserError
from models.runtime.progress import silent

# Numbers in a batch of inputs, and pictures: what bounds the memory of a pass.
NUMBERS = 2**20
MOST, FEWEST = 128, 4
# Fewer pictures than this are a hint and no statistic.
FEW = 200
# Of a dataset's test pictures a pass looks at so many.
TEST_PICTURES = 2000
# How a sentence calls a split, where it has another name.
SPLITS = {"train": "training"}


@dataclass(frozen=True)
class Item:
    """One picture of a pool.

    Attributes:
        address: of the picture, or of the one that it is cut out of.
        title: as on a page.
    """

    address: str
    title: str


@dataclass(frozen=True, eq=False)
class Pool:
    """Pictures as one network reads them.

    Attributes:
        title: what they are, with their number.
        key: names or digests that determine them.
        items: in order.
        take: indices -> inputs of shape (N, C, H, W), normalised.
        label: index -> name of the class that the picture belongs to; empty where nobody said.
        remark: what was passed over when they were gathered; empty for nothing.
    """

    title: str
    key: str
    items: tuple[Item, ...]
    take: Callable[[Sequence[int]], Tensor]
    label: Callable[[int], str] = lambda index: ""
    remark: str = ""

    def __len__(self) -> int:
        return len(self.items)

    @property
    def few(self) -> bool:
        """Whether they are too few for a statistic."""
        return len(self) < FEW


@dataclass(frozen=True)
class Shard:
    """Which batches one process takes: every `size`-th, from `rank` on."""

    rank: int = 0
    size: int = 1


WHOLE = Shard()


def batches(
    pool: Pool, numbers: int, shard: Shard = WHOLE, progress: Progress = ignore, *, singly: bool = False
) -> Iterator[tuple[Tensor, Tensor]]:
    """The shard's batches: indices (N,) and inputs (N, C, H, W).

    Args:
        pool: the pictures.
        numbers: of one input: C * H * W.
        shard: which of the batches; the cuts do not depend on it.
        progress: called before each batch with the share of the pool that lies before it.
        singly: one picture a batch, for a network that takes no more.
    """
    size = 1 if singly else min(max(NUMBERS // numbers, FEWEST), MOST)
    for start in range(shard.rank * size, len(pool), shard.size * size):
        progress(start / len(pool))
        indices, inputs = _read(pool, range(start, min(start + size, len(pool))))
        if indices:
            yield torch.tensor(indices), inputs


def first_inputs(pool: Pool) -> Tensor:
    """The first picture that can be read, (1, C, H, W).

    Raises:
        UserError: if there is none.
    """
    for index in range(len(pool)):
        indices, inputs = _read(pool, [index])
        if indices:
            return inputs
    raise UserError(f"Not one of {pool.title} can be read.")


def _read(pool: Pool, indices: Sequence[int]) -> tuple[list[int], Tensor]:
    """Those pictures that can be read, and their inputs; one by one where one of them cannot."""
    try:
        return list(indices), pool.take(indices)
    except UserError:
        if len(indices) == 1:
            return [], torch.empty(0)
    parts = [_read(pool, [index]) for index in indices]
    kept = [index for readable, _ in parts for index in readable]
    return kept, torch.cat([inputs for readable, inputs in parts if readable]) if kept else torch.empty(0)


def dataset_pool(
    dataset: Dataset, classifier: Classifier, count: int = TEST_PICTURES, split: str = "test"
) -> Pool:
    """The first pictures of a split of a dataset, as a network reads them."""
    kind = SPLITS.get(split, split)
    count = min(count, dataset.counts[split])
    return Pool(
        title=f"the first {count:,} {kind} pictures of {dataset.title}"
        if count < dataset.counts[split]
        else f"the {count:,} {kind} pictures of {dataset.title}",
        key=f"{dataset.name}/{split}/{count}",
        items=tuple(
            Item(f"{dataset.name}/{split}/{index}", f"{dataset.title}, {split} {index}")
            for index in range(count)
        ),
        take=picture_reader(dataset, split, range(count), classifier.preprocessing),
        label=lambda index: dataset.classes[int(dataset.load(silent).labels(split)[index])],
    )


def picture_reader(
    dataset: Dataset, split: str, places: Sequence[int], preprocessing: Preprocessing
) -> Callable[[Sequence[int]], Tensor]:
    """A function from indices in `places` to those pictures of a split as a network reads them, (N, C, H, W)."""
    transforms = preprocessing.transforms()

    def take(indices: Sequence[int]) -> Tensor:
        images, chosen = dataset.load(silent), [places[index] for index in indices]
        if isinstance(images, Arrays) and _are_ready(images, split, preprocessing):
            return _normalise(images, split, chosen, preprocessing)
        return torch.stack([transforms(images.picture(split, place)[0]) for place in chosen])

    return take


def file_pool(files: Sequence[Path], classifier: Classifier) -> Pool:
    """Pictures of files, as a network reads them."""
    transforms = classifier.preprocessing.transforms()

    def take(indices: Sequence[int]) -> Tensor:
        return torch.stack(
            [transforms(decode(_content(files[index]), files[index].name)) for index in indices]
        )

    return Pool(
        title=f"{len(files):,} files",
        key=hashlib.sha256("\n".join(map(str, files)).encode()).hexdigest(),
        items=tuple(Item(str(index), safe_name(file.name)) for index, file in enumerate(files)),
        take=take,
    )


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UserError(f"{file.name} cannot be read ({error.strerror}).") from error


def _are_ready(images: Arrays, split: str, preprocessing: Preprocessing) -> bool:
    """Whether the pictures need neither resizing nor cropping nor other colours."""
    shape = images.pixels[split].shape[1:]
    channels = 1 if len(shape) == 2 else shape[2]
    resized = preprocessing.resize in (min(preprocessing.size), preprocessing.size)
    square = preprocessing.size[0] == preprocessing.size[1]
    as_they_are = channels == preprocessing.channels and not preprocessing.planes
    return shape[:2] == preprocessing.size and as_they_are and resized and square


def _normalise(images: Arrays, split: str, places: Sequence[int], preprocessing: Preprocessing) -> Tensor:
    """The same numbers as the transforms give, for a whole batch at once."""
    pixels = torch.from_numpy(images.pixels[split][list(places)])  # (N, H, W) or (N, H, W, 3)
    pixels = pixels[:, None] if pixels.ndim == 3 else pixels.permute(0, 3, 1, 2)
    shape = (1, -1, 1, 1)
    mean, std = (
        torch.tensor(values, dtype=torch.float32).reshape(shape)
        for values in (preprocessing.mean, preprocessing.std)
    )
    return pixels.float().div_(255).sub_(mean).div_(std)
