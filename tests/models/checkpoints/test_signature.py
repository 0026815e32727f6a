"""What tells architectures apart: marks, sums of them, and names without what wraps them."""

from __future__ import annotations

import pytest

from models.checkpoints.signature import (
    DROPPED,
    MODULUS,
    clash,
    is_derived,
    mark,
    plain,
    total,
    unwrap,
    wrappings,
)


def test_a_mark_is_the_same_everywhere_and_depends_on_name_and_shape():
    assert mark("fc.weight", (10, 4)) == mark("fc.weight", [10, 4])
    # blake2b of "fc.weight:10,4" in eight bytes.
    assert mark("fc.weight", (10, 4)) == 0xF751C3EA7B026B28
    marks = {mark(name, shape) for name in ("a", "b") for shape in ((), (1,), (1, 2), (2, 1), (12,))}
    assert len(marks) == 10
    assert all(0 <= number < MODULUS for number in marks)


def test_a_sum_does_not_depend_on_the_order_and_parts_can_be_taken_away():
    marks = [mark(str(k), (k,)) for k in range(20)]
    assert total(marks) == total(reversed(marks)) < MODULUS
    assert total([total(marks), -marks[3]]) == total(marks[:3] + marks[4:])


@pytest.mark.parametrize(
    ("name", "follows"),
    [("bn1.num_batches_tracked", True), ("attn.relative_position_index", True), ("bn1.running_mean", False)],
)
def test_what_follows_from_other_tensors(name, follows):
    assert is_derived(name) is follows


def test_wrappers_are_taken_off_from_the_outside_in():
    names = {f"module.model.layer{k}.weight": (k,) for k in range(3)}
    found = [(prefix, set(inner)) for prefix, inner in wrappings(names)]
    bare = {f"layer{k}.weight" for k in range(3)}
    assert found[0] == ("", set(names))
    assert found[1] == ("module.", {f"model.{name}" for name in bare})
    assert found[2] == ("module.model.", bare)
    assert dict(wrappings(names))["module.model."]["layer0.weight"] == "module.model.layer0.weight"


def test_what_torch_compile_writes_within_names_is_taken_out():
    prefixes = [inner for _, inner in wrappings({"body._orig_mod.weight": (1,), "head.weight": (2,)})]
    assert {"body.weight": "body._orig_mod.weight", "head.weight": "head.weight"} in prefixes


@pytest.mark.parametrize(
    "name",
    [
        "_fsdp_wrapped_module.layer1._fsdp_wrapped_module.0.conv.weight",
        "layer1._checkpoint_wrapped_module.0.conv.weight",
        "module.layer1.module._orig_mod.0.conv.weight",
        "_forward_module.layer1.0.conv.weight",
    ],
)
def test_wrappers_are_dropped_wherever_they_stand_in_a_name(name):
    assert unwrap(name) == "layer1.0.conv.weight"
    assert unwrap("modules.0.weight") == "modules.0.weight"
    names = dict(wrappings({name: (1,), "fc.weight": (2,)}))[DROPPED]
    assert names == {"layer1.0.conv.weight": name, "fc.weight": "fc.weight"}


@pytest.mark.parametrize(
    ("hosted", "today"),
    [
        ("features.denseblock1.denselayer1.norm.1.weight", "features.denseblock1.denselayer1.norm1.weight"),
        ("features.denseblock1.denselayer16.conv.2.weight", "features.denseblock1.denselayer16.conv2.weight"),
        ("encoder.layers.encoder_layer_0.mlp.linear_1.weight", "encoder.layers.encoder_layer_0.mlp.0.weight"),
        ("encoder.layers.encoder_layer_0.mlp.linear_2.bias", "encoder.layers.encoder_layer_0.mlp.3.bias"),
        ("features.norm.1.weight", "features.norm.1.weight"),
        ("linear_1.weight", "linear_1.weight"),
    ],
)
def test_names_of_hosted_files_are_read_as_torchvision_loads_them(hosted, today):
    assert plain(hosted) == today
    assert plain(f"module.{hosted}") == today


def test_names_that_are_one_without_their_wrappers_are_told_and_not_tried():
    names = {"a.module.weight": (1,), "b.weight": (1,), "a.weight": (1,), "module.b.weight": (1,)}
    assert clash(names) == ("a.module.weight", "a.weight")
    assert clash(["a.module.weight", "b.weight"]) is None
    older = ["x.denselayer1.norm1.bias", "x.denselayer1.norm.1.bias"]
    assert clash(older) == tuple(older)
    assert not any(prefix.startswith(DROPPED) for prefix, _ in wrappings(names))


def test_the_teacher_comes_before_the_student_and_averaged_weights_before_others():
    tensors = ("conv.weight", "fc.weight")
    students = (
        ("student.", "teacher."),
        ("student_model.", "teacher_model."),
        ("model_student.", "model_teacher."),
    )
    for first, second in (*students, ("model.", "ema_model.")):
        names = {prefix + name: (1,) for prefix in (first, second) for name in tensors}
        assert [prefix for prefix, _ in wrappings(names)][1:3] == [second, first]
        deeper = {first + name: (1,) for name in tensors} | {
            f"{second}module.{name}": (1,) for name in tensors
        }
        ordered = [prefix for prefix, _ in wrappings(deeper)]
        assert ordered.index(f"{second}module.") < ordered.index(first)
