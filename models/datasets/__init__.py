"""The table of datasets, and the address of one of their pictures."""

from __future__ import annotations

import re

from models.datasets.embedded import FASHION_MNIST_10K, MNIST_10K
from models.datasets.entry import Dataset
from models.datasets.torchvision_sets import CIFAR10, FASHION_MNIST, MNIST
from models.runtime.errors import UserError

DATASETS: dict[str, Dataset] = {
    dataset.name: dataset for dataset in (MNIST_10K, FASHION_MNIST_10K, MNIST, FASHION_MNIST, CIFAR10)
}

# One spelling per picture, and no number too long to read.
ITEM = re.compile(r"([^/]+)/([^/]+)/(0|[1-9][0-9]{0,8})")


def find_dataset(name: str) -> Dataset:
    """The dataset of that name. Raises UserError, naming the choices, where there is none."""
    if name not in DATASETS:
        raise UserError(f"There is no dataset {name[:40]!r}; choose one of {', '.join(DATASETS)}.")
    return DATASETS[name]


def parse_item(address: str) -> tuple[Dataset, str, int]:
    """The dataset, split and index that an address such as "mnist-10k/test/17" names; reads no picture.

    Raises:
        UserError: if the address has another form, or there is no such dataset, split or picture.
    """
    match = ITEM.fullmatch(address)
    if match is None:
        raise UserError(
            f"{address[:40]!r} is no address of a dataset's picture; write one such as mnist-10k/test/17."
        )
    dataset, split, index = find_dataset(match[1]), match[2], int(match[3])
    dataset.check(split, index)
    return dataset, split, index
