"""A catalogue as a network reads it."""

from __future__ import annotations

import pytest

from models.history.catalogue import Catalogue, Film

CATALOGUE = Catalogue(("a", "b"), (Film("One", (1.0, 0.0)), Film("Two", (0.4, 0.6))), longest=3)


def test_it_comes_back_from_json_and_its_digest_tells_it_apart():
    assert Catalogue.from_json(CATALOGUE.to_json()) == CATALOGUE
    other = Catalogue(CATALOGUE.genres, CATALOGUE.films, longest=4)
    assert other.digest != CATALOGUE.digest


def test_genres_are_named_by_how_much_a_film_is_of_them():
    assert CATALOGUE.genres_of(0) == ("a",)
    assert CATALOGUE.genres_of(1) == ("b", "a")


def test_histories_are_filled_up_and_what_is_too_old_is_left_out():
    ids = CATALOGUE.encode([(), (1,), (0, 1, 1, 0)])
    assert ids.tolist() == [[0, 0, 0], [2, 0, 0], [2, 2, 1]]


@pytest.mark.parametrize(
    "damaged",
    [
        {},
        {"genres": ["a"], "films": [], "longest": 3},
        {"genres": ["a"], "films": [["One", [0.5, 0.5]]], "longest": 3},
        {"genres": ["a"], "films": [["One", [1.0]]], "longest": 0},
        {"genres": ["a"], "films": [["One"]], "longest": 3},
    ],
)
def test_a_damaged_one_is_refused(damaged):
    with pytest.raises((KeyError, TypeError, ValueError)):
        Catalogue.from_json(damaged)
