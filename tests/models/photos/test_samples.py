"""The photos on board: each is there, can be opened, and is credited."""

from __future__ import annotations

import pytest

from models.photos.decoding import decode
from models.photos.samples import ASSETS, PHOTOS


@pytest.mark.parametrize("photo", PHOTOS.values(), ids=lambda photo: photo.name)
def test_a_photo_is_there_and_its_terms_are_in_the_list(photo):
    assert PHOTOS[photo.name] is photo
    picture = decode(photo.path.read_bytes(), photo.title)
    assert picture.mode == "RGB" and min(picture.size) >= 224
    assert photo.credit.count(",") >= 2
    assert photo.path.name in (ASSETS / "LICENSES.md").read_text(encoding="utf-8")


def test_no_photo_lies_there_without_an_entry():
    assert {path.stem for path in (ASSETS / "photos").glob("*.jpg")} == set(PHOTOS)
