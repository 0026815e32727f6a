"""Pictures as PyTorch's tutorials hand them to a training loop."""

from __future__ import annotations

from torch import Tensor
from torch.utils.data import Dataset as Pictures
from torchvision import transforms

from models.datasets.entry import Arrays, Dataset


class Tutorial(Pictures[tuple[Tensor, int]]):
    """Pictures as torchvision's own datasets hand them out: decoded to PIL, then transformed, one by one."""

    def __init__(self, images: Arrays, count: int, dataset: Dataset) -> None:
        self._images, self._count = images, count
        self._transform = transforms.Compose(
            [transforms.ToTensor(), transforms.Normalize(dataset.mean, dataset.std)]
        )

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        picture, target = self._images.picture("train", index)
        return self._transform(picture), target
