"""One layer over many pictures against brute force, and parts of the pictures against all of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from dashboard.inspection.passes.layer import KEPT, layer_over_data, layer_sums
from dashboard.inspection.passes.pool import Item, Pool, Shard
from models.classifier import Classifier
from models.zoo.small import ARCHITECTURES
from tests.networks import ConvNet, built, classifier, pixels, surveyed, untouched


def pool(count: int = 300, channels: int = 1, side: int = 8) -> Pool:
    generator = torch.Generator().manual_seed(5)
    inputs = torch.rand(count, channels, side, side, generator=generator) * 2 - 1
    items = tuple(Item(f"test/{index}", f"Test {index}") for index in range(count))
    return Pool("test pictures", "test", items, lambda indices: inputs[list(indices)])


def call(of: Classifier, layer: str) -> Any:
    return surveyed(of, pixels(side=of.preprocessing.size[0])).find(layer)


def by_hand(of: Classifier, pictures: Pool) -> tuple[np.ndarray, np.ndarray]:
    """What act1 reads and gives for all pictures at once, (N, C, P)."""
    with torch.no_grad():
        module: Any = of.module
        read = module.bn1(module.conv1(pictures.take(range(len(pictures)))))
        return read.flatten(2).numpy(), module.act1(read).flatten(2).numpy()


@pytest.mark.parametrize("layer", ["conv1", "bn1", "act1"])
def test_every_number_by_brute_force(network, layer):
    pictures = pool()
    with untouched(network.module):
        found = layer_over_data(network, call(network, layer), pictures)
    read, given = by_hand(network, pictures)
    channels = read.transpose(1, 0, 2).reshape(6, -1)
    assert (found.pictures, found.places, found.not_finite) == (300, 64, 0)
    np.testing.assert_allclose(found.mean, channels.mean(1), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(found.std, channels.std(1), rtol=1e-4)
    assert found.off is not None
    np.testing.assert_allclose(found.off, (channels <= 0).mean(1), atol=1e-4)
    assert found.full is None
    if layer == "act1":
        np.testing.assert_allclose(found.output_std, given.std((0, 2)), rtol=1e-4)
    largest = read.max(2)  # (N, C)
    for channel in range(6):
        ranked = np.argsort(-largest[:, channel], kind="stable")
        assert found.most[channel].tolist() == ranked[:KEPT].tolist()
        assert found.most_places[channel].tolist() == read[ranked[:KEPT], channel].argmax(1).tolist()
        np.testing.assert_allclose(found.most_values[channel], largest[ranked[:KEPT], channel], rtol=1e-5)
        lowest = np.argsort(largest[:, channel], kind="stable")[:KEPT]
        assert found.least[channel].tolist() == lowest.tolist()
        np.testing.assert_allclose(
            found.least_values[channel], largest[lowest, channel], rtol=1e-4, atol=1e-6
        )
        counts, _ = np.histogram(channels[channel].astype(float), found.edges(channel))
        assert np.abs(found.counts[channel] - counts).sum() <= 4  # rounding at an edge
    assert found.counts.sum(1).tolist() == [300 * 64] * 6


def test_two_halves_merged_are_the_whole_bit_by_bit(network):
    pictures, where = pool(1000), call(network, "conv1")
    whole: Any = layer_sums(network, where, pictures)[0]
    parts: list[Any] = [layer_sums(network, where, pictures, shard=Shard(rank, 3))[0] for rank in range(3)]
    merged = parts[2].merge(parts[0]).merge(parts[1])
    for field in dataclasses.fields(whole):
        mine, theirs = getattr(merged, field.name), getattr(whole, field.name)
        if isinstance(mine, Tensor):
            assert torch.equal(mine, theirs), field.name
            continue
        for inner in dataclasses.fields(mine):
            one, other = getattr(mine, inner.name), getattr(theirs, inner.name)
            if field.name in ("read", "output"):
                torch.testing.assert_close(one, other, rtol=1e-12, atol=1e-14)
            else:
                assert torch.equal(one, other), (field.name, inner.name)


def test_a_shard_without_pictures_adds_nothing(network):
    assert layer_sums(network, call(network, "conv1"), pool(10), shard=Shard(3, 4))[0] is None


def test_a_single_picture(network):
    found = layer_over_data(network, call(network, "act2"), pool(1))
    assert found.pictures == 1
    assert found.most[:, 0].tolist() == [0] * 5
    assert (found.most[:, 1:] == -1).all()


def test_a_dead_unit_is_off_everywhere_and_its_neighbour_never():
    def made() -> ConvNet:
        network: Any = ConvNet()
        network.bn1 = nn.Identity()
        nn.init.zeros_(network.conv1.weight)
        network.conv1.bias.data = torch.tensor([-1.0, 1.0, 0.0, 2.0, -3.0, 0.5])
        built_so: ConvNet = network
        return built_so

    of = classifier(built(made))
    found = layer_over_data(of, call(of, "conv1"), pool(20))
    assert found.off is not None and found.off.tolist() == [1, 0, 1, 0, 1, 0]
    assert found.mean.tolist() == [-1, 1, 0, 2, -3, 0.5]
    assert not found.std.any()
    # All pictures are equal: the first ones are kept.
    assert found.most[1].tolist() == list(range(KEPT)) == found.least[1].tolist()


def test_values_that_are_no_numbers_are_counted_and_nothing_breaks():
    def made() -> ConvNet:
        network: Any = ConvNet()
        network.conv1.bias.data[2] = torch.nan
        built_so: ConvNet = network
        return built_so

    of = classifier(built(made))
    found = layer_over_data(of, call(of, "conv1"), pool(10))
    assert found.not_finite == 10 * 64
    assert np.isfinite(found.mean).all() and np.isfinite(found.std).all()


def test_the_logits_have_no_activation_and_attention_is_told_by_tokens():
    of = classifier(built(ARCHITECTURES["vit"].build), side=28, classes=10)
    pictures = pool(6, side=28)
    head = layer_over_data(of, call(of, "head"), pictures)
    assert (head.curve, head.off, head.places, len(head.mean)) == (None, None, 1, 10)
    with torch.no_grad():
        logits = of.module(pictures.take(range(6)))
    np.testing.assert_allclose(head.mean, logits.mean(0), rtol=1e-4, atol=1e-6)
    hidden = layer_over_data(of, call(of, "blocks.0.mlp.fc1"), pictures)
    assert hidden.curve is not None and hidden.curve.title == "GELU"
    assert hidden.places == 49
    softmax = layer_over_data(of, call(of, "blocks.0.attn.softmax"), pictures)
    assert softmax.mean.tolist() == pytest.approx([1 / 50] * 4)


def test_progress_is_told_before_each_batch_and_ends_the_pass(network):
    told: list[float] = []

    def progress(share: float) -> None:
        told.append(share)
        if share > 0:
            raise InterruptedError

    with untouched(network.module), pytest.raises(InterruptedError):
        layer_over_data(network, call(network, "conv1"), pool(1000), progress)
    assert told == [0.0, 0.128]


def test_memory_is_bounded_by_the_batch(network):
    taken: list[int] = []
    pictures = pool(1000)

    def take(indices: Sequence[int]) -> Tensor:
        taken.append(len(indices))
        return pictures.take(indices)

    found = layer_over_data(network, call(network, "conv1"), dataclasses.replace(pictures, take=take))
    assert found.pictures == 1000
    assert max(taken) == 128
