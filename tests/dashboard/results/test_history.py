"""What is asked of a network and a history: each question has a key of its own, and people are the network's."""

from __future__ import annotations

import dataclasses

import pytest

from dashboard.inspection.history import HISTORY_METHODS
from dashboard.results import history as results
from models.history import HISTORY_SETS
from models.history.catalogue import Film
from models.kinds import HISTORY
from models.networks import find_network, on_board
from models.runtime.errors import UserError
from models.runtime.progress import silent
from tests.dashboard.components.component import made

NETWORK = find_network(on_board(HISTORY)[0]).load(silent)
FILMS = HISTORY_SETS["films"].load()
LEAVING_OUT, SHAPLEY = (HISTORY_METHODS[name] for name in ("leaving_out", "shapley"))


def test_whose_history_it_is_tells_what_is_liked():
    of = results.subject(NETWORK, FILMS.history("test", 3), 3)
    assert of.liked == FILMS.liked("test", 3)
    assert of.served.shape == (len(of.history),) and 0 <= of.suiting <= 10
    own = results.subject(NETWORK, of.history)
    assert own.liked == () and not own.served.any() and own.suiting == 0
    assert own.film == of.film == of.recommended.films[0]


def test_only_a_film_that_is_recommended_is_explained():
    history = FILMS.history("test", 3)
    second = int(results.subject(NETWORK, history).recommended.films[1])
    assert results.subject(NETWORK, history, film=second).film == second
    assert results.subject(NETWORK, history, film=history[0]).film != history[0]


def test_each_question_has_a_key_of_its_own():
    history = FILMS.history("test", 3)
    of = results.subject(NETWORK, history)
    other = results.subject(NETWORK, history, film=int(of.recommended.films[1]))
    shorter = results.subject(NETWORK, history[1:])
    keys = [
        results.attribution(of, LEAVING_OUT).key,
        results.attribution(of, SHAPLEY).key,
        results.attribution(other, SHAPLEY).key,
        results.attribution(shorter, SHAPLEY).key,
        results.hit_rates(NETWORK).key,
        results.agreement(NETWORK).key,
    ]
    assert len(set(keys)) == len(keys)
    # Whose it is changes nothing.
    person = results.subject(NETWORK, history, 3)
    assert results.attribution(person, SHAPLEY).key == keys[1]


def test_what_is_made_is_what_was_asked():
    of = results.subject(NETWORK, FILMS.history("test", 3), 3)
    found = made(results.attribution(of, SHAPLEY))
    assert found.method == "shapley" and found.values is not None
    assert found.explained == pytest.approx(of.recommended.scores[of.film], abs=1e-5)
    rates = made(results.hit_rates(NETWORK))
    assert rates.count == 2000 and rates.network.mean() > 2 * rates.popular.mean()
    assert rates.known.mean() > rates.network.mean()


def test_a_network_that_learned_from_other_films_is_refused():
    films = (Film("Another", NETWORK.catalogue.films[0].genres), *NETWORK.catalogue.films[1:])
    other = dataclasses.replace(
        NETWORK, title="Mine", catalogue=dataclasses.replace(NETWORK.catalogue, films=films)
    )
    with pytest.raises(UserError, match="Mine learned from other films than there are now; train it again"):
        results.histories(other)
