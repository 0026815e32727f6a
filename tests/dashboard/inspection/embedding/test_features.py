"""Features against what the layers give by hand, and pictures that have none."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from dashboard.inspection.embedding import features as reading
from dashboard.inspection.embedding.features import features, picture_features
from dashboard.inspection.passes.pool import Item, Pool
from dashboard.records.embedding import UNKNOWN, Place
from models.classifier import Classifier
from models.zoo.small import ARCHITECTURES
from tests.networks import ChannelsLast, ConvNet, built, classifier, pixels, surveyed, untouched


def pool(count: int = 300, channels: int = 1, side: int = 8) -> Pool:
    generator = torch.Generator().manual_seed(5)
    inputs = torch.rand(count, channels, side, side, generator=generator) * 2 - 1
    items = tuple(Item(f"test/{index}", f"Test {index}") for index in range(count))
    return Pool(
        "test pictures",
        "test",
        items,
        lambda indices: inputs[list(indices)],
        lambda index: f"class {index % 3}",
    )


def place(of: Classifier, layer: str, *, reads: bool = False) -> Place:
    call = surveyed(of, pixels(side=of.preprocessing.size[0])).find(layer)
    assert call is not None
    return Place(call, reads)


@pytest.fixture(scope="module")
def network() -> Classifier:
    return classifier(built(ConvNet))


def test_the_penultimate_layer_is_what_the_last_linear_layer_reads(network):
    last = surveyed(network, pixels()).head
    assert last is not None and last.name == "head"
    pictures = pool()
    with untouched(network.module):
        found = features(network, Place(last, reads=True), pictures)
    with torch.no_grad():
        inputs = pictures.take(range(300))
        module: Any = network.module
        maps = module.act2(module.conv2(module.act1(module.bn1(module.conv1(inputs)))))
        answers = module(inputs).argmax(1)
    np.testing.assert_allclose(found.values, maps.mean((2, 3)), rtol=1e-4, atol=1e-6)
    assert found.answers.tolist() == answers.tolist()
    assert found.labels.tolist() == [index % 3 for index in range(300)]
    assert (found.pictures.tolist(), found.places, found.read, found.taken) == (list(range(300)), 1, 300, 300)
    assert found.labelled and not found.constant and found.not_finite == 0


def test_maps_are_pooled_by_their_mean(network):
    pictures = pool(20)
    found = features(network, place(network, "conv1"), pictures)
    with torch.no_grad():
        expected = network.module.get_submodule("conv1")(pictures.take(range(20))).mean((2, 3))
    np.testing.assert_allclose(found.values, expected, rtol=1e-4, atol=1e-6)
    assert found.places == 64


def test_one_picture_alone_has_the_features_it_has_among_others(network):
    where, pictures = place(network, "head", reads=True), pool(5)
    found = features(network, where, pictures)
    with untouched(network.module):
        one = picture_features(network, where, pictures.take([3])[0].numpy())
    np.testing.assert_allclose(one, found.values[3], rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize(("name", "last"), [("vit", "head"), ("lenet5", "head"), ("mlp", "head")])
def test_networks_of_every_kind_have_a_penultimate_layer(name, last):
    of = classifier(built(ARCHITECTURES[name].build), side=28, classes=10)
    call = surveyed(of, pixels(side=28)).head
    assert call is not None and call.name == last
    pictures = pool(6, side=28)
    found = features(of, Place(call, reads=True), pictures)
    module: Any = of.module
    with torch.no_grad():
        logits = module(pictures.take(range(6)))
        np.testing.assert_allclose(module.head(torch.from_numpy(found.values)), logits, rtol=1e-4, atol=1e-5)


def test_tokens_are_averaged_without_the_class_token():
    of = classifier(built(ARCHITECTURES["vit"].build), side=28, classes=10)
    pictures = pool(3, side=28)
    kept: list[Tensor] = []
    found = features(of, place(of, "blocks.3"), pictures)
    hook = of.module.get_submodule("blocks.3").register_forward_hook(lambda *args: kept.append(args[2]))
    with torch.no_grad():
        of.module(pictures.take(range(3)))
    hook.remove()
    np.testing.assert_allclose(found.values, kept[0][:, 1:].mean(1), rtol=1e-4, atol=1e-6)
    assert found.places == 49


def test_channels_last_are_told_apart_from_places():
    of = classifier(built(ChannelsLast))
    found = features(of, place(of, "norm"), pool(4))
    assert (found.values.shape, found.places) == ((4, 5), 16)
    read = features(of, place(of, "mlp.0", reads=True), pool(4))
    assert (read.values.shape, read.places) == ((4, 5), 16)


class Convolved(nn.Module):
    """Classes told by a convolution, as SqueezeNet does."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Conv2d(1, 4, 3, padding=1)
        self.classes = nn.Conv2d(4, 3, 1)

    def forward(self, inputs: Tensor) -> Tensor:
        logits: Tensor = self.classes(self.body(inputs).relu()).mean((2, 3))
        return logits


def test_a_last_convolution_counts_like_a_last_linear_layer():
    of = classifier(built(Convolved))
    call = surveyed(of, pixels()).head
    assert call is not None and call.name == "classes"
    pictures = pool(7)
    found = features(of, Place(call, reads=True), pictures)
    with torch.no_grad():
        expected = of.module.get_submodule("body")(pictures.take(range(7))).relu().mean((2, 3))
    np.testing.assert_allclose(found.values, expected, rtol=1e-4, atol=1e-6)
    assert found.places == 64


class Twice(nn.Module):
    """One linear layer called twice."""

    def __init__(self) -> None:
        super().__init__()
        self.same = nn.Linear(64, 64)
        self.head = nn.Linear(64, 3)

    def forward(self, inputs: Tensor) -> Tensor:
        logits: Tensor = self.head(self.same(self.same(input=inputs.flatten(1)).relu()))
        return logits


def test_the_second_call_of_a_layer_reads_something_else_than_the_first():
    of = classifier(built(Twice))
    pictures = pool(4)
    pixels_of = pictures.take(range(4)).flatten(1)
    first, second = (features(of, place(of, f"same#{at}", reads=True), pictures).values for at in (1, 2))
    np.testing.assert_array_equal(first, pixels_of)
    with torch.no_grad():
        expected = of.module.get_submodule("same")(pixels_of).relu()
    np.testing.assert_allclose(second, expected, rtol=1e-4, atol=1e-6)


def test_a_network_without_weights_at_its_end_has_no_penultimate_layer():
    class Bare(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.act = nn.ReLU()

        def forward(self, inputs: Tensor) -> Tensor:
            maps: Tensor = self.act(inputs)
            return maps.flatten(1)[:, :3]

    of = classifier(Bare())
    assert surveyed(of, pixels()).head is None


def test_pictures_whose_features_are_no_numbers_are_left_out(network):
    pictures = pool(20)

    def take(indices: Any) -> Tensor:
        inputs = pictures.take(indices).clone()
        inputs[[at for at, index in enumerate(indices) if index in (4, 9)]] = torch.nan
        return inputs

    found = features(network, place(network, "conv1"), dataclasses.replace(pictures, take=take))
    assert (len(found), found.read, found.not_finite) == (18, 20, 2)
    assert 4 not in found.pictures and 9 not in found.pictures
    assert np.isfinite(found.values).all()


def test_logits_that_are_no_numbers_are_no_answer():
    def made() -> ConvNet:
        broken: Any = ConvNet()
        broken.head.bias.data[1] = torch.nan
        network: ConvNet = broken
        return network

    of = classifier(built(made))
    found = features(of, place(of, "head", reads=True), pool(5))
    assert found.answers.tolist() == [UNKNOWN] * 5 and found.not_finite == 0


def test_a_network_that_gives_no_number_leaves_no_picture():
    def made() -> ConvNet:
        broken: Any = ConvNet()
        broken.conv1.bias.data[2] = torch.nan
        network: ConvNet = broken
        return network

    of = classifier(built(made))
    found = features(of, place(of, "conv1"), pool(5))
    assert (len(found), found.not_finite, found.values.shape) == (0, 5, (0, 6))


def test_classes_that_are_not_the_networks_are_unknown(network):
    found = features(
        network, place(network, "conv1"), dataclasses.replace(pool(3), label=lambda index: "cat")
    )
    assert found.labels.tolist() == [UNKNOWN] * 3 and not found.labelled


def test_memory_is_bounded_by_taking_fewer_pictures(network, monkeypatch):
    monkeypatch.setattr(reading, "MOST_NUMBERS", 600)
    found = features(network, place(network, "conv1"), pool(300))
    assert (len(found), found.taken, found.read) == (128, 128, 128)


def test_progress_is_told_before_each_batch_and_ends_the_pass(network):
    told: list[float] = []

    def progress(share: float) -> None:
        told.append(share)
        if share > 0:
            raise InterruptedError

    with untouched(network.module), pytest.raises(InterruptedError):
        features(network, place(network, "conv1"), pool(1000), progress)
    assert told == [0.0, 0.128]
