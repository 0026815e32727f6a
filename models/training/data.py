"""What a run learns from and is measured on."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from models import datasets
from models.datasets.entry import Arrays, Dataset
from models.datasets.folder import SPLIT, Folder, folder_dataset
from models.datasets.names import PHOTOS
from models.datasets.split import Indices
from models.runtime.errors import UserError
from models.runtime.progress import Report, silent
from models.training.config import FOLDER, Config
from models.training.pictures import InMemory, OnDisk, Pictures, decode_all, decoder
from models.training.runs.facts import Facts

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDER_SIZE = 28  # pixels; what every small network reads
MEMORY = 2 * 1024**3  # bytes of decoded pictures; beyond, they are decoded again for each batch


@dataclass(frozen=True, eq=False)
class TrainingData:
    """The parts of a dataset, ready to take batches from.

    Attributes:
        dataset: names, sizes and statistics.
        train: what is learned from.
        validation: kept back, never learned from.
        test: looked at once, at the end; None where the dataset has none.
        remarks: what is to be said of a folder and of how it was parted, a sentence each.
        unreadable: says which files have proved to be no pictures so far; empty where all are.
    """

    dataset: Dataset
    train: Pictures
    validation: Pictures
    test: Pictures | None
    remarks: tuple[str, ...] = ()
    unreadable: Callable[[], str] = lambda: ""


def dataset_of(config: Config) -> Dataset:
    """The dataset of a run, before any picture is read. Raises UserError where there is none."""
    if config.dataset == FOLDER:
        side = config.image_size or FOLDER_SIZE
        return folder_dataset(Path(config.data), (side, side))
    dataset = datasets.find_dataset(config.dataset)
    if not config.image_size:
        return dataset
    return dataclasses.replace(dataset, size=(config.image_size, config.image_size))


def facts(config: Config, data: TrainingData) -> Facts:
    """What there is to know of a run's data without its pictures."""
    dataset = data.dataset
    parts = {"train": data.train, "validation": data.validation, "test": data.test}
    return Facts(
        title=dataset.title,
        fits=PHOTOS if config.dataset == FOLDER else config.dataset,
        classes=dataset.classes,
        size=dataset.size,
        mean=dataset.mean,
        std=dataset.std,
        counts={name: len(part) for name, part in parts.items() if part is not None},
        remarks=data.remarks,
    )


def load(config: Config, device: torch.device, report: Report = silent) -> TrainingData:
    """Read, part and move a run's pictures.

    Raises:
        UserError: if they cannot be had, or there are too few.
    """
    dataset = dataset_of(config)
    images = dataset.load(report)
    if isinstance(images, Folder):
        return _from_folder(dataset, images, config, device, report)
    assert isinstance(images, Arrays)
    parts = config.split(images.labels("train"))
    return TrainingData(
        dataset=dataset,
        train=_from_arrays(dataset, images, "train", parts.train, device),
        validation=_from_arrays(dataset, images, "train", parts.validation, device),
        test=_from_arrays(dataset, images, "test", np.arange(dataset.counts["test"]), device),
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

    def pictures(indices: Indices) -> Pictures:
        if count * 3 * dataset.size[0] * dataset.size[1] > MEMORY:
            return OnDisk(decode, indices.tolist(), device)
        return decode_all(decode, indices.tolist(), device=device, report=report)

    return TrainingData(
        dataset=dataset,
        train=pictures(parts.train),
        validation=pictures(parts.validation),
        test=pictures(parts.test) if len(parts.test) else None,
        remarks=images.remarks(parts),
        unreadable=images.unreadable_remark,
    )


def device_of(name: str) -> torch.device:
    """The device that a configuration names. Raises UserError where this machine has none. GPUs are untested."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    available = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if not available[name]:
        raise UserError(f"Device (device) cannot be {name}: this machine has none; choose auto or cpu.")
    return torch.device(name)
