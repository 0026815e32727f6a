"""TracIn: the products of gradients that autograd finds."""

from __future__ import annotations

import numpy as np
import torch

from dashboard.inspection.influence.tracin import Moment, products, tracin
from dashboard.inspection.passes.pool import Item, Pool
from dashboard.records.embedding import Place
from dashboard.records.network import LayerCall
from tests.networks import Linear, built, classifier, pixels

COUNT, TARGET = 5, 1
LABELS = np.arange(COUNT) % 3
PLACE = Place(LayerCall("head", "Linear", (3,)), reads=True)


def pictures() -> torch.Tensor:
    return torch.from_numpy(np.stack([pixels(seed=seed) for seed in range(COUNT)])).float()


def pool() -> Pool:
    rows = pictures()
    items = tuple(Item(str(at), str(at)) for at in range(COUNT))
    return Pool("five", "five", items, lambda places: rows[list(places)])


def slope(of: torch.nn.Module, picture: torch.Tensor, label: int | np.int64) -> torch.Tensor:
    """The gradient of a picture's loss with respect to the head."""
    layer = of.head
    assert isinstance(layer, torch.nn.Linear)
    weight, bias = (part.detach().clone().requires_grad_() for part in (layer.weight, layer.bias))
    logits = torch.nn.functional.linear(picture.flatten()[None], weight, bias)
    loss = torch.nn.functional.cross_entropy(logits, torch.tensor([int(label)]))
    return torch.cat([part.flatten() for part in torch.autograd.grad(loss, [weight, bias])])


def test_it_is_the_product_of_gradients_over_moments_and_rates():
    moments = [Moment(classifier(built(Linear, seed)), rate) for seed, rate in ((0, 0.5), (1, 2.0))]
    own = torch.from_numpy(pixels(seed=9)).float()
    expected = np.zeros(COUNT)
    for moment in moments:
        module = moment.classifier.module
        towards = slope(module, own, TARGET)
        for at, picture in enumerate(pictures()):
            expected[at] += moment.rate * float(slope(module, picture, LABELS[at]) @ towards)
    told: list[float] = []
    found = tracin(moments, PLACE, pool(), LABELS, np.arange(COUNT), own.numpy(), TARGET, told.append)
    assert np.allclose(found, expected, atol=1e-4) and told[0] == 0
    some = tracin(moments, PLACE, pool(), LABELS, np.array([1, 3]), own.numpy(), TARGET)
    assert np.allclose(some, found[[1, 3]])


def test_a_step_along_the_picture_itself_helps_it():
    rows = np.array([[1.0, 2.0]])
    assert products(rows, np.array([0]), np.zeros((1, 2)), rows[0], np.zeros(2), 0)[0] == 5 * 0.5
    assert products(rows, np.array([1]), np.zeros((1, 2)), rows[0], np.zeros(2), 0)[0] == -5 * 0.5
