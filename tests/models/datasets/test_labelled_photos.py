"""Photos whose folder tells their class."""

from __future__ import annotations

import numpy as np
import pytest

from models.datasets import labelled_photos, photo_folder
from models.datasets.imagenet import imagenet_classes
from models.datasets.labelled_photos import class_indices, find_labelled_photos
from tests.models.datasets.folders import messy, parted, put


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in ("giant panda", "Coffee_Mug/deep", "unicorn"):
        (tmp_path / name).mkdir(parents=True)
        for k in range(3):
            put(tmp_path / name / f"{k}.png", 3 * len(name) + k)
    put(tmp_path / "loose.png", 0)
    monkeypatch.setenv("VITRINE_IMAGES", str(tmp_path))
    return tmp_path


def test_subfolders_that_are_called_as_a_class_count(folder):
    found = find_labelled_photos(("cat", "coffee mug", "Giant Panda"))
    assert (len(found.addresses), found.total, found.strangers) == (6, 6, ("unicorn",))
    folders = [photo_folder.listed()[address].label for address in found.addresses]
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
    photo_folder._photos_of.cache_clear()
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
    photo_folder._photos_of.cache_clear()
    monkeypatch.setattr(photo_folder, "MOST", 2)
    assert len(photo_folder.photos()) == 2
    assert len(photo_folder.listed()) == 10
    for address in photo_folder.listed():
        assert photo_folder.find(address).exists()


def test_a_messy_folder_is_measured_on_what_it_holds(tmp_path, monkeypatch):
    monkeypatch.setenv("VITRINE_IMAGES", str(messy(tmp_path / "messy")))
    found = find_labelled_photos(("dog", "cat", "horse"))
    # Nine cats without a copy and one that is in dog, too; seven dogs without that one.
    assert (found.total, np.bincount(found.labels).tolist(), found.strangers) == (13, [6, 7], ("bird",))
    assert [sentence.split(":")[0] for sentence in found.remarks] == [
        "5 hidden or system files whose names end like pictures' are left out",
        "2 pictures are of a kind that is not read here (save them as JPEG or PNG)",
        "2 subfolders hold no picture and are no classes",
        "1 picture lies in no subfolder of a class and is left out",
        "1 picture lies in two classes, so nothing is measured on it",
        "1 copy of a picture is left out",
    ]


def test_of_a_split_what_nobody_learns_from_is_measured(tmp_path, monkeypatch):
    monkeypatch.setenv("VITRINE_IMAGES", str(parted(tmp_path / "parted")))
    found = find_labelled_photos(("cat", "dog"))
    # Two of three dogs in test; the third is in val.
    assert (found.total, found.labels.tolist()) == (2, [1, 1])
    assert found.remarks == (
        "The folder is parted: these are its test photos. The other 25 are left out, as a network may have learned "
        "from them.",
        "2 pictures lie in no subfolder of a class and are left out: overview.png, beside.png.",
        "1 copy of a picture is left out: known.png.",
        "Only one class is there (dog): nothing is said of what else is taken for it.",
    )


def test_a_picture_beside_the_classes_contradicts_none(folder):
    (folder / "same.png").write_bytes((folder / "giant panda" / "0.png").read_bytes())
    found = find_labelled_photos(("giant panda",))
    assert found.total == 3


def test_where_all_that_is_kept_back_is_learned_from_too_everything_is_measured_once(tmp_path, monkeypatch):
    for part in ("train", "val"):
        for k in range(4):
            put(tmp_path / "same" / part / ("cat" if k % 2 else "dog") / f"{k}.png", k)
    monkeypatch.setenv("VITRINE_IMAGES", str(tmp_path / "same"))
    found = find_labelled_photos(("cat", "dog"))
    assert (found.total, np.bincount(found.labels).tolist()) == (4, [2, 2])
    assert found.remarks == (
        "The folder is parted, but all is in its train part, too: a network may have learned from these photos.",
        "4 copies of pictures are left out: 1.png, 3.png, 0.png and others.",
    )
