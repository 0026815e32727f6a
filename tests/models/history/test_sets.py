"""The made-up films and people are as they are said to be, and the same for everybody."""

from __future__ import annotations

import numpy as np
import pytest

from models.history import HISTORY_SETS, sets
from models.history.baseline import known_odds, popularity
from models.history.catalogue import PAD

FILMS = HISTORY_SETS["films"].load()


def test_films_have_titles_of_their_own_and_genres_that_sum_to_one():
    catalogue = FILMS.catalogue
    assert len(catalogue) == len(set(catalogue.titles)) == sets.COUNT
    np.testing.assert_allclose(catalogue.vectors.sum(1), 1)
    assert set(np.unique(catalogue.vectors)) == {0.0, 0.2, 0.4, 0.6, 0.8, 1.0}


@pytest.mark.parametrize("split", ["train", "test"])
def test_people_have_two_tastes_and_choose_no_film_twice(split):
    chosen, targets = FILMS.chosen[split], FILMS.targets[split]
    assert len(chosen) == len(targets) == HISTORY_SETS["films"].counts[split]
    assert (FILMS.tastes[split].sum(1) == sets.LIKED).all()
    lengths = (chosen != PAD).sum(1)
    assert (lengths.min(), lengths.max()) == (sets.FEWEST[split], sets.LONGEST)
    for ids, target in zip(chosen[:200], targets[:200], strict=True):
        history = ids[ids != PAD]
        assert len(set(history)) == len(history) and target + 1 not in history
        # What is not chosen stands at the end.
        assert (ids[len(history) :] == PAD).all()


def test_they_are_drawn_from_the_seed_alone():
    again = sets._load.__wrapped__()
    assert again.catalogue == FILMS.catalogue and again.catalogue.digest == FILMS.catalogue.digest
    for split in FILMS.chosen:
        np.testing.assert_array_equal(again.chosen[split], FILMS.chosen[split])
        np.testing.assert_array_equal(again.targets[split], FILMS.targets[split])
    assert FILMS is HISTORY_SETS["films"].load()


def test_the_first_choice_has_the_odds_that_it_is_said_to_have():
    """Of many people of one taste, each film is chosen first as often as its odds are."""
    draws = np.random.default_rng(1)
    odds = np.array([0.0, 1.0, 2.0, -1.0, *np.full(sets.LONGEST, -3.0)])
    first = sets._draw_choices(np.tile(odds, (40_000, 1)), draws)[:, 0]
    expected = np.exp(odds) / np.exp(odds).sum()
    shares = np.bincount(first, minlength=len(odds)) / len(first)
    assert np.abs(shares - expected).max() < 0.01


def test_somebody_is_told_by_their_choices():
    person = 3
    history, liked = FILMS.history("test", person), FILMS.liked("test", person)
    assert len(liked) == sets.LIKED
    assert history == tuple(film - 1 for film in FILMS.chosen["test"][person] if film != PAD)
    odds = known_odds(FILMS, "test")[person]
    film = history[0]
    pulled = sum(FILMS.catalogue.vectors[film, FILMS.catalogue.genres.index(genre)] for genre in liked)
    assert odds[film] == pytest.approx(FILMS.odds[film] + FILMS.pull * pulled)


def test_popularity_counts_every_choice_once():
    counts = popularity(FILMS)
    assert counts.sum() == (FILMS.chosen["train"] != PAD).sum() + len(FILMS.targets["train"])
    assert counts[0] == (FILMS.chosen["train"] == 1).sum() + (FILMS.targets["train"] == 0).sum()
