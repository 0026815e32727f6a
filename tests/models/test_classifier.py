"""A network's key: equal for the same choice, and for nothing else."""

from __future__ import annotations

import dataclasses
import itertools
from collections import defaultdict

import pytest
import torch
from torch import nn

from models import zoo
from models.checkpoints import index
from models.checkpoints.architectures import LIBRARIES, OWN, identity
from models.checkpoints.operator_arguments import _library
from models.classifier import Weights, WeightsKey, architecture_of
from models.networks import find_network
from models.runtime.progress import silent
from tests.networks import Linear, classifier


@pytest.fixture
def own(monkeypatch):
    """Names a function as the operator's, under one name."""

    def name(function):
        monkeypatch.setitem(LIBRARIES, OWN, _library({"theirs:build": function}))
        return identity("own/theirs:build", {})

    return name


def _twins():
    alike = defaultdict(list)
    for row in index.shipped_index().rows:
        alike[row.body, row.head].append(row)
    return [rows for rows in alike.values() if len(rows) > 1]


def test_networks_of_the_same_tensors_have_keys_of_their_own():
    known = classifier(Linear()).key
    twins = _twins()
    assert sum(len({row.like for row in rows}) > 1 for rows in twins) >= 21
    for rows in twins:
        keys = {dataclasses.replace(known, architecture=identity(row.name, row.options)) for row in rows}
        assert len({key.digest for key in keys}) == len(keys) == len(rows), [row.name for row in rows]


def test_what_is_read_or_called_otherwise_has_another_key():
    linear = classifier(Linear())
    usual = linear.preprocessing
    others = [
        dataclasses.replace(linear, preprocessing=dataclasses.replace(usual, **change))
        for change in (
            {"size": (8, 9)},
            {"resize": 9},
            {"resize": (8, 8)},
            {"mean": (0.25,)},
            {"std": (0.25,)},
            {"mean": (0.5,) * 3, "std": (0.5,) * 3},
            {"interpolation": "bicubic"},
        )
    ]
    others.append(dataclasses.replace(linear, classes=("class 0", "class 2", "class 1")))
    others.append(dataclasses.replace(linear, weights=Weights.of({}, "nowhere")))
    others.append(dataclasses.replace(linear, architecture="another"))
    keys = [linear.key, *(other.key for other in others)]
    for one, other in itertools.combinations(keys, 2):
        assert one != other
        assert one.digest != other.digest
    assert all(len(key.short) == 8 for key in keys)


def test_the_same_choice_has_the_same_key():
    first, second = find_network("cnn").load(silent), find_network("cnn").load(silent)
    assert first is not second
    assert (first.key, hash(first.key), first.key.digest) == (
        second.key,
        hash(second.key),
        second.key.digest,
    )
    # A title and a source say nothing of what it computes.
    assert dataclasses.replace(first, title="Mine", name="mine").key == first.key


def test_the_networks_on_board_have_keys_of_their_own():
    keys = {find_network(name).load(silent).key for name in zoo.MODELS}
    assert len(keys) == len(zoo.MODELS)


def test_networks_without_tensors_are_told_apart():
    first, second = classifier(nn.Flatten()), classifier(nn.Flatten())
    assert first.weights.digest == second.weights.digest
    assert first.key != second.key


def test_two_functions_of_one_name_are_told_apart(own):
    def closed_over(width):
        def build(classes):
            return nn.Linear(width, classes)

        return build

    def build(classes):
        return nn.Linear(3, classes)

    first = closed_over(2)
    marks = [own(first), own(closed_over(3)), own(build), own(len)]
    assert len(set(marks)) == 4
    assert own(first) == marks[0]
    assert f"{__name__}:test_two_functions_of_one_name_are_told_apart" in marks[0]


def test_a_librarys_version_is_part_of_its_architectures():
    from timm import __version__

    assert architecture_of("timm", "resnet18") == f"timm {__version__}: resnet18 []"
    assert architecture_of("nothing installed", "x", b=1, a=2) == "nothing installed : x [('a', 2), ('b', 1)]"


def test_tensors_alone_are_told_apart_by_name_and_content():
    ones = Weights.of({"a": torch.ones(2)}, "a file")
    assert ones.key == WeightsKey(ones.digest, ("a",)) == Weights.of({"a": torch.ones(2)}, "another").key
    assert ones.key != Weights.of({"b": torch.ones(2)}, "a file").key
    assert ones.key != Weights.of({"a": torch.zeros(2)}, "a file").key
    assert ones.key != dataclasses.replace(ones, tensors={"net.a": torch.ones(2)}).key
