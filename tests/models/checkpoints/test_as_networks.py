"""A dropped checkpoint is a network like any other, and what was said of it is part of its address."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import timm
import torch
from PIL import Image
from safetensors.torch import save
from torch import nn
from torchvision import models

from models.checkpoints import architectures, building, index
from models.checkpoints import as_networks as checkpoints
from models.checkpoints.choice import Choice
from models.checkpoints.known import Entry
from models.checkpoints.store import Store
from models.networks import find_network
from models.photos.uploads import Uploads
from models.runtime.errors import UserError
from models.runtime.progress import silent
from models.zoo.small import ARCHITECTURES
from tests.models.checkpoints import files

pytestmark = pytest.mark.usefixtures("forked_children")


@pytest.fixture
def store(monkeypatch):
    """A store of its own in the place of the server's."""
    own = Store(Uploads(budget=lambda: 200 * 1024**2, hours=lambda: 1))
    monkeypatch.setattr(checkpoints, "CHECKPOINTS", own)
    return own


@pytest.fixture(scope="module")
def resnet():
    torch.manual_seed(0)
    return models.resnet18(num_classes=5).eval()


@pytest.fixture(scope="module")
def dropped(resnet):
    return save(resnet.state_dict())


@pytest.mark.slow
def test_a_checkpoint_computes_what_its_network_does(store, resnet, dropped):
    upload = store.take(dropped, "mine.safetensors", "ann")
    model = find_network(upload.address)
    classifier = model.load(silent)
    picture = torch.randn(1, 3, 224, 224)
    with torch.no_grad():
        # The tensors lie elsewhere in memory, for which other kernels are taken.
        assert classifier.module(picture).allclose(resnet(picture), atol=1e-5)
    assert not classifier.module.training
    assert not any(p.requires_grad for p in classifier.module.parameters())
    assert classifier.classes == tuple(f"class {k}" for k in range(5))
    assert (model.fits, model.trained, model.on_board) == ("photos", False, True)
    assert re.fullmatch(r"resnet18 \(torchvision\), checkpoint [0-9a-f]{6}", model.title)
    assert model.identity == upload.address


@pytest.mark.slow
def test_what_is_said_of_a_checkpoint_is_in_its_address(store, dropped):
    upload = store.take(dropped, "mine.safetensors", "ann")
    held = store.find(upload.address)
    said = Choice(classes=("a", "b", "c", "d", "e"), normalisation="half")
    address = store.remember(held, said)
    assert re.fullmatch(r"upload:[0-9a-f]{16}@[0-9a-f]{16}", address)
    first, second = find_network(upload.address), find_network(address)
    assert first.identity != second.identity
    classifier = second.load(silent)
    assert classifier.classes == said.classes
    assert classifier.preprocessing.mean == (0.5, 0.5, 0.5)
    assert first.load(silent).preprocessing.mean == pytest.approx((0.485, 0.456, 0.406))
    assert store.remember(held, Choice()) == upload.address
    # Each says something else of the same file, and neither changes what the other sees.
    assert store.remember(held, Choice(normalisation="none")) != address


@pytest.mark.slow
def test_a_thousand_classes_are_called_as_those_of_imagenet(store):
    upload = store.take(save(models.squeezenet1_1().state_dict()), "x.safetensors", "ann")
    assert find_network(upload.address).load(silent).classes[388] == "giant panda"


@pytest.mark.slow
@pytest.mark.parametrize("name", ARCHITECTURES)
@pytest.mark.parametrize("channels", [1, 3])
def test_our_own_networks_come_back(store, name, channels):
    module = ARCHITECTURES[name].build(10, channels).eval()
    wrapped = {f"module.{key}": tensor for key, tensor in module.state_dict().items()}
    upload = store.take(save(wrapped), "x.safetensors", "ann")
    classifier = find_network(upload.address).load(silent)
    picture = torch.randn(2, channels, 28, 28)
    with torch.no_grad():
        assert classifier.module(picture).allclose(module(picture), atol=1e-5)
    assert classifier.preprocessing.channels == channels
    assert classifier.fits == ("mnist-10k" if channels == 1 else "photos")


@pytest.mark.slow
def test_weights_do_not_tell_what_a_small_first_layer_does_so_it_is_assumed_and_can_be_said(store):
    module = models.resnet18(num_classes=10).eval()
    module.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
    upload = store.take(files.saved({"net": module.state_dict(), "acc": 95.2}), "ckpt.pth", "ann")
    pooled, module.maxpool, classifiers = module.maxpool, nn.Identity(), []
    picture = torch.randn(1, 3, 32, 32)
    for choice, pooling in ((Choice(), nn.Identity()), (Choice(stem="pooled"), pooled)):
        module.maxpool = pooling
        classifiers.append(find_network(store.remember(store.find(upload.address), choice)).load(silent))
        assert classifiers[-1].preprocessing.size == (32, 32)
        with torch.no_grad():
            assert classifiers[-1].module(picture).allclose(module(picture), atol=1e-5)
    assert [(of.claims.stem, of.claims.stemmed) for of in classifiers] == [
        ("steps of 1 px, and no pooling", "assumed"),
        ("steps of 1 px, and pooling", "said by a person"),
    ]
    assert classifiers[0].key != classifiers[1].key


@pytest.mark.slow
@pytest.mark.parametrize("nested", [False, True])
def test_of_a_teacher_and_a_student_the_teacher_answers(store, nested):
    of = {name: ARCHITECTURES["mlp"].build(10, 1).eval() for name in ("student", "teacher")}
    assert not torch.equal(of["student"].state_dict()["fc1.weight"], of["teacher"].state_dict()["fc1.weight"])
    flat = {f"{part}.{name}": tensor for part in of for name, tensor in of[part].state_dict().items()}
    content = {part: {"state_dict": of[part].state_dict()} for part in of} if nested else {"state_dict": flat}
    upload = store.take(files.saved({**content, "best_acc1": np.float64(91.2)}), "x.pth", "ann")
    picture = torch.randn(2, 1, 28, 28)
    with torch.no_grad():
        answer = find_network(upload.address).load(silent).module(picture)
        torch.testing.assert_close(answer, of["teacher"](picture))


@pytest.mark.slow
def test_weights_do_not_tell_the_activation_function_so_it_is_assumed_and_can_be_said(store):
    module = replace(ARCHITECTURES["mlp"], activation="tanh").build(10, 1).eval()
    upload = store.take(save(module.state_dict()), "x.safetensors", "ann")
    held, picture = store.find(upload.address), torch.randn(2, 1, 28, 28)
    assumed = find_network(upload.address)
    assert (assumed.load(silent).claims.activation, assumed.load(silent).claims.activated) == (
        "ReLU",
        "assumed",
    )
    said = find_network(store.remember(held, Choice(activation="tanh")))
    classifier = said.load(silent)
    assert (classifier.claims.activation, classifier.claims.activated) == ("Tanh", "said by a person")
    assert said.title.startswith("MLP 784-128-64-10 with Tanh") and "with" not in assumed.title
    assert classifier.key != assumed.load(silent).key
    assert classifier.module(picture).allclose(module(picture))
    assert not assumed.load(silent).module(picture).allclose(module(picture))


def _grey(library: str) -> nn.Module:
    """A network for grey pictures: its first convolution replaced by hand, or made so by timm's own option."""
    torch.manual_seed(0)
    if library == "timm":
        network: nn.Module = timm.create_model("mobileone_s0", in_chans=1, num_classes=4)
        return network.eval()
    network = models.resnet18(num_classes=4)
    network.conv1 = nn.Conv2d(1, 64, 7, stride=2, padding=3, bias=False)
    return network.eval()


@pytest.mark.slow
@pytest.mark.parametrize("library", ["torchvision", "timm"])
def test_a_network_for_grey_pictures_is_one_too(store, library):
    module = _grey(library)
    upload = store.take(save(module.state_dict()), "x.safetensors", "ann")
    classifier = find_network(upload.address).load(silent)
    picture = torch.randn(1, 1, 224, 224)
    with torch.no_grad():
        assert classifier.module(picture).allclose(module(picture), atol=1e-5)
    assert (classifier.fits, len(classifier.classes)) == ("photos", 4)
    assert classifier.preprocessing.mean == pytest.approx([(0.485 + 0.456 + 0.406) / 3])
    assert classifier.preprocessing.transforms()(Image.new("RGB", (300, 200))).shape == (1, 224, 224)
    named = store.remember(store.find(upload.address), Choice(normalisation="cifar10"))
    assert find_network(named).load(silent).preprocessing.std == pytest.approx(
        [(0.2470 + 0.2435 + 0.2616) / 3]
    )


@pytest.mark.slow
def test_what_more_channels_than_pictures_have_hold_is_asked_and_a_network_answers_then(store, resnet):
    more = torch.randn(64, 2, 7, 7)
    kernels = torch.cat([resnet.conv1.weight.detach(), more], 1)
    upload = store.take(save(dict(resnet.state_dict()) | {"conv1.weight": kernels}), "x.safetensors", "ann")
    held = store.find(upload.address)
    assert held.match is None and held.channels == held.likely_channels == 5
    with pytest.raises(
        UserError, match="reads 5 channels; say under Your checkpoint what each of them holds"
    ):
        find_network(upload.address)
    said = store.remember(held, Choice(planes="rgb00"))
    classifier = find_network(said).load(silent)
    assert (classifier.claims.channels, classifier.preprocessing.channels) == ("said by a person", 5)
    picture = Image.effect_noise((300, 200), 90).convert("RGB")
    inputs = classifier.preprocessing.transforms()(picture)[None]
    with torch.no_grad():
        torch.testing.assert_close(classifier.module(inputs), resnet(inputs[:, :3]), rtol=1e-4, atol=1e-4)
        ones = find_network(store.remember(held, Choice(planes="rgb11"))).load(silent)
        assert not torch.allclose(
            ones.module(ones.preprocessing.transforms()(picture)[None]), resnet(inputs[:, :3])
        )
    assert ones.key != classifier.key


@pytest.mark.slow
def test_what_a_network_computes_for_itself_when_made_is_there(store):
    """Swin's tables of positions are in no checkpoint that was thinned out."""
    torch.manual_seed(0)
    module = models.swin_t(num_classes=3).eval()
    thin = {k: v for k, v in module.state_dict().items() if not k.endswith("relative_position_index")}
    upload = store.take(save(thin), "x.safetensors", "ann")
    picture = torch.randn(1, 3, 224, 224)
    with torch.no_grad():
        assert find_network(upload.address).load(silent).module(picture).allclose(module(picture), atol=1e-5)


@pytest.mark.slow
def test_what_matches_nothing_is_refused_and_its_weights_are_there(store, resnet):
    state = {
        f"module.{name}": tensor.half() for name, tensor in resnet.state_dict().items() if name != "bn1.bias"
    }
    upload = store.take(save(state), "x.safetensors", "ann")
    with pytest.raises(
        UserError, match=r"^No network that is known here has tensors of these names and shapes, so"
    ):
        find_network(upload.address)
    weights = checkpoints.weights(upload.address)
    assert weights.tensors.keys() == resnet.state_dict().keys() - {"bn1.bias"}
    assert weights.tensors["conv1.weight"].equal(resnet.conv1.weight.half())
    assert weights.tensors["conv1.weight"].dtype == torch.float16
    found = checkpoints.nearest(store.find(upload.address))
    assert found is not None
    title, compared = found
    assert title.startswith("resnet18")
    assert compared.missing == ("bn1.bias",)


@pytest.mark.slow
def test_weights_keep_their_dtype_and_the_network_is_float32(store):
    module = models.squeezenet1_1(num_classes=4).to(torch.bfloat16)
    upload = store.take(save(module.state_dict()), "x.safetensors", "ann")
    classifier = find_network(upload.address).load(silent)
    assert {tensor.dtype for tensor in classifier.weights.tensors.values()} == {torch.bfloat16}
    assert {parameter.dtype for parameter in classifier.module.parameters()} == {torch.float32}
    assert checkpoints.weights(upload.address).digest == classifier.weights.digest


@pytest.mark.parametrize(
    "address",
    [
        "upload:",
        "upload:0123456789abcdef",
        "upload:0123456789abcdef@0123456789abcdef",
        "upload:../../etc/passwd",
        "upload:" + "0" * 64,
        "upload:0123456789ABCDEF",
        "upload:0123456789abcdef@",
        "upload:" + "x" * 100_000,
    ],
    ids=lambda address: address[:40],
)
def test_an_address_that_names_nothing_is_refused(store, address):
    for look in (find_network, checkpoints.weights):
        with pytest.raises(
            UserError, match=r"^The checkpoint of this link was dropped on another server, or .*\.$"
        ):
            look(address)


@pytest.mark.slow
def test_what_was_said_and_forgotten_is_refused(store, dropped):
    upload = store.take(dropped, "x", "ann")
    with pytest.raises(UserError, match="drop it again"):
        find_network(f"{upload.address}@{'0' * 16}")


def _moved(module: nn.Module) -> nn.Module:
    for layer in module.modules():
        if isinstance(layer, nn.BatchNorm2d):
            assert layer.running_mean is not None
            layer.running_mean.add_(0.5)
        elif isinstance(layer, nn.LayerNorm):
            layer.weight.data += 0.1
    return module


@pytest.mark.slow
@pytest.mark.parametrize("name", ["resnet", "vit"])
def test_a_network_that_nobody_trained_is_said_to_be_so(store, name):
    module = ARCHITECTURES[name].build(10, 1)
    fresh = store.take(save(module.state_dict()), "fresh.pt", "ann")
    trained = store.take(save(_moved(module).state_dict()), "trained.pt", "ann")
    assert not find_network(fresh.address).trained
    assert find_network(trained.address).trained
    assert find_network(trained.address).load(silent).trained


def _scripted(module: nn.Module, path: Path) -> None:
    torch.jit.save(torch.jit.trace(module, torch.zeros(1, 1, 28, 28)), path)


def _exported(module: nn.Module, path: Path) -> None:
    torch.export.save(torch.export.export(module, (torch.zeros(1, 1, 28, 28),)), path)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning", "ignore::FutureWarning")
@pytest.mark.parametrize(("saved", "kind"), [(_scripted, "TorchScript"), (_exported, "torch.export program")])
def test_a_program_is_loaded_for_the_operator_alone(store, tmp_path, saved, kind):
    module = ARCHITECTURES["lenet5"].build(10, 1).eval()
    path = tmp_path / "program.pt2"
    saved(module, path)
    with pytest.raises(UserError, match=rf"^mine\.pt is (a )?{kind}, and loading one can run code"):
        store.take(path.read_bytes(), "mine.pt", "ann")
    upload = store.take_file(path)
    held = store.find(upload.address)
    assert held.origin.kind == kind
    assert held.recognition.match() is not None
    loaded = checkpoints.weights(upload.address).tensors
    assert all(torch.equal(loaded[name], tensor) for name, tensor in module.state_dict().items())


@pytest.mark.slow
@pytest.mark.parametrize("sign", ["constants.pkl", "archive_format"])
def test_a_broken_program_of_the_operator_gets_a_sentence(store, tmp_path, sign):
    path = tmp_path / "program.pt"
    path.write_bytes(files.archive({"data.pkl": b"", sign: b"pt2"}))
    with pytest.raises(
        UserError, match=r"^program\.pt is a (TorchScript|torch\.export program) that cannot be loaded"
    ):
        store.take_file(path)


@pytest.mark.parametrize(("entry", "resize"), [("IMAGENET1K_V1", 256), ("IMAGENET1K_V2", 232)])
def test_a_file_that_torchvision_hosts_is_shown_pictures_as_its_own_entry_says(
    store, monkeypatch, entry, resize
):
    """V2 is torchvision's default: V1 weights under its resize give other answers."""
    content = save(models.mobilenet_v2(num_classes=1000).state_dict())
    digits = hashlib.sha256(content).hexdigest()[:8]
    shipped = index.shipped_index()
    assert shipped.entry("b0353104" + "0" * 56) == Entry("torchvision/mobilenet_v2", "IMAGENET1K_V1")
    known = dataclasses.replace(shipped, entries={digits: Entry("torchvision/mobilenet_v2", entry)})
    monkeypatch.setattr(index, "current_index", lambda: known)
    held = store.find(store.take(content, "x.pth", "ann").address)
    assert held.entry is not None and held.entry.title == f"mobilenet_v2, {entry} of torchvision"
    match = checkpoints.chosen_match(held)
    assert match.row.name == "torchvision/mobilenet_v2"
    read = checkpoints.preprocessing(held, match)
    assert (read.resize, read.size) == (resize, (224, 224))
    assert checkpoints.claims(held, match).size == "told by the file"
    told = store.find(store.remember(held, Choice(normalisation="half")))
    assert checkpoints.preprocessing(told, match) == dataclasses.replace(
        read, mean=(0.5,) * 3, std=(0.5,) * 3
    )


def test_digits_of_weights_of_another_architecture_tell_nothing(store, monkeypatch):
    content = save(ARCHITECTURES["mlp"].build(10, 1).state_dict())
    digits = hashlib.sha256(content).hexdigest()[:8]
    known = dataclasses.replace(
        index.shipped_index(), entries={digits: Entry("torchvision/resnet18", "DEFAULT")}
    )
    monkeypatch.setattr(index, "current_index", lambda: known)
    held = store.find(store.take(content, "x.pth", "ann").address)
    assert held.entry is None and held.match is not None


def test_googlenet_as_torchvision_publishes_it_undoes_a_normalisation_first():
    options = architectures.published_options("torchvision/googlenet", {"aux_logits": True})
    module = building.build_hollow("torchvision/googlenet", 1000, options)
    assert module.transform_input
    assert architectures.published_options("torchvision/resnet18", {}) == {}
