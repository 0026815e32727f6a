"""A folder of pictures as a dataset."""

from __future__ import annotations

import pytest
from PIL import Image
from torchvision.datasets import ImageFolder

from models.datasets.folder import Folder, folder_dataset
from models.datasets.split import split
from models.runtime.errors import UserError
from models.runtime.progress import silent
from tests.models.datasets.folders import messy, parted, put


@pytest.fixture
def pets(tmp_path):
    """Two classes, a nested picture, a text file, and a file that only says it is a picture."""
    for path, colour in (("dog/a.png", "red"), ("cat/b.PNG", "green"), ("cat/more/c.png", "blue")):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (6, 4), colour).save(tmp_path / path, "PNG")
    (tmp_path / "cat" / "notes.txt").write_text("not a picture")
    (tmp_path / "dog" / "broken.png").write_bytes(b"not a picture either")
    (tmp_path / "empty").mkdir()
    (tmp_path / "stray.png").write_bytes(b"of no class")
    return tmp_path


def test_folder_has_a_class_per_subfolder(pets):
    dataset = folder_dataset(pets)
    assert dataset.classes == ("cat", "dog")
    assert dataset.counts == {"all": 4}
    assert dataset.load(silent).labels("all").tolist() == [0, 0, 1, 1]


def test_folder_decodes_when_asked(pets):
    dataset = folder_dataset(pets)
    picture, label = dataset.picture("all", 0)
    assert (picture.mode, picture.size, picture.getpixel((0, 0)), label) == ("RGB", (6, 4), (0, 128, 0), 0)
    with pytest.raises(UserError, match="from 0 to 3"):
        dataset.picture("all", 4)


def test_folder_passes_over_what_is_no_picture_and_counts_it(pets):
    dataset = folder_dataset(pets)
    images = dataset.load(silent)
    assert isinstance(images, Folder)
    assert images.unreadable == set()
    assert [label for _, label in images.pictures()] == [0, 0, 1]
    assert images.unreadable == {pets / "dog" / "broken.png"}
    with pytest.raises(UserError, match=r"broken\.png"):
        dataset.picture("all", 3)


def test_a_file_that_has_gone_is_one_sentence(pets):
    dataset = folder_dataset(pets)
    (pets / "dog" / "a.png").unlink()
    with pytest.raises(UserError, match=r"a\.png cannot be read"):
        dataset.picture("all", 2)


def test_a_messy_folder_says_what_it_holds(tmp_path):
    dataset = folder_dataset(messy(tmp_path))
    images = dataset.load(silent)
    assert isinstance(images, Folder)
    assert (dataset.classes, dataset.counts) == (("bird", "cat", "dog"), {"all": 17})
    parts = split(images.labels("all"), seed=0, validation=0.5, known=images.known)
    *sentences, last = images.remarks(parts)
    assert sentences[:6] == [
        "5 hidden or system files whose names end like pictures' are left out: "
        ".ipynb_checkpoints/0.png, @eaDir/0.png, __MACOSX/cat/0.png and others.",
        "2 pictures are of a kind that is not read here (save them as JPEG or PNG): cat/0.HEIC, dog/0.ppm.",
        "2 subfolders hold no picture and are no classes: empty, notes.",
        "1 picture lies in no subfolder of a class and is left out: loose.png.",
        "2 files are copies of other pictures: cat/0 (copy).png = cat/0.png, cat/1.png = dog/stray cat.png.",
        "1 picture lies in two classes, so nothing is measured on it: cat/1.png = dog/stray cat.png.",
    ]
    # A class of one picture is learned from or measured on.
    assert last in (
        "1 class has no picture to learn from: bird.",
        "1 class has no picture that is kept back, so how well it is told is not measured: bird.",
    )
    list(images.pictures())
    assert images.unreadable_remark() == (
        "2 files are no pictures that can be read and are left out: cat/damaged.png, cat/nothing.png."
    )


def test_nothing_is_learned_from_and_measured_on(tmp_path):
    images = folder_dataset(messy(tmp_path)).load(silent)
    assert isinstance(images, Folder)
    for seed in range(20):
        parts = split(images.labels("all"), seed=seed, validation=0.4, known=images.known)
        copies = images.known.copies
        assert not {*copies[parts.train]} & {*copies[parts.validation]}
        assert len(parts.train) + len(parts.validation) + len(parts.leaked) == 17
        assert "1.png" not in {
            images._files[place].name for place in parts.validation if images._labels[place] == 1
        }


def test_a_split_above_the_classes_is_what_it_is(tmp_path):
    dataset = folder_dataset(parted(tmp_path))
    images = dataset.load(silent)
    assert isinstance(images, Folder)
    assert (dataset.classes, dataset.counts) == (("bird", "cat", "dog"), {"all": 32})
    parts = split(images.labels("all"), seed=0, validation=0.1, known=images.known)
    assert [len(part) for part in (parts.train, parts.validation, parts.test, parts.leaked)] == [20, 7, 2, 3]
    assert images.remarks(parts) == (
        "The folder is parted already, and this is taken: train (20 pictures), val (11 pictures), test (3 pictures).",
        "2 pictures lie in no subfolder of a class and are left out: overview.png, val/beside.png.",
        "2 pictures are left out, as training has none of their classes: fish.",
        "3 files are copies of other pictures: val/cat/c again.png = val/cat/c.png, train/cat/3.png = "
        "val/cat/seen.png, test/dog/known.png = val/dog/0.png.",
        "3 pictures are left out of validation and test, as they are learned from or there twice: "
        "val/cat/c.png, val/cat/seen.png, test/dog/known.png.",
        "1 class has no picture that is kept back, so how well it is told is not measured: bird.",
    )


def test_a_validation_part_that_is_all_learned_from_is_replaced(tmp_path):
    for part in ("train", "val"):
        for k in range(10):
            put(tmp_path / part / ("cat" if k % 2 else "dog") / f"{k}.png", k)
    images = folder_dataset(tmp_path).load(silent)
    assert isinstance(images, Folder)
    parts = split(images.labels("all"), seed=0, validation=0.2, known=images.known)
    assert [len(part) for part in (parts.train, parts.validation, parts.leaked)] == [8, 2, 10]
    assert not {*images.known.copies[parts.train]} & {*images.known.copies[parts.validation]}
    assert (
        images.remarks(parts)[-1]
        == "Nothing that was kept back is left, so a part of the training pictures is."
    )
    with pytest.raises(UserError, match="as copies are left out of validation"):
        split(images.labels("all"), seed=0, validation=0.01, known=images.known)


def test_folds_part_training_and_validation_pictures_anew(tmp_path):
    images = folder_dataset(parted(tmp_path)).load(silent)
    assert isinstance(images, Folder)
    kept_back = [
        split(images.labels("all"), seed=0, validation=0.1, fold=fold, folds=3, known=images.known)
        for fold in (1, 2, 3)
    ]
    places = [place for parts in kept_back for place in (*parts.validation, *parts.leaked)]
    assert {len(parts.train) for parts in kept_back} == {19, 20}
    for parts in kept_back:
        assert "Cross-validation parts its training and validation pictures anew." in images.remarks(parts)
    assert sorted({*places} - {*kept_back[0].test, *kept_back[0].leaked}) != []


def test_classes_come_in_the_order_of_torchvision(tmp_path):
    for number, name in enumerate(("b", "B", "10", "9", "\u00e4", "a b", "a-b", "_")):
        put(tmp_path / name / "1.png", number)
    assert list(folder_dataset(tmp_path).classes) == ImageFolder(tmp_path).classes


def test_one_part_alone_is_parted_at_random(tmp_path):
    for label in ("a", "b"):
        for k in range(4):
            put(tmp_path / "train" / label / f"{k}.png", 10 * (label == "b") + k)
    dataset = folder_dataset(tmp_path)
    images = dataset.load(silent)
    assert isinstance(images, Folder)
    parts = split(images.labels("all"), seed=0, validation=0.25, known=images.known)
    assert (dataset.classes, len(parts.train), len(parts.validation)) == (("a", "b"), 6, 2)
    assert images.remarks(parts) == ("Only train is there, so its pictures are parted at random.",)


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["cat/1", "cat/2"], r"one class alone \(cat, 2 pictures\)"),
        (["data/cat/1", "data/dog/1"], "or choose .*data, which has subfolders"),
        (["train/1", "val/1"], "parted into train, val, which hold no subfolder"),
        (["val/cat/1", "val/dog/1", "test/cat/1"], "pictures in val, test, but none in train"),
    ],
)
def test_what_cannot_be_told_apart_is_refused(tmp_path, names, sentence):
    for number, name in enumerate(names):
        put(tmp_path / f"{name}.png", number)
    with pytest.raises(UserError, match=sentence):
        folder_dataset(tmp_path)


def test_a_folder_without_classes_is_refused(tmp_path):
    with pytest.raises(UserError, match="one subfolder per class"):
        folder_dataset(tmp_path)
    with pytest.raises(UserError, match="cannot be read"):
        folder_dataset(tmp_path / "absent")
