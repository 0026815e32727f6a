"""The pictures of a run as uint8 tensors, taken by index: all in one tensor, or decoded from disk when asked for."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from models import datasets
from models.datasets.entry import Arrays, Dataset
from models.datasets.folder import SPLIT, Folder, folder_dataset
from models.datasets.names import PHOTOS
from models.datasets.split import Indices
from models.runtime.errors import UserError
from models.runtime.progress import Report
from models.training import augmentations
from models.training.config import Config
from models.training.data import TrainingData
from models.training.examples import Examples, Rows
from models.training.formats.pictures import PictureFormat
from models.training.kinds import FOLDER

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDER_SIZE = 28  # pixels; what every small network reads
MEMORY = 2 * 1024**3  # bytes of decoded pictures; beyond, they are decoded again for each batch

# Pillow decodes without holding Python's lock.
THREADS = 4
# Bytes that normalised pictures may take; beyond, they are normalised again for each batch.
NORMALISED = 256 * 1024**2

# The place of a file in its folder -> its pixels (C, H, W), uint8, and class index; None where it is no picture.
Decoder = Callable[[int], tuple[Tensor, int] | None]


class InMemory(Rows):
    """Pictures that are all in one tensor on the device, with their class indices."""

    @property
    def pixels(self) -> Tensor:
        """The pictures, uint8 of shape (N, C, H, W)."""
        return self.inputs


class OnDisk:
    """Pictures of a folder that is larger than the memory it may take."""

    def __init__(self, decode: Decoder, places: Sequence[int], device: torch.device) -> None:
        self._decode, self._places, self._device = decode, places, device
        self._threads = ThreadPoolExecutor(THREADS)

    def __len__(self) -> int:
        return len(self._places)

    def take(self, indices: Tensor) -> tuple[Tensor, Tensor]:
        """Pixels (N, C, H, W) and class indices (N,), without the files that are no pictures."""
        places = [self._places[k] for k in indices.tolist()]
        return _stack(self._threads.map(self._decode, places), self._device)


def batch_reader(
    pictures: Examples, normalise: Callable[[Tensor], Tensor], augment: Callable[[Tensor], Tensor] | None
) -> Callable[[Tensor], tuple[Tensor, Tensor]]:
    """A function from indices to what a network reads, float32 of shape (N, C, H, W), and class indices (N,).

    Args:
        pictures: that are taken.
        normalise: uint8 pixels of shape (N, C, H, W) -> what the network reads.
        augment: uint8 pixels -> uint8 pixels, anew each time; None where a picture is always the same: then all are
            normalised once, as far as they fit.
    """
    if augment is None and isinstance(pictures, InMemory) and 4 * pictures.pixels.numel() <= NORMALISED:
        inputs, targets = normalise(pictures.pixels).permute(0, 2, 3, 1).contiguous(), pictures.targets
        # Pictures one after another, channels last in each: a batch is copied as a few long pieces.
        return lambda indices: (inputs.index_select(0, indices).permute(0, 3, 1, 2), targets[indices])

    def take(indices: Tensor) -> tuple[Tensor, Tensor]:
        pixels, labels = pictures.take(indices)
        return normalise(pixels if augment is None else augment(pixels)), labels

    return take


def decoder(folder: Folder, pixels: Callable[[Image.Image], Tensor]) -> Decoder:
    """A function from a file's place in the folder to its pixels and class, or None where it is no picture."""

    def decode(place: int) -> tuple[Tensor, int] | None:
        try:
            image, label = folder.picture(SPLIT, place)
        except UserError:
            return None
        return pixels(image), label

    return decode


def decode_all(decode: Decoder, places: Sequence[int], *, device: torch.device, report: Report) -> InMemory:
    """The readable pictures of a folder in one tensor, decoded once.

    Raises:
        UserError: if none can be read.
    """

    def pictures() -> Iterator[tuple[Tensor, int] | None]:
        for done, picture in enumerate(threads.map(decode, places)):
            report(done + 1, len(places))
            yield picture

    with ThreadPoolExecutor(THREADS) as threads:
        return InMemory(*_stack(pictures(), device))


def _stack(pictures: Iterable[tuple[Tensor, int] | None], device: torch.device) -> tuple[Tensor, Tensor]:
    readable = [picture for picture in pictures if picture is not None]
    if not readable:
        raise UserError("Not one of these pictures can be read; look at the files of the folder.")
    pixels = torch.stack([pixels for pixels, _ in readable])
    return pixels.to(device), torch.tensor([label for _, label in readable], device=device)


def dataset_of(config: Config) -> Dataset:
    """The dataset of a run, before any picture is read. Raises UserError where there is none."""
    if config.dataset == FOLDER:
        side = config.image_size or FOLDER_SIZE
        return folder_dataset(Path(config.data), (side, side))
    dataset = datasets.find_dataset(config.dataset)
    if not config.image_size:
        return dataset
    return dataclasses.replace(dataset, size=(config.image_size, config.image_size))


def load(config: Config, device: torch.device, report: Report) -> TrainingData:
    """Read, part and move a run's pictures; see models.training.data.load."""
    dataset = dataset_of(config)
    images = dataset.load(report)
    if isinstance(images, Folder):
        return _from_folder(dataset, images, config, device, report)
    assert isinstance(images, Arrays)
    parts = config.split(images.labels("train"))
    return _training_data(
        config,
        dataset,
        device,
        train=_from_arrays(dataset, images, "train", parts.train, device),
        validation=_from_arrays(dataset, images, "train", parts.validation, device),
        test=_from_arrays(dataset, images, "test", np.arange(dataset.counts["test"]), device),
    )


def _training_data(config: Config, dataset: Dataset, device: torch.device, **parts: Any) -> TrainingData:
    """A dataset's parts with what is done to each picture; `parts` are further fields of TrainingData."""
    varies = augmentations.AUGMENTATIONS[config.augmentation].build is not None
    return TrainingData(
        title=dataset.title,
        fits=PHOTOS if config.dataset == FOLDER else config.dataset,
        classes=dataset.classes,
        format=PictureFormat.of(dataset),
        prepare=normaliser(dataset, device),
        vary=augmentations.build(config.augmentation, dataset.size) if varies else None,
        **parts,
    )


def normaliser(dataset: Dataset, device: torch.device) -> Callable[[Tensor], Tensor]:
    """A function from uint8 pixels (N, C, H, W) to what the network reads, the same as Preprocessing makes."""
    shape = (1, dataset.channels, 1, 1)
    mean = torch.tensor(dataset.mean, device=device).reshape(shape)
    std = torch.tensor(dataset.std, device=device).reshape(shape)
    return lambda pixels: pixels.float().div_(255).sub_(mean).div_(std)


def _from_arrays(
    dataset: Dataset, images: Arrays, name: str, indices: Indices, device: torch.device
) -> InMemory:
    pixels = torch.from_numpy(_channels_first(images.pixels[name][indices]))
    if tuple(pixels.shape[-2:]) != dataset.size:
        from torchvision.transforms.v2 import functional

        pixels = functional.resize(pixels, list(dataset.size), antialias=True)
    return InMemory(pixels.to(device), torch.from_numpy(images.targets[name][indices]).to(device))


def _channels_first(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(N, H, W) or (N, H, W, 3) -> (N, C, H, W), contiguous."""
    if pixels.ndim == 3:
        return pixels[:, None]
    return np.ascontiguousarray(pixels.transpose(0, 3, 1, 2))


def _from_folder(
    dataset: Dataset, images: Folder, config: Config, device: torch.device, report: Report
) -> TrainingData:
    parts = config.split(images.labels(SPLIT), images.known)
    decode = decoder(images, dataset.preprocessing.pixels())
    count = sum(len(part) for part in (parts.train, parts.validation, parts.test))

    def pictures(indices: Indices) -> Examples:
        if count * 3 * dataset.size[0] * dataset.size[1] > MEMORY:
            return OnDisk(decode, indices.tolist(), device)
        return decode_all(decode, indices.tolist(), device=device, report=report)

    return _training_data(
        config,
        dataset,
        device,
        train=pictures(parts.train),
        validation=pictures(parts.validation),
        test=pictures(parts.test) if len(parts.test) else None,
        remarks=images.remarks(parts),
        unreadable=images.unreadable_remark,
    )
