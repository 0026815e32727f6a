"""Pictures in one tensor, or decoded when asked for: the network reads the same as elsewhere in the app."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from models import datasets
from models.datasets.entry import Arrays
from models.runtime.errors import UserError
from models.runtime.progress import silent
from models.training import data
from models.training.config import Config
from models.training.pictures import InMemory, OnDisk
from tests.models.datasets.folders import parted

CPU = torch.device("cpu")


@pytest.fixture
def folder(tmp_path):
    """Two classes of twelve pictures, and one file of each that is no picture."""
    generator = np.random.default_rng(0)
    for label in ("cat", "dog"):
        place = tmp_path / "pictures" / label
        place.mkdir(parents=True)
        for k in range(12):
            pixels = generator.integers(0, 256, (40, 30, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(place / f"{k:02}.png")
        (place / "broken.png").write_bytes(b"not a picture")
    return tmp_path / "pictures"


@pytest.mark.parametrize("name", ["mnist-10k", "fashion-mnist-10k"])
def test_a_batch_is_what_preprocessing_makes(name):
    config = Config(dataset=name)
    loaded = data.load(config, CPU)
    dataset = datasets.find_dataset(name)
    assert loaded.test is not None
    pixels, targets = loaded.test.take(torch.tensor([3, 17, 1999]))
    found = data.normaliser(dataset, CPU)(pixels)
    pictures = [dataset.picture("test", k) for k in (3, 17, 1999)]
    assert found.equal(torch.stack([dataset.preprocessing.transforms()(picture) for picture, _ in pictures]))
    assert targets.tolist() == [label for _, label in pictures]


def test_parts_have_the_sizes_that_were_asked_for():
    loaded = data.load(Config(train_samples=500, validation=0.2), CPU)
    assert loaded.test is not None
    assert (len(loaded.train), len(loaded.validation), len(loaded.test)) == (500, 2000, 2000)
    assert isinstance(loaded.train, InMemory)
    assert loaded.train.pixels.dtype == torch.uint8
    assert loaded.train.targets.bincount().tolist() == [50] * 10


def test_pictures_are_resized():
    loaded = data.load(Config(image_size=14, train_samples=100), CPU)
    assert isinstance(loaded.train, InMemory)
    assert loaded.train.pixels.shape == (100, 1, 14, 14)
    assert loaded.dataset.preprocessing.size == (14, 14)


def test_the_datasets_own_pixels_stay_as_they_are():
    images = datasets.find_dataset("mnist-10k").load(silent)
    assert isinstance(images, Arrays)
    before = images.pixels["train"].copy()
    pixels, _ = data.load(Config(), CPU).train.take(torch.arange(10))
    data.normaliser(datasets.find_dataset("mnist-10k"), CPU)(pixels)
    pixels.fill_(7)
    assert np.array_equal(images.pixels["train"], before)


def test_a_folder_is_read_and_its_bad_files_counted(folder):
    told = []
    config = Config(dataset="folder", data=str(folder), validation=0.25)
    loaded = data.load(config, CPU, lambda done, total: told.append((done, total)))
    assert isinstance(loaded.train, InMemory)
    assert len(loaded.train) + len(loaded.validation) == 24
    assert loaded.unreadable() == (
        "2 files are no pictures that can be read and are left out: cat/broken.png, dog/broken.png."
    )
    assert loaded.remarks == ()
    assert loaded.test is None
    assert loaded.dataset.classes == ("cat", "dog")
    assert loaded.train.pixels.shape[1:] == (3, 28, 28)
    assert told


def test_a_parted_folder_is_measured_on_its_own_test_pictures(tmp_path):
    config = Config(dataset="folder", data=str(parted(tmp_path)), validation=0.25)
    loaded = data.load(config, CPU)
    assert loaded.test is not None
    assert (len(loaded.train), len(loaded.validation), len(loaded.test)) == (20, 7, 2)
    facts = data.facts(config, loaded)
    assert facts.counts == {"train": 20, "validation": 7, "test": 2}
    assert (facts.classes, len(facts.remarks)) == (("bird", "cat", "dog"), 6)


def test_a_folder_that_is_too_large_is_read_as_it_is_needed(folder, monkeypatch):
    config = Config(dataset="folder", data=str(folder), validation=0.25, image_size=20)
    held = data.load(config, CPU)
    monkeypatch.setattr(data, "MEMORY", 1000)
    loaded = data.load(config, CPU)
    assert isinstance(loaded.train, OnDisk)
    assert isinstance(held.train, InMemory)
    pixels, targets = loaded.train.take(torch.arange(len(loaded.train)))
    assert pixels.equal(held.train.pixels)
    assert targets.equal(held.train.targets)
    assert loaded.unreadable().startswith("1 file is no picture")


def test_a_folder_without_pictures_is_refused(tmp_path):
    for label in ("a", "b"):
        (tmp_path / label).mkdir()
        for k in range(4):
            (tmp_path / label / f"{k}.png").write_bytes(b"no")
    with pytest.raises(UserError, match="Not one of these pictures can be read"):
        data.load(Config(dataset="folder", data=str(tmp_path), validation=0.5), CPU)
    with pytest.raises(UserError, match="cannot be read"):
        data.load(Config(dataset="folder", data=str(tmp_path / "gone")), CPU)


def test_a_device_that_is_not_there_is_refused(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert data.device_of("auto") == data.device_of("cpu") == CPU
    with pytest.raises(UserError, match="device"):
        data.device_of("cuda")
