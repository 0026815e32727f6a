"""A run's checkpoint is a network like any other."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from models import datasets
from models.datasets.entry import Arrays
from models.networks import find_network
from models.runtime.errors import UserError
from models.runtime.progress import silent
from models.training import as_networks as runs
from models.training import session
from models.zoo.small import ACTIVATIONS, ARCHITECTURES


@pytest.fixture
def trained(finished_run):
    return finished_run(epochs=6, learning_rate=0.003)


@pytest.mark.slow
def test_the_best_checkpoint_classifies_as_well_as_was_measured(trained):
    classifier = find_network(f"run:{trained.id}").load(silent)
    dataset = datasets.find_dataset("mnist-10k")
    images = dataset.load(silent)
    assert isinstance(images, Arrays)
    inputs = torch.from_numpy(images.pixels["test"])[:, None].float().div_(255).sub_(0.1307).div_(0.3081)
    top1 = (classifier.module(inputs).argmax(1).numpy() == images.labels("test")).mean()
    assert top1 == pytest.approx(trained.status().scores["test_top1"])
    assert classifier.provenance.accuracy == pytest.approx(top1)
    assert (classifier.trained, classifier.fits, classifier.classes) == (True, "mnist-10k", dataset.classes)
    assert not classifier.module.training
    assert not any(p.requires_grad for p in classifier.module.parameters())


def test_every_checkpoint_has_an_address(trained):
    digests = set()
    for checkpoint in trained.checkpoints().all:
        address = runs.address(trained, checkpoint)
        assert address == f"run:{trained.id}@{checkpoint.step}"
        model = find_network(address)
        assert model.name == address
        assert f"{checkpoint.step:,}" in model.title
        classifier = model.load(silent)
        assert all(classifier.weights.tensors[n].equal(t) for n, t in checkpoint.tensors().items())
        digests.add(classifier.weights.digest)
    assert len(digests) == 6


def test_the_best_one_can_be_pinned(trained):
    best = int(trained.status().scores["best_step"])
    assert find_network(f"run:{trained.id}").identity == f"run:{trained.id}@{best}"
    assert find_network(f"run:{trained.id}@10").identity == f"run:{trained.id}@10"
    assert runs.best_addresses() == (f"run:{trained.id}",)


@pytest.mark.parametrize(
    "name",
    ["run:", "run:@1", "run:../x", "run:a@b", "run:a@-1", "run:a@01", "run:a@1@2", "run:a/b", "run:nobody"],
)
def test_what_is_no_address_is_refused(name):
    with pytest.raises(UserError):
        find_network(name)


def test_a_damaged_checkpoint_is_told(trained):
    checkpoint = trained.checkpoints().last
    model = find_network(runs.address(trained, checkpoint))
    checkpoint.path.write_bytes(checkpoint.path.read_bytes()[:-9])
    with pytest.raises(UserError, match="damaged"):
        model.load(silent)


@pytest.mark.slow
def test_weights_of_another_network_are_told(trained):
    other = dataclasses.replace(trained.config, model="lenet5").to_json()
    from models.runtime import files

    files.write_json(trained.path / "config.json", other)
    with pytest.raises(UserError, match="do not fit"):
        find_network(f"run:{trained.id}").load(silent)


@pytest.mark.slow
@pytest.mark.parametrize("model", [name for name in ARCHITECTURES if name != "mlp"])
def test_every_architecture_comes_back(create_run, model):
    run = create_run(model=model, train_samples=40, validation=0.01, epochs=1, dropout=0.2)
    session.train(run.path, run.config)
    classifier = find_network(f"run:{run.id}").load(silent)
    assert classifier.module(torch.zeros(1, 1, 28, 28)).isfinite().all()


@pytest.mark.slow
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("model", ["mlp", "vit"])
def test_every_activation_function_comes_back(create_run, model, activation):
    run = create_run(model=model, activation=activation, train_samples=200, validation=0.01, epochs=2)
    assert session.train(run.path, run.config) == "finished"
    network = find_network(f"run:{run.id}")
    module = network.load(silent).module
    expected = getattr(torch.nn, ACTIVATIONS[activation].module)
    kinds = {type(layer) for layer in module.modules()}
    assert expected in kinds
    assert not kinds & {torch.nn.ReLU, torch.nn.GELU} - {expected}
    own = activation == ARCHITECTURES[model].activation
    assert (ACTIVATIONS[activation].title in network.title) is not own


def test_the_network_key_tells_activation_functions_apart(finished_run):
    from models.runtime import files

    run = finished_run()
    keys, answers = [], []
    pixels = torch.randn(1, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    old = run.config.to_json()
    for activation in ("own", "relu", "tanh", "sigmoid"):
        files.write_json(run.path / "config.json", {**old, "activation": activation})
        classifier = find_network(f"run:{run.id}").load(silent)
        keys.append(classifier.key)
        answers.append(classifier.module(pixels))
    assert keys[0] == keys[1] and len({*map(repr, keys)}) == 3
    assert answers[0].equal(answers[1]) and not answers[0].equal(answers[2])
    # A run of before there was a choice.
    del old["activation"]
    files.write_json(run.path / "config.json", old)
    assert find_network(f"run:{run.id}").load(silent).key == keys[0]


def test_a_run_on_a_folder_comes_back(create_run, tmp_path):
    from PIL import Image

    for label in ("cat", "dog"):
        (tmp_path / "pictures" / label).mkdir(parents=True)
        for k in range(10):
            pixels = np.full((30, 30, 3), 25 * k + (label == "dog"), dtype=np.uint8)
            Image.fromarray(pixels).save(tmp_path / "pictures" / label / f"{k}.png")
    run = create_run(dataset="folder", data=str(tmp_path / "pictures"), train_samples=0, batch_size=4)
    assert session.train(run.path, run.config) == "finished"
    classifier = find_network(f"run:{run.id}").load(silent)
    assert (classifier.classes, classifier.fits) == (("cat", "dog"), "photos")
    # The weights outlive the pictures.
    (tmp_path / "pictures").rename(tmp_path / "moved")
    assert find_network(f"run:{run.id}").load(silent).classes == ("cat", "dog")
