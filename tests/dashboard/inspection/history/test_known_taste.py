"""What counts, beside the taste that is known: by definition, and measured on the network that ships."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from dashboard.inspection.history.known_taste import measure_agreement, serves
from dashboard.results.history import MEASURED
from models.history import HISTORY_SETS
from models.kinds import HISTORY
from models.networks import find_network, on_board
from models.runtime.progress import silent

FILMS = HISTORY_SETS["films"].load()


class Neighbour(nn.Module):
    """Scores films by the genres that they share with those that were chosen; knows nobody's taste."""

    def forward(self, ids):
        vectors = torch.from_numpy(FILMS.catalogue.vectors)
        # Films of the same genres count a little differently, so that one of them counts most.
        rows = vectors * (1 + torch.arange(len(vectors))[:, None] / 1000)
        return torch.cat([torch.zeros(1, vectors.shape[1]), rows])[ids].sum(1) @ vectors.T


def test_a_film_serves_that_is_of_a_liked_genre_of_the_recommended_one():
    vectors = np.array([[1.0, 0, 0], [0.6, 0.4, 0], [0, 0, 1.0], [0.2, 0, 0.8]])
    taste = np.array([True, False, False])
    assert serves(vectors, taste, (0, 1, 2, 3), 1).tolist() == [True, True, False, True]
    assert serves(vectors, taste, (0, 1), 2).tolist() == [False, False]
    assert serves(vectors, np.zeros(3, bool), (0, 1), 1).tolist() == [False, False]


def test_of_a_network_that_goes_by_genres_what_counts_most_is_of_the_recommended_ones_genre():
    found = measure_agreement(Neighbour(), FILMS, "test", MEASURED, 60, lambda share: None)
    # What adds up is the same by either method.
    assert found.same.all() and (found.right[:, 0] == found.right[:, 1]).all()
    assert found.right.mean() > 0.9 > found.chance
    assert 0 < len(found.share) <= found.people == 60
    assert ((found.share > 0) & (found.share < 1)).all()


@pytest.mark.parametrize("name", on_board(HISTORY))
def test_what_ships_recommends_because_of_what_the_known_taste_names(name):
    network = find_network(name).load(silent)
    told: list[float] = []
    found = measure_agreement(network.module, FILMS, "test", MEASURED, 200, told.append)
    by = dict(zip(found.methods, found.right.mean(0), strict=True))
    error = 2 * np.sqrt(found.chance * (1 - found.chance) / len(found.share))
    assert by["leaving_out"] > found.chance + 2 * error
    # Films of one taste stand in for each other, which leaving out one by one does not see.
    assert by["shapley"] > by["leaving_out"] and by["shapley"] > 0.9
    assert told == [person / 200 for person in range(200)]
