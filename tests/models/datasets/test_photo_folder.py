"""Photos of a folder that the operator names."""

from __future__ import annotations

import pytest
from PIL import Image

from dashboard import pictures
from models.datasets import photo_folder
from models.datasets.names import PHOTOS
from models.runtime.errors import UserError


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "below").mkdir()
    Image.new("RGB", (8, 6), "teal").save(tmp_path / "one.png")
    Image.new("RGB", (5, 5), "navy").save(tmp_path / "below" / "two.jpg")
    (tmp_path / "notes.txt").write_text("not a picture")
    (tmp_path / "torn.png").write_bytes(b"torn")
    monkeypatch.setenv("VITRINE_IMAGES", str(tmp_path))
    return tmp_path


def test_are_found_by_an_address_that_tells_no_path(folder):
    files = {path.name: address for address, path in photo_folder.photos().items()}
    assert sorted(files) == ["one.png", "torn.png", "two.jpg"]
    for address in files.values():
        assert address.startswith("folder:") and len(address) == len("folder:") + 16
    label = pictures.find(files["two.jpg"])
    assert (label.title, label.fits) == ("two.jpg", PHOTOS)
    assert pictures.find(files["one.png"]).open().size == (8, 6)
    with pytest.raises(UserError, match=r"torn\.png"):
        pictures.find(files["torn.png"]).open()


@pytest.mark.parametrize("address", ["folder:", "folder:../../etc/passwd", "folder:0123456789abcdef"])
def test_nothing_else_is_found(folder, address):
    with pytest.raises(UserError, match="not in the folder"):
        pictures.find(address)


def test_without_a_folder_there_are_none(monkeypatch, tmp_path):
    monkeypatch.delenv("VITRINE_IMAGES", raising=False)
    assert not photo_folder.photos()
    monkeypatch.setenv("VITRINE_IMAGES", str(tmp_path / "missing"))
    assert not photo_folder.photos()
