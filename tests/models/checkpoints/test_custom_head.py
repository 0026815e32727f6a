"""Heads that people write are read from names and shapes, and run as they were written."""

from __future__ import annotations

from collections import OrderedDict

import pytest
import torch
from torch import nn

from models.checkpoints.custom_head import HeadLayer, custom_heads, replaced_head, with_head
from models.checkpoints.known import CLASSES, Head

USUAL: Head = (("fc.bias", (CLASSES,)), ("fc.weight", (CLASSES, 6)))
WRITTEN: dict[str, nn.Module] = {
    "dropout": nn.Sequential(nn.Dropout(), nn.Linear(6, 3)),
    "no bias": nn.Linear(6, 3, bias=False),
    "hidden": nn.Sequential(nn.Linear(6, 4), nn.ReLU(), nn.Dropout(), nn.Linear(4, 3)),
    "normalised": nn.Sequential(nn.Linear(6, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Dropout(), nn.Linear(4, 3)),
    "normalised first": nn.Sequential(nn.LayerNorm(6), nn.Dropout(), nn.Linear(6, 3)),
    "no room": nn.Sequential(nn.Linear(6, 4), nn.Linear(4, 3)),
    "named": nn.Sequential(
        OrderedDict(fc1=nn.Linear(6, 4), bn1=nn.BatchNorm1d(4), relu=nn.ReLU(), fc2=nn.Linear(4, 3))
    ),
    "nested": nn.Sequential(nn.Sequential(nn.Linear(6, 4), nn.ReLU()), nn.Linear(4, 3)),
    "ten and more": nn.Sequential(
        *[nn.Dropout() for _ in range(9)], nn.Linear(6, 3), nn.ReLU(), nn.Linear(3, 2)
    ),
}


class Whole(nn.Module):
    def __init__(self, head: nn.Module) -> None:
        super().__init__()
        self.fc = head

    def forward(self, x):
        return self.fc(x)


def shapes_of(module: nn.Module) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in module.state_dict().items()}


@pytest.mark.parametrize("way", WRITTEN)
def test_a_head_is_built_as_it_was_written(way):
    torch.manual_seed(0)
    written = Whole(WRITTEN[way]).eval()
    (head,) = custom_heads(USUAL, shapes_of(written))
    built = with_head(Whole(nn.Linear(6, 9)), head, "relu").eval()
    built.load_state_dict(written.state_dict())
    inputs = torch.randn(5, 6)
    assert torch.equal(built(inputs), written(inputs))
    assert head.classes == head.widths[-1] == (2 if way == "ten and more" else 3)
    assert head.activated == (way in ("hidden", "normalised", "named", "nested", "ten and more"))


def test_an_activation_stands_at_the_first_number_that_is_free():
    (head,) = custom_heads(USUAL, shapes_of(Whole(WRITTEN["normalised"])))
    assert [layer.place for layer in head.layers] == ["0", "1", "2", "4"]
    assert head.layers[2] == HeadLayer("2", "activation")
    tanh = with_head(Whole(nn.Identity()), head, "tanh")
    assert isinstance(tanh.get_submodule("fc.2"), nn.Tanh)


def test_what_holds_the_usual_head_alone_may_be_replaced():
    usual: Head = (("classifier.1.bias", (CLASSES,)), ("classifier.1.weight", (CLASSES, 6)))
    found = [
        head.place for head in custom_heads(usual, {"classifier.weight": (3, 6), "classifier.bias": (3,)})
    ]
    assert found == ["classifier"]


@pytest.mark.parametrize(
    "shapes",
    [
        {"fc.0.weight": (4, 5)},
        {"fc.0.weight": (4, 6), "fc.1.weight": (3, 5)},
        {"fc.0.weight": (4, 6), "fc.1.weight": (4,), "fc.1.bias": (4,)},
        {"fc.0.weight": (4, 6, 1, 1)},
        {f"fc.{turn}.weight": (6, 6) for turn in range(13)},
        {},
    ],
    ids=["width", "chain", "no end", "convolution", "many", "none"],
)
def test_layers_that_do_not_follow_from_each_other_are_no_head(shapes):
    assert not list(custom_heads(USUAL, shapes))


def test_only_one_linear_layer_is_replaced():
    assert not list(custom_heads((("head.weight", (CLASSES, 6, 1, 1)),), {"head.0.weight": (3, 6)}))
    two: Head = (("a.weight", (CLASSES, 6)), ("b.weight", (CLASSES, 6)))
    assert not list(custom_heads(two, {"a.0.weight": (3, 6), "b.0.weight": (3, 6)}))


CLASSIFIER: Head = (("classifier.3.bias", (CLASSES,)), ("classifier.3.weight", (CLASSES, 4)))
BODY = {"features.weight": (8, 3, 3, 3)}
USUALLY = {**BODY, "classifier.0.weight": (4, 6), "classifier.0.bias": (4,), "classifier.3.weight": (9, 4)}


def test_all_that_holds_a_head_may_be_replaced_or_left_out():
    new = replaced_head(CLASSIFIER, {**BODY, "classifier.weight": (2, 6), "classifier.bias": (2,)}, USUALLY)
    assert new is not None and (new.place, new.widths) == ("classifier", (6, 2))
    none = replaced_head(CLASSIFIER, BODY, USUALLY)
    assert none is not None and (none.layers, none.classes, none.activated) == ((), 6, False)
    whole = nn.Module()
    whole.classifier = nn.Linear(6, 9)
    assert isinstance(with_head(whole, none, "relu").classifier, nn.Identity)
    assert replaced_head(CLASSIFIER, {"features.weight": (8, 3, 1, 1)}, USUALLY) is None
    assert replaced_head(CLASSIFIER, {**BODY, "classifier.weight": (2, 5)}, USUALLY) is None
