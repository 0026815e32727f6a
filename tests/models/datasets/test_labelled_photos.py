"""Photos whose folder tells their class."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from models.datasets import labelled_photos, photo_folder
from models.datasets.imagenet import imagenet_classes
from models.datasets.labelled_photos import class_indices, find_labelled_photos


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in ("giant panda", "Coffee_Mug/deep", "unicorn"):
        (tmp_path / name).mkdir(parents=True)
        for k in range(3):
            Image.new("RGB", (8, 8)).save(tmp_path / name / f"{k}.png")
    Image.new("RGB", (8, 8)).save(tmp_path / "loose.png")
    monkeypatch.setenv("VITRINE_IMAGES", str(tmp_path))
    return tmp_path


def test_subfolders_that_are_called_as_a_class_count(folder):
    found = find_labelled_photos(("cat", "coffee mug", "Giant Panda"))
    assert (len(found.addresses), found.total, found.strangers) == (6, 6, ("unicorn",))
    folders = [photo_folder.subfolders()[address] for address in found.addresses]
    assert sorted(set(zip(folders, found.labels.tolist(), strict=True))) == [
        ("Coffee_Mug", 1),
        ("giant panda", 2),
    ]


def test_without_a_folder_or_a_name_there_are_none(folder, monkeypatch):
    assert find_labelled_photos(("cat", "dog")).addresses == ()
    monkeypatch.delenv("VITRINE_IMAGES")
    found = find_labelled_photos(("giant panda",))
    assert (found.addresses, found.total, found.strangers) == ((), 0, ())


def test_many_become_a_choice_with_the_classes_in_proportion(folder, monkeypatch):
    for name, count in (("a", 80), ("b", 20)):
        (folder / name).mkdir()
        for k in range(count):
            (folder / name / f"{k:02}.png").write_bytes(b"")
    monkeypatch.setattr(labelled_photos, "MOST", 50)
    photo_folder._photos_by_address.cache_clear()
    found, again = find_labelled_photos(("a", "b")), find_labelled_photos(("a", "b"))
    assert (len(found.addresses), found.total) == (50, 100)
    assert np.bincount(found.labels).tolist() == [40, 10]
    assert found.addresses == again.addresses


def test_a_name_that_two_classes_have_tells_nothing():
    assert class_indices(["crane", "cat"], ["crane", "cat", "Crane"]) == {"cat": 1}


def test_imagenets_own_folders_are_known_for_its_classes_only():
    classes = imagenet_classes()
    found = class_indices(["n02510455", "n01440764", "n99999999", "tench"], classes)
    assert found == {"n02510455": classes.index("giant panda"), "n01440764": 0, "tench": 0}
    assert class_indices(["n02510455"], ["cat", "dog"]) == {}


def test_photos_beyond_those_listed_have_an_address(folder, monkeypatch):
    photo_folder._photos_by_address.cache_clear()
    monkeypatch.setattr(photo_folder, "MOST", 2)
    assert len(photo_folder.photos()) == 2
    assert len(photo_folder.subfolders()) == 10
    for address in photo_folder.subfolders():
        assert photo_folder.find(address).exists()
