"""The datasets' table, its addresses, and each way pictures get here; nothing is fetched from a network."""

from __future__ import annotations

import pytest
from torchvision import datasets as tv

from models.datasets import DATASETS, find_dataset, parse_item
from models.runtime.errors import UserError

every_dataset = pytest.mark.parametrize("dataset", DATASETS.values(), ids=lambda d: d.name)


@every_dataset
def test_entry_is_complete(dataset):
    assert DATASETS[dataset.name] is find_dataset(dataset.name) is dataset
    assert len(set(dataset.classes)) == len(dataset.classes) == 10
    assert set(dataset.counts) == {"train", "test"}
    assert len(dataset.mean) == len(dataset.std) == dataset.channels
    assert dataset.preprocessing.size == dataset.size
    assert all((dataset.title, dataset.licence, dataset.source))


@pytest.mark.parametrize(("name", "kind"), [("mnist", tv.MNIST), ("fashion-mnist", tv.FashionMNIST)])
def test_classes_are_torchvisions(name, kind):
    classes = tuple(title.split(" - ")[0] for title in kind.classes)
    assert find_dataset(name).classes == find_dataset(f"{name}-10k").classes == classes


@every_dataset
def test_address_names_a_picture_without_reading_it(dataset):
    last = dataset.counts["test"] - 1
    assert parse_item(f"{dataset.name}/test/{last}") == (dataset, "test", last)
    assert parse_item(f"{dataset.name}/train/0") == (dataset, "train", 0)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("", "no address"),
        ("giant_panda", "no address"),
        ("mnist-10k", "no address"),
        ("mnist-10k/test", "no address"),
        ("mnist-10k/test/", "no address"),
        ("mnist-10k/test/017", "no address"),
        ("mnist-10k/test/-1", "no address"),
        ("mnist-10k/test/1.0", "no address"),
        ("mnist-10k/test/1 ", "no address"),
        ("mnist-10k/test/1\n", "no address"),
        ("mnist-10k/test/\u0661", "no address"),
        ("mnist-10k/test/1/2", "no address"),
        ("mnist-10k/test/" + "9" * 10_000, "no address"),
        ("mnist-10k/test/2000", "from 0 to 1999"),
        ("mnist-10k/valid/0", "choose one of train, test"),
        ("../etc/0", "choose one of mnist-10k, fashion-mnist-10k"),
    ],
)
def test_a_wrong_address_is_one_sentence(address, reason):
    with pytest.raises(UserError, match=reason) as caught:
        parse_item(address)
    assert len(str(caught.value)) < 200
