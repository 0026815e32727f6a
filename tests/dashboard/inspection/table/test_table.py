"""What columns count for: by definition, on networks whose answer is known, and on the networks that ship."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import torch
from torch import nn

from dashboard.inspection.table import TABLE_METHODS
from dashboard.inspection.table import shapley as shapley_file
from dashboard.inspection.table.method import TableTask
from dashboard.inspection.table.run import attribute, read_row
from models.kinds import TABLE
from models.networks import find_network, on_board
from models.runtime.progress import silent

DRAWS = np.random.default_rng(0)


class Product(nn.Module):
    """The first column times the second, and the third; the other class has none of it."""

    def forward(self, rows):
        score = rows[:, 0] * rows[:, 1] + 2 * rows[:, 2]
        return torch.stack([score, torch.zeros_like(score)], 1)


def linear(count):
    """A network of one layer, its weights drawn."""
    network = nn.Linear(count, 3)
    with torch.no_grad():
        network.weight.copy_(torch.from_numpy(DRAWS.normal(size=(3, count))))
    return network.requires_grad_(False)


def rows(*shape):
    return DRAWS.normal(size=shape).astype(np.float32)


def values_of(*arguments, **options):
    values = attribute(*arguments, **options).values
    assert values is not None
    return values


def by_definition(task):
    """Shapley values as sums over all orders."""
    count = task.count
    values = np.zeros(count)
    for order in itertools.permutations(range(count)):
        known = torch.zeros(1, count, dtype=torch.bool)
        before = float(task.expect(known)[0])
        for column in order:
            known[0, column] = True
            after = float(task.expect(known)[0])
            values[column] += after - before
            before = after
    return values / math.factorial(count)


@pytest.mark.parametrize("network", [Product(), nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 2))])
def test_exact_shapley_values_are_those_of_all_orders(network):
    task = TableTask(network, torch.from_numpy(rows(4)), torch.from_numpy(rows(7, 4)), 0, torch.arange(4))
    np.testing.assert_allclose(shapley_file._exact(task).values.numpy(), by_definition(task), atol=1e-6)


def test_sampled_shapley_values_add_up_and_their_errors_hold_the_exact_ones():
    network = nn.Sequential(nn.Linear(8, 16), nn.Tanh(), nn.Linear(16, 2))
    task = TableTask(network, torch.from_numpy(rows(8)), torch.from_numpy(rows(20, 8)), 0, torch.arange(8))
    exact, sampled = shapley_file._exact(task), shapley_file._sampled(task)
    assert float(sampled.values.sum()) == pytest.approx(float(exact.values.sum()), abs=1e-5)
    assert sampled.errors is not None
    far = (sampled.values - exact.values).abs() / sampled.errors
    assert float(far.max()) < 4 and float(far.median()) < 1.5


@pytest.mark.parametrize("count", [4, 14])
@pytest.mark.parametrize("method", TABLE_METHODS.values(), ids=lambda method: method.name)
def test_a_linear_network_gives_its_own_terms(method, count):
    network, row, background = linear(count), rows(count), rows(30, count)
    found = attribute(network, row, background, method=method, target=1)
    assert found.values is not None
    # Integrated Gradients begins at the mean of what was learned from, which encoding makes 0.
    start = np.zeros(count) if method.differentiates else background.mean(0)
    np.testing.assert_allclose(found.values, network.weight[1].numpy() * (row - start), atol=1e-4)
    assert found.outcome.kind == "clean"


def test_columns_that_only_count_together_share_what_they_do():
    row, background = np.array([2, 3, 1], np.float32), np.zeros((1, 3), np.float32)
    values = {
        name: values_of(Product(), row, background, method=method, target=0)
        for name, method in TABLE_METHODS.items()
        if name != "deep_lift"
    }
    np.testing.assert_allclose(values["shapley"], [3, 3, 2], atol=1e-6)
    np.testing.assert_allclose(values["integrated_gradients"], [3, 3, 2], atol=1e-3)
    # Without either the whole product is gone.
    np.testing.assert_allclose(values["ablation"], [6, 6, 2], atol=1e-6)


@pytest.mark.parametrize("name", on_board(TABLE))
def test_the_networks_that_ship_are_explained_to_a_thousandth(name):
    from dashboard.results.table import background
    from models.table import TABLE_SETS

    network = find_network(name).load(silent)
    table = TABLE_SETS[network.fits].load()
    for row in network.columns.encode(table.values["test"][:3]):
        target = read_row(network.module, row, network.classes).winner
        for method in TABLE_METHODS.values():
            encoded = network.columns.encode(background(network))
            found = attribute(network.module, row, encoded, method=method, target=target)
            assert found.outcome.kind == "clean", (method.name, found.outcome)
            if "completeness gap" in found.outcome.measures:
                assert found.outcome.measures["completeness gap"] < 1e-3


def test_a_constant_network_counts_nothing():
    found = attribute(
        nn.Linear(3, 2).requires_grad_(False),
        np.zeros(3, np.float32),
        np.zeros((2, 3), np.float32),
        method=TABLE_METHODS["shapley"],
        target=0,
    )
    assert found.values is None and found.outcome.kind == "refused"


@pytest.mark.parametrize("method", TABLE_METHODS.values(), ids=lambda method: method.name)
def test_the_numbers_of_one_column_change_together(method):
    """A category is several numbers: what it counts for is what they count for together, as of one number."""
    network, row, background = linear(5), rows(5), rows(30, 5)
    column = np.array([0, 1, 1, 1, 2])
    found = values_of(network, row, background, method=method, target=1, column=column)
    start = np.zeros(5) if method.differentiates else background.mean(0)
    terms = network.weight[1].numpy() * (row - start)
    np.testing.assert_allclose(found, [terms[0], terms[1:4].sum(), terms[4]], atol=1e-4)


def test_shapley_values_of_columns_of_several_numbers_are_those_of_all_orders():
    network = nn.Sequential(nn.Linear(5, 6), nn.Tanh(), nn.Linear(6, 2))
    task = TableTask(
        network, torch.from_numpy(rows(5)), torch.from_numpy(rows(7, 5)), 0, torch.tensor([0, 1, 1, 2, 2])
    )
    np.testing.assert_allclose(shapley_file._exact(task).values.numpy(), by_definition(task), atol=1e-6)
