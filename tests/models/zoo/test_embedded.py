"""The two networks for photographs that ship with the app."""

import dataclasses

import pytest
import timm
import torch
from PIL import Image

from models import zoo
from models.networks import find_network
from models.photos.samples import PHOTOS
from models.runtime.progress import silent
from models.zoo.embedded import build_with_weights

# assets/LICENSES.md holds the same table.
TOP3 = {
    ("cameraman", "efficientnet_lite0"): {"tripod": 0.94, "harmonica": 0.01, "binoculars": 0.01},
    ("cat_chelsea", "efficientnet_lite0"): {"Egyptian cat": 0.39, "tiger cat": 0.36, "tabby": 0.18},
    ("coffee_cup", "efficientnet_lite0"): {"espresso": 0.96, "cup": 0.01, "consomme": 0.01},
    ("frying_pan", "efficientnet_lite0"): {"frying pan": 0.86, "wok": 0.12, "spatula": 0.00},
    ("giant_panda", "efficientnet_lite0"): {"giant panda": 0.97, "lesser panda": 0.00, "Walker hound": 0.00},
    ("moose", "efficientnet_lite0"): {"American black bear": 0.13, "sloth bear": 0.11, "water buffalo": 0.06},
    ("rocket", "efficientnet_lite0"): {"missile": 0.24, "drilling platform": 0.14, "projectile": 0.14},
    ("windmill", "efficientnet_lite0"): {"bell cote": 0.17, "mosque": 0.13, "triumphal arch": 0.03},
    ("cameraman", "squeezenet1_1"): {"tripod": 0.30, "trombone": 0.11, "violin": 0.09},
    ("cat_chelsea", "squeezenet1_1"): {"Egyptian cat": 0.42, "tiger cat": 0.33, "tabby": 0.23},
    ("coffee_cup", "squeezenet1_1"): {"espresso": 0.98, "consomme": 0.02, "soup bowl": 0.00},
    ("frying_pan", "squeezenet1_1"): {"frying pan": 0.52, "wok": 0.27, "caldron": 0.14},
    ("giant_panda", "squeezenet1_1"): {
        "giant panda": 1.00,
        "lesser panda": 0.00,
        "American black bear": 0.00,
    },
    ("moose", "squeezenet1_1"): {"ox": 0.94, "standard schnauzer": 0.02, "ibex": 0.01},
    ("rocket", "squeezenet1_1"): {"missile": 0.18, "pole": 0.10, "projectile": 0.08},
    ("windmill", "squeezenet1_1"): {"sundial": 0.32, "pier": 0.23, "airliner": 0.10},
}


EMBEDDED = ("efficientnet_lite0", "squeezenet1_1")


# EfficientNet-Lite0 on the panda: class -> logit.
PANDA = {388: 10.692, 387: 3.442, 166: 2.962, 0: -0.013, 1: -0.700}


@pytest.fixture(scope="module")
def classifiers():
    return {name: find_network(name).load(silent) for name in EMBEDDED}


@pytest.fixture(scope="module")
def lite0(classifiers):
    return classifiers["efficientnet_lite0"]


def logits(module, preprocessing, photo):
    with Image.open(PHOTOS[photo].path) as image, torch.no_grad():
        return module(preprocessing.transforms()(image)[None])[0]  # (classes,)


def panda_error(module, preprocessing):
    """Largest difference to the pinned logits."""
    found = logits(module, preprocessing, "giant_panda")
    return max(abs(found[index].item() - logit) for index, logit in PANDA.items())


def test_every_photo_is_in_the_table():
    assert set(TOP3) == {(photo, name) for photo in PHOTOS for name in EMBEDDED}


@pytest.mark.parametrize(("photo", "name"), TOP3)
def test_top_3(photo, name, classifiers):
    classifier = classifiers[name]
    top = logits(classifier.module, classifier.preprocessing, photo).softmax(0).topk(3)
    found = {classifier.classes[index]: value for index, value in zip(top.indices, top.values, strict=True)}
    expected = TOP3[photo, name]
    assert list(found) == list(expected)
    assert [float(value) for value in found.values()] == pytest.approx(list(expected.values()), abs=0.02)


def test_pinned_logits_of_the_default(lite0):
    assert panda_error(lite0.module, lite0.preprocessing) < 0.01


def test_the_pinned_logits_catch_imagenets_own_mean_and_std(lite0):
    mean, std = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    wrong = dataclasses.replace(lite0.preprocessing, mean=mean, std=std)
    assert panda_error(lite0.module, wrong) > 1


def test_the_pinned_logits_catch_the_padding_of_timms_other_lite0(lite0):
    wrong = build_with_weights(lambda: timm.create_model("efficientnet_lite0"), lite0.weights.tensors).eval()
    assert panda_error(wrong, lite0.preprocessing) > 0.2


@pytest.mark.slow
@pytest.mark.parametrize("name", EMBEDDED)
def test_an_embedded_classifier_is_ready_and_says_where_it_comes_from(name, classifiers):
    classifier, entry = classifiers[name], zoo.MODELS[name]
    assert (classifier.name, classifier.title) == (entry.name, entry.title)
    assert (classifier.trained, classifier.fits) == (entry.trained, entry.fits)
    assert entry.on_board
    assert len(classifier.classes) == len(set(classifier.classes)) == 1000
    assert not any(module.training for module in classifier.module.modules())
    assert not any(parameter.requires_grad for parameter in classifier.module.parameters())
    assert {tensor.dtype for tensor in classifier.weights.tensors.values()} == {torch.float16}
    assert {tensor.device.type for tensor in classifier.module.state_dict().values()} == {"cpu"}
    assert classifier.weights.source.endswith("_fp16.safetensors")
    assert classifier.provenance.licence
    assert classifier.provenance.accuracy == {"efficientnet_lite0": 0.751, "squeezenet1_1": 0.582}[name]
    for key, tensor in classifier.weights.tensors.items():
        assert torch.equal(classifier.module.state_dict()[key], tensor.float())


def test_weights_that_lack_anything_but_counters_are_refused(lite0):
    tensors = dict(lite0.weights.tensors)

    def build():
        return timm.create_model("tf_efficientnet_lite0")

    assert not any(name.endswith("num_batches_tracked") for name in tensors)
    for name in ("conv_stem.weight", "bn1.running_var", "classifier.bias"):
        with pytest.raises(RuntimeError, match=name):
            build_with_weights(build, {key: value for key, value in tensors.items() if key != name})
    with pytest.raises(RuntimeError, match="extra"):
        build_with_weights(build, tensors | {"extra.weight": torch.zeros(1)})
