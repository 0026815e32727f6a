"""Which labelled sets fit a network, and which of them it learned from."""

from __future__ import annotations

import dataclasses

from dashboard.inspection.evaluation.sets import available_sets, dataset_of, doubt, is_upload, run_of
from models.datasets.embedded import MNIST_10K
from models.networks import find_network
from models.runtime.progress import silent
from tests.networks import ConvNet, built, classifier


def test_a_network_of_digits_has_the_pictures_it_never_saw_first_and_is_warned_of_the_others():
    model = find_network("mlp")
    network = model.load(silent)
    sets = available_sets(model, network)
    assert list(sets) == ["test", "train"]
    test, train = sets["test"](), sets["train"]()
    assert (test.name, test.warning, test.learned) == ("test", "", "")
    assert "how well it remembers" in train.warning and train.learned == MNIST_10K.name
    assert len(test.read(network).labels) == MNIST_10K.counts["test"]


def test_a_second_network_may_have_learned_from_the_training_pictures():
    model = find_network("mlp")
    sets = available_sets(model, model.load(silent))
    assert doubt(sets["test"](), model) == ""
    assert doubt(sets["train"](), model).startswith(f"{model.title} may have learned from these pictures")
    assert doubt(sets["train"](), dataclasses.replace(model, trained=False)) == ""


def test_a_network_of_photographs_has_no_labelled_set_here():
    model = find_network("squeezenet1_1")
    assert dataset_of(model, model.load(silent)) is None
    assert dict(available_sets(model, model.load(silent))) == {}


def test_the_dataset_is_that_of_the_network_s_own_classes():
    model = find_network("mlp")
    network = model.load(silent)
    other = dataclasses.replace(network, classes=tuple(f"class {number}" for number in range(10)))
    assert dataset_of(model, network) is MNIST_10K
    assert dataset_of(model, other) is MNIST_10K, "it reads digits, and has as many classes"
    assert f"What {model.title} was trained on is not known" in available_sets(model, other)["test"]().warning
    assert dataset_of(model, classifier(built(ConvNet))) is None


def test_a_name_says_who_made_a_network():
    model = find_network("mlp")
    assert (is_upload(model), run_of(model)) == (False, None)
    assert is_upload(dataclasses.replace(model, name="upload:0123456789abcdef"))
