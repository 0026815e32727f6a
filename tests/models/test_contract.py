"""A contract tells a network that says something from one that does not."""

from __future__ import annotations

import torch

from tests.models.brought import CLASSES, measured


def test_a_collapsed_network_answers_every_picture_alike():
    collapsed = measured(lambda self, x: self.head.bias.expand(len(x), -1))
    assert collapsed.moved == 0 and collapsed.collapsed
    assert measured().moved > 0 and not measured().collapsed
    assert measured(lambda self, x: 1e-9 * self.logits(x)).faint and not measured().faint
    sure = measured(lambda self, x: (self.logits(x) + 12 * (torch.arange(CLASSES) == 1)).softmax(1))
    assert not sure.collapsed, "it is sure of every picture, and of each as far as its scores say"
