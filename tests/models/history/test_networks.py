"""Two towers: neither order nor padding counts, and what ships beats popularity by far."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from models.history import HISTORY_ARCHITECTURES, HISTORY_SETS
from models.history.baseline import known_odds, popularity
from models.history.networks import TwoTowers
from models.history.ranking import COUNT, hits
from models.kinds import HISTORY
from models.networks import find_network, on_board
from models.runtime.progress import silent
from models.runtime.randomness import fork_rng
from models.training.effect import difference_interval


@pytest.fixture
def network():
    with fork_rng(0):
        return HISTORY_ARCHITECTURES["two_towers"].build(6, 6).eval()


def test_scores_are_products_of_two_towers_and_what_is_usual(network):
    ids = torch.tensor([[2, 5, 0]])
    table = network.embedding.weight
    person = network.fc2(torch.relu(network.fc1((table[2] + table[5]) / 2)))
    films = torch.stack([network.film(row) for row in table[1:]])
    torch.testing.assert_close(network(ids)[0], films @ person + network.bias)


def test_neither_order_nor_padding_counts(network):
    expected = network(torch.tensor([[3, 1, 0, 0]]))
    torch.testing.assert_close(network(torch.tensor([[1, 3]])), expected)
    assert not (network(torch.tensor([[1, 4]])) == expected).any()
    assert torch.isfinite(network(torch.zeros(1, 4, dtype=torch.long))).all()


def test_as_many_scores_as_films():
    with pytest.raises(ValueError, match="6 films get as many scores, not 5"):
        TwoTowers(5, 6)


@pytest.mark.parametrize("name", on_board(HISTORY))
def test_what_ships_reaches_what_it_says_and_names_the_next_film_more_often_than_popularity(name):
    network = find_network(name).load(silent)
    histories = HISTORY_SETS[network.fits].load()
    # A catalogue that is drawn otherwise one day would be read wrongly.
    assert network.catalogue == histories.catalogue
    chosen, targets = histories.chosen["test"], histories.targets["test"]
    scores = network.module(torch.from_numpy(chosen)).numpy()
    # As the trainer counts: what was chosen before is not left out of the ten.
    first = np.argsort(-scores, 1)[:, :COUNT]
    reached = (first == targets[:, None]).any(1).mean()
    assert reached == pytest.approx(network.provenance.accuracy, abs=0.001)
    found, popular, known = (
        float(hits(one, chosen, targets).mean())
        for one in (scores, popularity(histories), known_odds(histories, "test"))
    )
    assert difference_interval(popular, found, len(targets))[0] > 0.2
    assert (popular, found, known) == pytest.approx((0.172, 0.435, 0.483), abs=0.004)
    assert network.module(network.blank()).shape == (1, len(network.classes))


def test_what_ships_is_whole():
    assert len(on_board(HISTORY)) == len(HISTORY_SETS) * len(HISTORY_ARCHITECTURES)
