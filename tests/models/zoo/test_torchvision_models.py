"""torchvision's networks: all listed, prepared as torchvision prepares them, and loaded as it loads them.

No weights are fetched: a network with random weights is published at a file:// address in their place.
"""

import hashlib
import pickle
import random
import re
from pathlib import Path

import numpy as np
import pytest
import torch
import torchvision
from PIL import Image

from models.classifier import digest
from models.datasets.imagenet import imagenet_classes
from models.runtime.download import hub_path
from models.runtime.errors import UserError
from models.runtime.progress import silent
from models.runtime.randomness import fork_rng
from models.zoo import torchvision_models

ALL_WEIGHTS = [
    weights
    for name in torchvision.models.list_models(module=torchvision.models)
    for weights in torchvision.models.get_model_weights(name)
]


def is_cached(name: str) -> bool:
    """Whether the weights of a network are on this machine already."""
    return hub_path(torchvision_models.default_weights(name).url.rpartition("/")[2]).is_file()


@pytest.fixture
def picture():
    noise = np.random.default_rng(0).integers(0, 256, (333, 501, 3), dtype=np.uint8)
    return Image.fromarray(noise)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """An empty cache."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def publish(tmp_path, monkeypatch):
    """Put tensors at a file:// address, under the name that torchvision would give them."""

    def published(name, tensors, **options):
        path = tmp_path / "published.pth"
        torch.save(tensors, path, **options)
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        path = path.rename(tmp_path / f"{Path(name).name}-{content[:8]}.pth")
        weights = torchvision_models.default_weights(name)
        monkeypatch.setattr(weights.value, "url", path.as_uri())
        return weights

    return published


def generators():
    """The state of everybody's generators."""
    numpy_state = np.random.get_state(legacy=False)["state"]["key"].tolist()
    return torch.get_rng_state().tolist(), numpy_state, random.getstate()


def random_tensors(name, **options):
    with fork_rng(1):
        return torchvision.models.get_model(Path(name).name, **options).state_dict()


def test_all_classification_networks_are_listed():
    names = torchvision_models.names()
    assert len(names) == len(set(names)) >= 80
    assert all(re.fullmatch(r"torchvision/[a-z0-9_]+", name) for name in names)
    assert not any("quantized" in name or "rcnn" in name or "r3d" in name for name in names)


@pytest.mark.slow
@pytest.mark.parametrize("name", torchvision_models.names())
def test_default_weights_tell_all_that_is_needed(name):
    weights = torchvision_models.default_weights(name)
    provenance = torchvision_models._provenance(weights)
    assert len(weights.meta["categories"]) == 1000
    assert provenance.accuracy is not None
    assert 0.4 < provenance.accuracy < 0.95
    assert "ImageNet" in provenance.trained_on
    assert provenance.licence
    assert re.fullmatch(r"https://download\.pytorch\.org/models/[\w.-]+-[0-9a-f]{8,}\.pth", weights.url)
    assert not torchvision_models.find(name).on_board
    assert not is_cached(name)


def test_classes_are_those_of_the_weights():
    assert imagenet_classes()[388] == "giant panda"
    for name in torchvision_models.names():
        categories = torchvision_models.default_weights(name).meta["categories"]
        assert tuple(categories) == imagenet_classes()


@pytest.mark.slow
def test_preprocessing_is_exactly_torchvisions_for_every_weights(picture):
    checked = set()
    for weights in ALL_WEIGHTS:
        ours = torchvision_models.preprocessing(weights)
        if ours not in checked:
            found, expected = ours.transforms()(picture), weights.transforms()(picture)
            assert torch.equal(found, expected), weights
            checked.add(ours)
    assert len(ALL_WEIGHTS) >= 115
    assert len(checked) >= 28


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("torchvision/mobilenet_v3_small", {}),
        ("torchvision/squeezenet1_1", {}),
        ("torchvision/googlenet", {"aux_logits": True, "init_weights": False}),
        ("torchvision/inception_v3", {"aux_logits": True, "init_weights": False}),
    ],
)
def test_loading_gives_the_logits_of_torchvisions_own_way(name, options, publish, home):
    tensors = random_tensors(name, **options)
    weights = publish(name, tensors)
    heard = []
    classifier = torchvision_models.find(name).load(lambda *progress: heard.append(progress))
    official = torchvision.models.get_model(Path(name).name, weights=weights).eval()  # from the same cache
    inputs = torch.rand(1, 3, 96, 96)
    with torch.no_grad():
        assert torch.equal(classifier.module(inputs), official(inputs))
    assert heard[-1][0] == heard[-1][1] > 0
    assert is_cached(name)
    assert [path.name for path in (home / "hub" / "checkpoints").iterdir()] == [classifier.weights.source]
    assert classifier.weights.digest == digest(official.state_dict())
    assert not classifier.module.training


@pytest.mark.slow
def test_names_of_the_first_densenets_are_read_as_torchvision_reads_them(publish):
    tensors = random_tensors("torchvision/densenet121")
    # The published files still call a layer norm.1 that has been norm1 since, and know no counters.
    old = {
        re.sub(r"(denselayer\d+\.(?:norm|conv))([12])", r"\1.\2", key): tensor
        for key, tensor in tensors.items()
        if not key.endswith("num_batches_tracked")
    }
    assert "features.denseblock1.denselayer1.norm.1.weight" in old
    publish("torchvision/densenet121", old)
    classifier = torchvision_models.find("torchvision/densenet121").load(silent)
    assert classifier.weights.digest == digest(tensors)


def test_checkpoints_older_than_torchs_zip_format_are_read(publish):
    tensors = random_tensors("torchvision/squeezenet1_1")
    publish("torchvision/squeezenet1_1", tensors, _use_new_zipfile_serialization=False)
    classifier = torchvision_models.find("torchvision/squeezenet1_1").load(silent)
    assert classifier.weights.digest == digest(tensors)


def test_a_checkpoint_with_anything_but_tensors_is_not_run(publish, tmp_path):
    class Harm:
        def __reduce__(self):
            return (Path.touch, (tmp_path / "harm",))

    publish("torchvision/squeezenet1_1", {"harm": Harm()})
    with pytest.raises(pickle.UnpicklingError):
        torchvision_models.find("torchvision/squeezenet1_1").load(silent)
    assert not (tmp_path / "harm").exists()


def test_a_checkpoint_that_lacks_a_weight_is_refused(publish):
    tensors = random_tensors("torchvision/squeezenet1_1")
    del tensors["classifier.1.bias"]
    publish("torchvision/squeezenet1_1", tensors)
    with pytest.raises(RuntimeError, match=r"classifier\.1\.bias"):
        torchvision_models.find("torchvision/squeezenet1_1").load(silent)


def test_loading_leaves_everybodys_generators_alone(publish):
    publish("torchvision/squeezenet1_1", random_tensors("torchvision/squeezenet1_1"))
    before = generators()
    torchvision_models.find("torchvision/squeezenet1_1").load(silent)
    assert generators() == before


def test_without_a_network_one_sentence_says_so(tmp_path, monkeypatch):
    weights = torchvision_models.default_weights("torchvision/vgg16")
    monkeypatch.setattr(weights.value, "url", (tmp_path / "vgg16-397923af.pth").as_uri())
    with pytest.raises(UserError, match=r"^vgg16-397923af\.pth could not be fetched .* on board\.$"):
        torchvision_models.find("torchvision/vgg16").load(silent)
    assert not is_cached("torchvision/vgg16")


def test_cancelling_leaves_nothing(publish, home):
    publish("torchvision/squeezenet1_1", random_tensors("torchvision/squeezenet1_1"))

    def cancel(done, total):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        torchvision_models.find("torchvision/squeezenet1_1").load(cancel)
    assert list((home / "hub" / "checkpoints").iterdir()) == []
