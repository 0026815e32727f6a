"""What a folder holds, told from the names in it."""

from __future__ import annotations

from collections import Counter

import pytest

from models.datasets.listing import list_folder, part_of
from models.runtime.errors import UserError
from tests.models.datasets.folders import messy, parted, put


def test_what_is_no_picture_is_passed_over_and_named(tmp_path):
    listing = list_folder(messy(tmp_path))
    assert Counter(picture.label for picture in listing.pictures) == {"cat": 9, "dog": 7, "bird": 1, "": 1}
    assert {picture.part for picture in listing.pictures} == {""}
    assert listing.parts == {}
    assert listing.passed_over == {
        "hidden": (
            ".ipynb_checkpoints/0.png",
            "@eaDir/0.png",
            "__MACOSX/cat/0.png",
            "cat/.ipynb_checkpoints/0.png",
            "dog/._1.png",
        ),
        "foreign": ("cat/0.HEIC", "dog/0.ppm"),
        "empty": ("empty", "notes"),
    }


def test_pictures_come_in_the_order_of_their_names_folder_by_folder(tmp_path):
    for name in ("b/2.png", "b/10.png", "a/sub/1.png", "a/z.png", "B/1.png"):
        put(tmp_path / name, 1)
    names = [picture.path.relative_to(tmp_path).as_posix() for picture in list_folder(tmp_path).pictures]
    assert names == ["B/1.png", "a/sub/1.png", "a/z.png", "b/10.png", "b/2.png"]
    assert names == [path.relative_to(tmp_path).as_posix() for path in sorted(tmp_path.rglob("*.png"))]


def test_a_split_above_the_classes_is_taken(tmp_path):
    listing = list_folder(parted(tmp_path))
    assert listing.parts == {"train": ("train",), "validation": ("val",), "test": ("test",)}
    assert Counter((picture.part, picture.label) for picture in listing.pictures) == {
        ("train", "cat"): 8,
        ("train", "dog"): 8,
        ("train", "bird"): 4,
        ("validation", "cat"): 5,
        ("validation", "dog"): 4,
        ("validation", "fish"): 2,
        ("test", "dog"): 3,
        ("validation", ""): 1,
        ("", ""): 1,
    }


@pytest.mark.parametrize(
    ("names", "parts"),
    [
        (["training_set/a/1", "test_set/a/1"], {"train": ("training_set",), "test": ("test_set",)}),
        (["Train/a/1", "valid/a/1"], {"train": ("Train",), "validation": ("valid",)}),
        (["train/a/1", "val/a/1", "docs/1"], {"train": ("train",), "validation": ("val",)}),
        (["train/1", "test/1"], {}),  # nothing tells their classes
        (["train/a/1", "test/1"], {"train": ("train",), "test": ("test",)}),
        (["train/1", "plane/1", "car/1"], {}),  # a thing to tell from others
        (["train/steam/1", "plane/jet/1"], {}),
        (["cat/train/1", "cat/val/1", "dog/train/1"], {}),
    ],
)
def test_which_folders_are_a_split(tmp_path, names, parts):
    for name in names:
        put(tmp_path / f"{name}.png", 1)
    assert list_folder(tmp_path).parts == parts


def test_one_part_alone_parts_nothing(tmp_path):
    put(tmp_path / "train" / "a" / "1.png", 1)
    put(tmp_path / "train" / "b" / "1.png", 2)
    listing = list_folder(tmp_path)
    assert listing.parts == {"train": ("train",)}
    assert [(picture.part, picture.label) for picture in listing.pictures] == [("", "a"), ("", "b")]


@pytest.mark.parametrize("name", ["trains", "restrain", "values", "contest", "latest", "devil"])
def test_other_words_are_no_parts(name):
    assert part_of(name) == ""


def test_links_are_followed_once(tmp_path):
    put(tmp_path / "elsewhere" / "1.png", 1)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "cat").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "again").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "up").symlink_to(tmp_path)
    assert [picture.label for picture in list_folder(tmp_path / "folder").pictures] == ["cat"]


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(UserError, match="cannot be read"):
        list_folder(tmp_path / "absent")
