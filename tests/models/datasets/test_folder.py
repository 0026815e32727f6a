"""A folder of pictures as a dataset."""

from __future__ import annotations

import pytest
from PIL import Image

from models.datasets.folder import Folder, folder_dataset
from models.runtime.errors import UserError
from models.runtime.progress import silent


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


def test_a_folder_without_classes_is_refused(tmp_path):
    with pytest.raises(UserError, match="one subfolder per class"):
        folder_dataset(tmp_path)
    with pytest.raises(UserError, match="cannot be read"):
        folder_dataset(tmp_path / "absent")
