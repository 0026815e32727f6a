"""Places and neighbours of many pictures, the photo among them or beside them."""

from __future__ import annotations

from dashboard.inspection.embedding.layout import AXES
from dashboard.inspection.embedding.principal import principal_axes
from dashboard.records.embedding import UNKNOWN
from dashboard.results import embedding
from tests.dashboard.results.clouds import LINE, found, made


def test_agreement_is_measured_where_another_picture_is_of_the_same_kind(monkeypatch):
    monkeypatch.setattr(embedding, "NEAREST", 1)
    of = made(found(LINE, [0, 0, 1, 1, 2, UNKNOWN], [0, 0, 1, 1, 2, UNKNOWN]))
    # Picture 2 is as near to 1 as to 3, and the first counts.
    share = embedding.agreement(of, "euclid")
    assert share is not None and share.work(lambda _: None) == (0.75, 4)
    parts = made(found(LINE, [0, 0, 1, 1, 2, 2]), addresses=["a", "a", "b", "b", "c", "c"])
    assert embedding.agreement(parts, "euclid") is None


def test_a_photo_among_the_pictures_is_not_its_own_neighbour_nor_are_its_parts():
    addresses = ["a", "a", "b", "b", "own", "own"]
    of = made(found(LINE, [0] * 6), [10], image="own", addresses=addresses)
    assert of.row == 4 and of.groups.tolist() == [0, 0, 2, 2, 4, 4]
    near = of.neighbours("euclid")
    assert near is not None and near.rows.tolist() == [3, 2, 1, 0]


def test_a_layout_is_shared_by_photos_among_the_pictures_and_has_a_row_more_for_another():
    def layout(photo, image):
        of = made(found(LINE, [0] * 6), photo, image=image)
        return embedding.layout(of, principal_axes(of.features.values, AXES), "tsne", 2)

    assert layout([0], "test/0").key == layout([1], "test/1").key
    assert layout([0], "test/0").what.endswith("of 6 pictures")
    assert layout([5], "own").key != layout([0], "test/0").key
    assert layout([5], "own").what.endswith("of 7 pictures")
    assert layout(None, "own").key == layout([0], "test/0").key
