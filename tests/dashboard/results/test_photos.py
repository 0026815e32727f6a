"""A row for each photo, with its name for its owner alone."""

from __future__ import annotations

import pytest

from dashboard.results.photos import photo_table

OWN = ("mnist-10k/test/0", "mnist-10k/test/1", "mnist-10k/test/2")


def test_each_photo_has_the_networks_first_two_answers(mlp):
    shares: list[float] = []
    rows = photo_table(mlp, OWN, "ann").work(shares.append)
    assert [row.address for row in rows] == list(OWN)
    assert rows[0].first == mlp.prediction.classes[mlp.prediction.winner]
    assert rows[0].strength == pytest.approx(mlp.prediction.strength(mlp.prediction.winner), abs=1e-4)
    assert all(row.first != row.second for row in rows)
    assert shares == [0.0]


def test_a_table_belongs_to_its_owner_and_its_photos(mlp):
    keys = {photo_table(mlp, own, owner).key for own in (OWN, OWN[:2]) for owner in ("ann", "bob")}
    assert len(keys) == 4
