"""Photos of a folder that the operator names."""

from __future__ import annotations

import pytest
from PIL import Image

from dashboard import pictures
from models.datasets import photo_folder
from models.datasets.names import PHOTOS
from models.runtime.errors import UserError
from tests.models.datasets.folders import messy


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


def test_hidden_files_and_copies_are_left_out_and_said(tmp_path, monkeypatch):
    monkeypatch.setenv("VITRINE_IMAGES", str(messy(tmp_path / "messy")))
    # 9 + 7 + 1 + 1 loose, without a copy in the same class and one in another.
    assert (len(photo_folder.listed()), len(photo_folder.photos())) == (18, 16)
    assert [sentence[:27] for sentence in photo_folder.passed_over()] == [
        "5 hidden or system files wh",
        "2 pictures are of a kind th",
        "2 subfolders hold no pictur",
    ]
    assert photo_folder.repeated() == (
        "2 copies of pictures are left out: cat/0 (copy).png = cat/0.png, cat/1.png = dog/stray cat.png."
    )
    for address in photo_folder.listed():
        assert photo_folder.find(address).exists()


def test_a_folder_in_order_needs_no_remark(folder):
    assert (photo_folder.passed_over(), photo_folder.repeated()) == ((), "")
