"""Pictures by index, in memory or decoded when asked for: the network reads the same as elsewhere in the app."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from models import datasets
from models.datasets.entry import Arrays
from models.runtime.errors import UserError
from models.runtime.progress import silent
from models.training import data, pictures
from models.training.config import Config
from models.training.formats.pictures import PictureFormat
from models.training.pictures import InMemory, OnDisk, batch_reader, decode_all
from tests.models.datasets.folders import parted

CPU = torch.device("cpu")


def decode(place: int):
    """Place k is a picture of the number k and of class k % 3; every fifth is none."""
    return None if place % 5 == 0 else (torch.full((1, 2, 2), place, dtype=torch.uint8), place % 3)


def test_in_memory_they_are_taken_by_index():
    pixels, targets = torch.arange(6, dtype=torch.uint8).reshape(6, 1, 1, 1), torch.arange(6)
    digits = InMemory(pixels, targets)
    assert len(digits) == 6
    taken, labels = digits.take(torch.tensor([4, 1]))
    assert (taken.flatten().tolist(), labels.tolist()) == ([4, 1], [4, 1])


def test_from_disk_what_is_unreadable_is_left_out():
    files = OnDisk(decode, [3, 5, 7, 11], CPU)
    assert len(files) == 4
    pixels, targets = files.take(torch.tensor([3, 1, 0]))
    assert pixels.shape == (2, 1, 2, 2)
    assert (pixels[:, 0, 0, 0].tolist(), targets.tolist()) == ([11, 3], [2, 0])
    with pytest.raises(UserError, match="Not one of these pictures"):
        files.take(torch.tensor([1]))


@pytest.mark.parametrize("room", [10**6, 0])
def test_a_batch_is_the_same_whether_pictures_are_normalised_once_or_each_time(room, monkeypatch):
    monkeypatch.setattr(pictures, "NORMALISED", room)
    pixels = torch.arange(5 * 3 * 2 * 4, dtype=torch.uint8).reshape(5, 3, 2, 4)
    calls: list[int] = []

    def normalise(batch):
        calls.append(len(batch))
        return batch.float() / 4 - 1

    read = batch_reader(InMemory(pixels, torch.arange(5)), normalise, None)
    for places in ([4, 1], [0]):
        inputs, targets = read(torch.tensor(places))
        assert inputs.equal(pixels[places].float() / 4 - 1)
        assert targets.tolist() == places
    assert calls == ([5] if room else [2, 1])


def test_pictures_that_vary_are_normalised_as_they_have_become():
    grey = InMemory(torch.zeros(4, 1, 2, 2, dtype=torch.uint8), torch.arange(4))
    read = batch_reader(grey, lambda batch: 2.0 * batch, lambda batch: batch + 1)
    assert read(torch.tensor([2]))[0].equal(torch.full((1, 1, 2, 2), 2.0))


def test_all_are_decoded_once_in_order():
    reports: list[tuple[int, int | None]] = []
    decoded = decode_all(decode, range(12), device=CPU, report=lambda *done: reports.append(done))
    assert decoded.pixels[:, 0, 0, 0].tolist() == [1, 2, 3, 4, 6, 7, 8, 9, 11]
    assert decoded.targets.tolist() == [1, 2, 0, 1, 0, 1, 2, 0, 2]
    assert reports == [(done, 12) for done in range(1, 13)]
    with pytest.raises(UserError, match="Not one of these pictures"):
        decode_all(decode, [0, 5], device=CPU, report=lambda *_: None)


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
    found = pictures.normaliser(dataset, CPU)(pixels)
    taken = [dataset.picture("test", k) for k in (3, 17, 1999)]
    assert found.equal(torch.stack([dataset.preprocessing.transforms()(picture) for picture, _ in taken]))
    assert targets.tolist() == [label for _, label in taken]


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
    assert loaded.format == PictureFormat((14, 14), (0.1307,), (0.3081,))


def test_the_datasets_own_pixels_stay_as_they_are():
    images = datasets.find_dataset("mnist-10k").load(silent)
    assert isinstance(images, Arrays)
    before = images.pixels["train"].copy()
    pixels, _ = data.load(Config(), CPU).train.take(torch.arange(10))
    pictures.normaliser(datasets.find_dataset("mnist-10k"), CPU)(pixels)
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
    assert loaded.classes == ("cat", "dog")
    assert loaded.train.pixels.shape[1:] == (3, 28, 28)
    assert told


def test_a_parted_folder_is_measured_on_its_own_test_pictures(tmp_path):
    config = Config(dataset="folder", data=str(parted(tmp_path)), validation=0.25)
    loaded = data.load(config, CPU)
    assert loaded.test is not None
    assert (len(loaded.train), len(loaded.validation), len(loaded.test)) == (20, 7, 2)
    facts = data.facts(loaded)
    assert facts.counts == {"train": 20, "validation": 7, "test": 2}
    assert (facts.classes, len(facts.remarks)) == (("bird", "cat", "dog"), 6)


def test_a_folder_that_is_too_large_is_read_as_it_is_needed(folder, monkeypatch):
    config = Config(dataset="folder", data=str(folder), validation=0.25, image_size=20)
    held = data.load(config, CPU)
    monkeypatch.setattr(pictures, "MEMORY", 1000)
    loaded = data.load(config, CPU)
    assert isinstance(loaded.train, OnDisk)
    assert isinstance(held.train, InMemory)
    pixels, targets = loaded.train.take(torch.arange(len(loaded.train)))
    assert pixels.equal(held.train.pixels)
    assert targets.equal(held.train.targets)
    assert loaded.unreadable().startswith("1 file is no picture")


def test_wrong_labels_of_what_is_read_as_it_is_needed_are_refused(folder, monkeypatch):
    monkeypatch.setattr(pictures, "MEMORY", 0)
    config = Config(dataset="folder", data=str(folder), validation=0.25, label_noise=0.5)
    with pytest.raises(UserError, match=r"\(label_noise\) needs pictures that fit into memory"):
        data.load(config, CPU)


def test_a_folder_without_pictures_is_refused(tmp_path):
    for label in ("a", "b"):
        (tmp_path / label).mkdir()
        for k in range(4):
            (tmp_path / label / f"{k}.png").write_bytes(b"no")
    with pytest.raises(UserError, match="Not one of these pictures can be read"):
        data.load(Config(dataset="folder", data=str(tmp_path), validation=0.5), CPU)
    with pytest.raises(UserError, match="cannot be read"):
        data.load(Config(dataset="folder", data=str(tmp_path / "gone")), CPU)
