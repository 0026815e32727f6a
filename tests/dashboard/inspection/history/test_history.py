"""Because of what: by definition, on networks whose answer is known, and on the network that ships."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from torch import nn

from dashboard.inspection.history import HISTORY_METHODS, leaving_out, shapley, table_gradients
from dashboard.inspection.history.method import HistoryTask
from dashboard.inspection.history.run import attribute, recommend
from dashboard.results.history import MEASURED
from models.history import HISTORY_ARCHITECTURES, HISTORY_SETS
from models.history.networks import TwoTowers
from models.kinds import HISTORY
from models.networks import find_network, on_board
from models.runtime.progress import silent
from models.runtime.randomness import fork_rng

FILMS = HISTORY_SETS["films"].load()
TERMS = torch.tensor([0.0, 1.0, -2.0, 0.5, 3.0])


class Sum(nn.Module):
    """Each film that was chosen adds its own term to the first score; the others stay at nothing."""

    def forward(self, ids):
        score = TERMS[ids].sum(1)
        return torch.stack([score, *[torch.zeros_like(score)] * 4], 1)


class Pair(nn.Module):
    """The first score is 6 where films 1 and 2 were both chosen, and 2 more where film 3 was."""

    def forward(self, ids):
        score = 6.0 * ((ids == 1).any(1) & (ids == 2).any(1)) + 2.0 * (ids == 3).any(1)
        return torch.stack([score, *[torch.zeros_like(score)] * 4], 1)


def towers(films=20, seed=0):
    with fork_rng(seed):
        network = HISTORY_ARCHITECTURES["two_towers"].build(films, films).eval().requires_grad_(False)
        assert isinstance(network, TwoTowers)
        # As after training: what is drawn at first is nearly linear.
        network.embedding.weight[1:] *= 10
    return network


def explained(network, ids, film, method):
    """A record that is not refused, and its values."""
    found = attribute(network, ids, film, method=method)
    assert found.values is not None
    return found, found.values


def by_definition(network, ids, film):
    """What each film adds to the score, over all orders in which they may be chosen."""
    gains = np.zeros(len(ids))
    orders = list(itertools.permutations(range(len(ids))))
    for order in orders:
        chosen, before = [], float(network(torch.zeros(1, 1, dtype=torch.long))[0, film])
        for place in order:
            chosen.append(ids[place])
            after = float(network(torch.tensor([chosen]))[0, film])
            gains[place] += after - before
            before = after
    return gains / len(orders)


@pytest.mark.parametrize("ids", [[4], [7, 2], [3, 9, 12, 1, 5]])
def test_shapley_values_are_those_of_all_orders(ids):
    network = towers()
    found, values = explained(network, ids, 15, shapley.METHOD)
    np.testing.assert_allclose(values, by_definition(network, ids, 15), atol=1e-5)
    assert found.errors is None and found.outcome.kind == "clean"
    assert found.outcome.measures["completeness gap"] < 1e-3


def test_above_ten_films_orders_are_drawn_and_their_errors_hold_the_exact_values(monkeypatch):
    network, ids = towers(), list(range(1, 12))
    sampled, drawn = explained(network, ids, 15, shapley.METHOD)
    monkeypatch.setattr(shapley, "FEW", 11)
    exact, values = explained(network, ids, 15, shapley.METHOD)
    assert sampled.errors is not None and exact.errors is None
    assert float((np.abs(drawn - values) / sampled.errors).max()) < 4
    assert drawn.sum() == pytest.approx(sampled.explained - sampled.nothing, abs=1e-5)


def test_leaving_out_is_what_the_score_loses():
    network, ids = towers(), [3, 9, 12]
    found, values = explained(network, ids, 15, leaving_out.METHOD)
    score = float(network(torch.tensor([ids]))[0, 15])
    expected = [
        score - float(network(torch.tensor([ids[:place] + ids[place + 1 :]]))[0, 15]) for place in range(3)
    ]
    np.testing.assert_allclose(values, expected, atol=1e-6)
    assert found.explained == pytest.approx(score)


@pytest.mark.parametrize("method", MEASURED, ids=lambda method: method.name)
def test_a_sum_gives_its_own_terms(method):
    found, values = explained(Sum(), [4, 2, 1], 0, method)
    np.testing.assert_allclose(values, [3, -2, 1], atol=1e-6)
    assert (found.nothing, found.explained) == (0, 2) and found.ranking == [0, 2, 1]


def test_films_that_count_only_together_share_what_they_do():
    together = {method.name: explained(Pair(), [1, 2, 3], 0, method)[1] for method in MEASURED}
    np.testing.assert_allclose(together["shapley"], [3, 3, 2], atol=1e-6)
    # Without either all of it is gone.
    np.testing.assert_allclose(together["leaving_out"], [6, 6, 2], atol=1e-6)


@pytest.mark.parametrize("method", HISTORY_METHODS.values(), ids=lambda method: method.name)
def test_a_network_that_is_looked_at_stays_as_it_was(method):
    network = towers()
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    attribute(network, [1, 2], 4, method=method)
    assert all(torch.equal(before[name], tensor) for name, tensor in network.state_dict().items())
    assert not network.training
    assert all(not parameter.requires_grad and parameter.grad is None for parameter in network.parameters())


@pytest.mark.parametrize("name", on_board(HISTORY))
def test_gradients_through_the_shared_table_miss_the_change_and_are_refused(name):
    network = find_network(name).load(silent)
    for person in range(5):
        history = FILMS.history("test", person)
        film = int(recommend(network.module, network.encode([history])[0]).films[0])
        ids = [place + 1 for place in history]
        found = attribute(network.module, ids, film, method=table_gradients.METHOD)
        assert found.values is None and found.outcome.kind == "refused"
        gap = found.outcome.measures["completeness gap"]
        assert gap > 0.25
        assert found.outcome.reason.endswith(f"add up to by {100 * gap:.0f} %.")
        for method in MEASURED:
            other = attribute(network.module, ids, film, method=method)
            assert other.outcome.kind == "clean" and other.values is not None


def test_what_they_miss_is_what_the_row_of_the_recommended_film_accounts_for(monkeypatch):
    """With that row and the films' layer held still, the same gradients add up: it is the sharing that breaks it."""
    network = towers()
    table, ids, film = network.embedding.weight.clone(), [1, 2, 3], 15
    scores = network.what().clone()[film]
    monkeypatch.setattr(network, "what", lambda: scores.expand(20, -1))
    raw = table_gradients._run(HistoryTask(network, torch.tensor(ids), film))
    change = float((network(torch.tensor([ids])) - network(torch.zeros(1, 3, dtype=torch.long)))[0, film])
    assert float(raw.values.sum()) == pytest.approx(change, abs=1e-3)
    assert torch.equal(table, network.embedding.weight)


def test_recommended_is_what_scores_highest_and_was_not_chosen():
    found = recommend(Sum(), torch.tensor([1, 3, 0]))
    assert found.scores.tolist() == [1.5, 0, 0, 0, 0]
    # Films 0 and 2 were chosen.
    assert found.films[:3].tolist() == [1, 3, 4]
