"""timm's networks: all classifiers listed, prepared as timm prepares them, and loaded through timm itself.

No weights are fetched: a network with random weights is published at a file:// address in their place.
"""

import random
import re
from email.message import Message
from pathlib import Path
from urllib.error import HTTPError

import huggingface_hub
import numpy as np
import pytest
import timm
import torch
from PIL import Image
from safetensors.torch import save_file
from timm.data.config import resolve_data_config
from timm.data.transforms_factory import create_transform

from models.classifier import digest
from models.runtime.download import fetch, hub_path
from models.runtime.errors import UserError
from models.runtime.progress import silent
from models.runtime.randomness import fork_rng
from models.zoo import timm_models

NAME = "timm/test_vit.r160_in1k"


def is_cached(name: str) -> bool:
    """Whether the weights of a network are on this machine already."""
    chosen = timm_models.config(name)
    if chosen.hf_hub_id:
        return timm_models._stored_path(chosen.hf_hub_id) is not None
    return hub_path(timm_models._url(chosen).rpartition("/")[2]).is_file()


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Empty caches."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "home"


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """A hub at a file:// address; empty."""
    folder = tmp_path / "published"
    monkeypatch.setattr(
        huggingface_hub, "hf_hub_url", lambda repository, file: (folder / repository / file).as_uri()
    )
    return folder


def generators():
    """The state of everybody's generators."""
    numpy_state = np.random.get_state(legacy=False)["state"]["key"].tolist()
    return torch.get_rng_state().tolist(), numpy_state, random.getstate()


def random_network(name):
    with fork_rng(1):
        return timm.create_model(name.removeprefix("timm/").partition(".")[0]).eval()


def publish(folder, module, file="model.safetensors"):
    folder.mkdir(parents=True)
    if file.endswith("safetensors"):
        save_file(module.state_dict(), folder / file)
    else:
        torch.save(module.state_dict(), folder / file)


def assert_loaded(classifier, module):
    inputs = torch.rand(2, 3, *classifier.preprocessing.size)
    with torch.no_grad():
        assert torch.equal(classifier.module(inputs), module(inputs))
    assert classifier.weights.digest == digest(module.state_dict())
    assert not classifier.module.training
    assert not any(parameter.requires_grad for parameter in classifier.module.parameters())


def test_all_classifiers_are_listed():
    names = timm_models.names()
    assert len(names) == len(set(names)) > 1300
    assert all(re.fullmatch(r"timm/[a-z0-9_]+\.[a-z0-9_]+", name) for name in names)
    assert "timm/resnet50.a1_in1k" in names


@pytest.mark.parametrize(
    "name",
    [
        "timm/vit_small_patch14_dinov2.lvd142m",  # no classifier
        "timm/vit_base_patch16_clip_224.openai",  # its 512 "classes" are an embedding
        "timm/mvitv2_base_cls.fb_inw21k",  # nobody says what its 19168 classes are
        "timm/resnet50",  # not said which weights
    ],
)
def test_what_cannot_classify_by_name_is_not_listed(name):
    with pytest.raises(UserError, match="There is no network called"):
        timm_models.find(name)


@pytest.mark.slow
def test_preprocessing_is_exactly_timms_for_every_network():
    noise = np.random.default_rng(0).integers(0, 256, (333, 501, 3), dtype=np.uint8)
    picture, checked, modes = Image.fromarray(noise), set(), set()
    for name in timm_models.names():
        config = timm_models.config(name)
        ours = timm_models.preprocessing(config)
        if ours not in checked:
            theirs = create_transform(**resolve_data_config(pretrained_cfg=config.to_dict()))
            assert torch.equal(ours.transforms()(picture), theirs(picture)), name
            checked.add(ours)
            modes.add(config.crop_mode)
    assert modes == {"center", "squash"}
    assert len(checked) > 100


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "count", "first"),
    [
        ("timm/resnet50.a1_in1k", 1000, "tench"),
        ("timm/convnext_base.clip_laion2b_augreg_ft_in12k", 11821, "benthos"),
        ("timm/beit_base_patch16_224.in22k_ft_in22k", 21841, "organism, being"),
        ("timm/focalnet_large_fl3.ms_in22k", 21842, "tench, Tinca tinca"),
        ("timm/mobilenetv3_large_100.miil_in21k", 11221, "benthos"),
        ("timm/flexivit_base.300ep_in21k", 21843, "organism, being"),
    ],
)
def test_classes_have_names(name, count, first):
    classes = timm_models._classes(timm_models.config(name))
    assert len(classes) == count
    assert classes[0] == first


def test_every_network_says_where_it_comes_from():
    for name in timm_models.names():
        config = timm_models.config(name)
        provenance = timm_models._provenance(config)
        assert provenance.licence
        assert provenance.trained_on.startswith("ImageNet-")
        assert provenance.source.removeprefix("timm, ")
        assert re.fullmatch(r"(https://arxiv\.org/abs/[\d.v]+)?", provenance.paper)
        assert config.hf_hub_id or timm_models._url(config).startswith("https://")


@pytest.mark.slow
@pytest.mark.parametrize("name", [NAME, "timm/test_convnext.r160_in1k", "timm/test_nfnet.r160_in1k"])
def test_weights_are_fetched_once_and_loaded_through_timm(name, hub, home):
    module, heard = random_network(name), []
    publish(hub / name, module)
    assert not is_cached(name)
    classifier = timm_models.find(name).load(lambda *progress: heard.append(progress))
    assert_loaded(classifier, module)
    assert heard[-1][0] == heard[-1][1] > 0
    assert len(list(home.rglob("*.safetensors"))) == 1
    assert is_cached(name)
    (hub / name / "model.safetensors").unlink()
    assert_loaded(timm_models.find(name).load(silent), module)


def test_pickled_tensors_are_taken_where_the_hub_has_nothing_better(hub, monkeypatch):
    module = random_network(NAME)
    publish(hub / NAME, module, "pytorch_model.bin")

    def answering_404(url, *arguments):
        if url.endswith(".safetensors"):
            raise UserError from HTTPError(url, 404, "", Message(), None)
        return fetch(url, *arguments)

    monkeypatch.setattr(timm_models, "fetch", answering_404)
    assert_loaded(timm_models.find(NAME).load(silent), module)


def test_what_other_tools_brought_is_used(tmp_path):
    module = random_network(NAME)
    repository = tmp_path / "hub" / "models--timm--test_vit.r160_in1k"
    publish(repository / "snapshots" / "abc", module)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("abc")
    assert is_cached(NAME)
    assert_loaded(timm_models.find(NAME).load(silent), module)


@pytest.mark.slow
def test_networks_that_are_on_no_hub_come_from_their_address(tmp_path, monkeypatch):
    name = "timm/legacy_seresnet18.in1k"
    module = random_network(name)
    torch.save(module.state_dict(), tmp_path / "seresnet18.pth")
    monkeypatch.setattr(timm_models, "_url", lambda _: (tmp_path / "seresnet18.pth").as_uri())
    assert not is_cached(name)
    assert_loaded(timm_models.find(name).load(silent), module)
    assert is_cached(name)


def test_weights_of_another_network_are_refused(hub):
    publish(hub / NAME, random_network("timm/test_convnext.r160_in1k"))
    with pytest.raises(RuntimeError, match="Missing key"):
        timm_models.find(NAME).load(silent)


def test_loading_leaves_everybodys_generators_alone(hub):
    publish(hub / NAME, random_network(NAME))
    before = generators()
    timm_models.find(NAME).load(silent)
    assert generators() == before


def test_without_a_network_one_sentence_says_so(hub, tmp_path):
    with pytest.raises(
        UserError, match=r"^timm--test_vit\.r160_in1k--.* could not be fetched .* on board\.$"
    ):
        timm_models.find(NAME).load(silent)
    assert not is_cached(NAME)
    assert not [path for path in Path(tmp_path).rglob("*") if path.is_file()]


def test_the_hubs_offline_switch_is_obeyed(hub, monkeypatch):
    publish(hub / NAME, random_network(NAME))
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(UserError, match="HF_HUB_OFFLINE is set"):
        timm_models.find(NAME).load(silent)


def test_cancelling_leaves_nothing(hub, home):
    publish(hub / NAME, random_network(NAME))

    def cancel(done, total):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        timm_models.find(NAME).load(cancel)
    assert not [path for path in home.rglob("*") if path.is_file()]
