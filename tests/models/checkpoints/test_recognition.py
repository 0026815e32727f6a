"""Architectures are told by names and shapes, wrapped or not, whatever their number of classes."""

from __future__ import annotations

import re
import time
import warnings
from dataclasses import replace

import pytest

from models.checkpoints import index
from models.checkpoints.architectures import LIBRARIES, Options
from models.checkpoints.custom_head import HEAD
from models.checkpoints.index import row
from models.checkpoints.known import Index
from models.checkpoints.recognition import classes_of, difference, recognise
from models.zoo.small import ARCHITECTURES

SMALL: list[tuple[str, Options]] = [
    (f"vitrine/{name}", {"channels": channels}) for name in ARCHITECTURES for channels in (1, 3)
]
FAMILIES = (
    *(
        "alexnet",
        "convnext_tiny",
        "densenet121",
        "efficientnet_b0",
        "efficientnet_v2_s",
        "googlenet",
        "inception_v3",
    ),
    *(
        "maxvit_t",
        "mnasnet0_5",
        "mobilenet_v2",
        "mobilenet_v3_small",
        "regnet_y_400mf",
        "resnet18",
        "resnext50_32x4d",
    ),
    *("shufflenet_v2_x0_5", "squeezenet1_0", "squeezenet1_1", "swin_t", "swin_v2_t", "vgg11", "vgg11_bn"),
    *("vit_b_16", "vit_h_14", "wide_resnet50_2"),
)
TORCHVISION: list[tuple[str, Options]] = [
    (f"torchvision/{name}", options) for name, options in LIBRARIES["torchvision"].names() if name in FAMILIES
]


def shapes(name, options, classes=None):
    """Name -> shape of an architecture, which is built without its numbers."""
    return index.shapes_of(name, classes or (10 if name.startswith("vitrine") else 1000), options)


def names(recognition) -> set[str]:
    """All architectures that a recognition offers."""
    return {match.row.name for match in recognition.matches} | {
        twin for twins in recognition.twins.values() for twin in twins
    }


@pytest.mark.parametrize(("name", "options"), SMALL + TORCHVISION, ids=lambda value: str(value))
def test_every_architecture_is_recognised_as_itself(name, options):
    found = recognise(shapes(name, options), index.shipped_index())
    assert name in names(found)
    assert all(match.exact and not match.prefix for match in found.matches)
    other = recognise(shapes(name, options, 7), index.shipped_index())
    assert name in names(other)
    assert {(match.classes, match.exact) for match in other.matches} == {(7, False)}


@pytest.mark.slow
def test_every_family_of_timm_is_recognised_as_itself():
    """One of each of its modules, the one whose name is shortest."""
    import timm

    listed = index.shipped_index()
    known = {row.name for row in listed.rows}
    missed = []
    for module in timm.list_modules():
        models = [f"timm/{name}" for name in timm.list_models(module=module) if f"timm/{name}" in known]
        if not models:
            continue
        name = min(models, key=lambda one: (len(one), one))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if name not in names(recognise(shapes(name, {}, 5), listed)):
                missed.append(name)
    assert missed == []


# One convolution, one far behind a prefix, patches as tokens, and stems of several convolutions side by side.
STEMS = (
    "timm/convnext_atto",
    "timm/densenet121",
    "timm/vit_tiny_patch16_224",
    "timm/repvgg_a0",
    "timm/fastvit_t8",
)


@pytest.mark.slow
@pytest.mark.parametrize("channels", [1, 4])
@pytest.mark.parametrize("name", ["torchvision/googlenet", *STEMS])
def test_a_first_layer_may_read_other_channels(name, channels):
    options: Options = (
        {"in_chans": channels} if name.startswith("timm") else {"in_channels": channels, "aux_logits": True}
    )
    found = recognise(
        {f"module.{key}": shape for key, shape in shapes(name, options, 5).items()}, index.shipped_index()
    )
    assert name in names(found)
    assert {(match.channels, match.classes, match.prefix) for match in found.matches} == {
        (channels, 5, "module.")
    }
    assert channels in found.matches[0].row.options.values()


WRAPPED = {
    "parallel": "module.",
    "compiled": "_orig_mod.",
    "lightning": "model.",
    "net": "net.",
    "both": "module._orig_mod.",
    "own name": "my_backbone.",
    "thrice": "module.model.net.",
}


@pytest.mark.parametrize("prefix", WRAPPED.values(), ids=WRAPPED)
def test_wrapped_names_are_unwrapped(prefix):
    wrapped = {prefix + name: shape for name, shape in shapes("torchvision/resnet18", {}).items()}
    found = recognise(wrapped, index.shipped_index())
    assert "torchvision/resnet18" in names(found)
    assert found.leftover == ()
    match = found.matches[0]
    assert match.prefix == prefix
    assert match.names["conv1.weight"] == f"{prefix}conv1.weight"


def test_what_lightning_keeps_beside_the_network_is_left_aside():
    wrapped = {f"model.{name}": shape for name, shape in shapes("torchvision/resnet18", {}, 3).items()}
    found = recognise({**wrapped, "criterion.weight": (3,), "accuracy.total": ()}, index.shipped_index())
    assert "torchvision/resnet18" in names(found)
    assert found.leftover == ("criterion.weight", "accuracy.total")


def test_a_part_that_was_compiled_is_recognised():
    parts = {
        (f"layer1._orig_mod.{name[7:]}" if name.startswith("layer1.") else name): shape
        for name, shape in shapes("torchvision/resnet18", {}).items()
    }
    assert "torchvision/resnet18" in names(recognise(parts, index.shipped_index()))


def test_counters_may_be_missing():
    old = {
        name: shape
        for name, shape in shapes("torchvision/resnet18", {}).items()
        if not name.endswith("num_batches_tracked")
    }
    assert "torchvision/resnet18" in names(recognise(old, index.shipped_index()))


@pytest.mark.parametrize(
    "change",
    [
        lambda found: found.pop("layer1.0.conv1.weight"),
        lambda found: found.update({"layer5.weight": (3,)}),
        lambda found: found.update({"layer1.0.conv1.weight": (64, 64, 5, 5)}),
        lambda found: found.update({"fc.bias": (999,)}),
    ],
    ids=["missing", "left over", "other shape", "two numbers of classes"],
)
def test_one_tensor_that_differs_is_no_match(change):
    whole = shapes("torchvision/resnet18", {})
    changed = dict(whole)
    change(changed)
    found = recognise(changed, index.shipped_index())
    assert found.matches == ()
    assert found.nearest is not None
    nearest, prefix = found.nearest
    assert nearest.name.endswith("/resnet18")
    compared = difference(changed, whole, prefix)
    assert set(compared.missing) == whole.keys() - changed.keys()
    assert set(compared.unexpected) == changed.keys() - whole.keys()
    assert compared.mismatched == {
        name: (changed[name], whole[name])
        for name in whole.keys() & changed.keys()
        if changed[name] != whole[name]
    }
    assert compared.shared == sum(changed.get(name) == shape for name, shape in whole.items())


@pytest.mark.parametrize(
    "word", ["_checkpoint_wrapped_module", "_fsdp_wrapped_module", "module", "_orig_mod"]
)
@pytest.mark.parametrize("prefix", ["", "_fsdp_wrapped_module.", "module."])
def test_names_are_unwrapped_within(word, prefix):
    whole = shapes("torchvision/resnet18", {})
    wrapped = {
        prefix + (name.replace(".", f".{word}.", 1) if name.startswith("layer") else name): shape
        for name, shape in whole.items()
    }
    found = recognise(wrapped, index.shipped_index())
    assert "torchvision/resnet18" in names(found)
    assert found.leftover == ()
    assert found.matches[0].names["layer1.0.conv1.weight"] == f"{prefix}layer1.{word}.0.conv1.weight"


@pytest.mark.parametrize(
    ("name", "hosted"),
    [
        ("torchvision/densenet121", lambda name: re.sub(r"(denselayer\d+\.\w+)([12]\.)", r"\1.\2", name)),
        (
            "torchvision/vit_b_16",
            lambda name: re.sub(r"mlp\.([03])\.", lambda at: f"mlp.linear_{1 + int(at[1]) // 3}.", name),
        ),
    ],
)
def test_names_of_hosted_files_are_recognised(name, hosted):
    whole = shapes(name, {})
    older = {hosted(one): shape for one, shape in whole.items()}
    assert len(older.keys() - whole.keys()) > 40
    found = recognise(older, index.shipped_index())
    assert name in names(found)
    assert found.leftover == ()
    assert {new: hosted(new) for new in whole} == dict(found.matches[0].names)


def test_of_a_teacher_and_a_student_it_is_the_teacher():
    whole = shapes("torchvision/resnet18", {})
    both = {f"{part}.{name}": shape for part in ("student", "teacher") for name, shape in whole.items()}
    found = recognise(both, index.shipped_index())
    assert found.matches[0].names["conv1.weight"] == "teacher.conv1.weight"
    assert len(found.leftover) == len(whole)


@pytest.mark.parametrize("name", ["torchvision/resnet18", "torchvision/mobilenet_v2"])
def test_without_running_statistics_it_is_told_what_is_missing(name):
    whole = shapes(name, {}, 5)
    bare = {
        f"module.{name}": shape
        for name, shape in whole.items()
        if not name.endswith(("running_mean", "running_var", "num_batches_tracked"))
    }
    found = recognise(bare, index.shipped_index())
    assert found.matches == () and found.nearest is not None
    row, prefix = found.nearest
    assert (row.name, classes_of(row, bare, prefix)) == (name, 5)
    assert difference(bare, whole, prefix).without_statistics
    # Of a network of another size more is missing than that, and of one that is whole nothing.
    assert not difference(bare, shapes(name, {}, 7), prefix).without_statistics
    assert not difference(whole, whole, "").without_statistics


def test_what_is_like_nothing_has_no_nearest():
    found = recognise({"encoder.0.kernel": (5, 7), "decoder.gain": (3,)}, index.shipped_index())
    assert (found.matches, found.nearest) == ((), None)


def test_matching_is_quick_and_imports_no_library():
    import subprocess
    import sys

    code = (
        "import sys, time; from models.checkpoints import index; from models.checkpoints.recognition import recognise; "
        "begun = time.process_time(); recognise({f'blocks.{k}.weight': (k, 3) for k in range(1, 2000)}, "
        "index.shipped_index()); "
        "print(time.process_time() - begun < 2, sorted({'torch', 'torchvision', 'timm'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert run.stdout.strip() == "True []", run.stderr


def test_architectures_that_compute_the_same_are_one_match():
    """Those that do not are several, between which a person chooses."""
    tensors = {"body.weight": (4, 3), "fc.weight": (10, 4)}
    other = {"body.weight": (4, 3), "fc.weight": (index.OTHER, 4)}
    first, second, third = (row(f"timm/{name}", {}, tensors, other) for name in "abc")
    assert first and second and third
    listed = Index.of([first, replace(second, like="timm/a"), third], {})
    found = recognise(tensors, listed)
    assert [match.row.name for match in found.matches] == ["timm/a", "timm/c"]
    assert found.twins == {"timm/a": ("timm/b",)}
    assert found.match() is None
    assert found.match("timm/c") is found.matches[1]
    assert found.match("timm/nothing") is None


def test_recognition_takes_little_time_for_hostile_names():
    begun = time.process_time()
    deep = {".".join(["model"] * 60) + f".{k}": (1,) for k in range(5000)}
    recognise(deep, index.shipped_index())
    assert time.process_time() - begun < 5


def test_a_head_of_ones_own_is_recognised_with_its_classes():
    held = shapes("torchvision/resnet18", {})
    body = {f"module.{name}": shape for name, shape in held.items() if not name.startswith("fc.")}
    recognition = recognise(
        {**body, "module.fc.1.weight": (7, 512), "module.fc.1.bias": (7,)}, index.shipped_index()
    )
    match = recognition.match()
    assert match is not None
    assert (match.row.name, match.classes, recognition.leftover) == ("torchvision/resnet18", 7, ())
    assert match.row.options[HEAD].widths == (512, 7)
    assert index.shapes_of(match.row.name, 7, match.row.options).keys() == match.names.keys()


def test_a_network_whose_weights_are_computed_is_recognised():
    held = shapes("torchvision/resnet18", {}, 4)
    stored = {name: shape for name, shape in held.items() if name not in ("conv1.weight", "fc.weight")}
    stored |= {"conv1.weight_orig": (64, 3, 7, 7), "conv1.weight_mask": (64, 3, 7, 7)}
    stored |= {
        "fc.parametrizations.weight.original0": (4, 1),
        "fc.parametrizations.weight.original1": (4, 512),
    }
    match = recognise(stored, index.shipped_index()).match()
    assert match is not None and (match.row.name, match.classes) == ("torchvision/resnet18", 4)
    assert match.names["conv1.weight"] == "conv1.weight"
    assert match.names.keys() == held.keys()


def test_a_backbone_without_its_head_is_recognised():
    held = shapes("torchvision/resnet18", {})
    match = recognise(
        {name: shape for name, shape in held.items() if name[:3] != "fc."}, index.shipped_index()
    ).match()
    assert match is not None
    assert (match.row.name, match.classes, match.row.options[HEAD].layers) == (
        "torchvision/resnet18",
        512,
        (),
    )
