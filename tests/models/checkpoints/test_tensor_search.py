"""The network's tensors are found wherever people put them; a number stands for a tensor here."""

from __future__ import annotations

import re
from typing import Any

import pytest

from models.checkpoints.limits import SAVE_WEIGHTS, Limits, RefusalError
from models.checkpoints.tensor_search import find_tensors


def is_tensor(value: object) -> bool:
    return isinstance(value, float)


A, B = {"w": 1.0, "b": 2.0}, {"w": 3.0, "b": 4.0}


@pytest.mark.parametrize(
    ("content", "path"),
    [
        (A, ()),
        ({"state_dict": A, "epoch": 3}, ("state_dict",)),
        ({"optimizer": {**B, "more": 5.0}, "net": A}, ("net",)),
        ({"model": B, "model_ema": A}, ("model_ema",)),
        ({"student": B, "teacher": A}, ("teacher",)),
        ({"student": {"state_dict": B}, "teacher": {"state_dict": A}}, ("teacher", "state_dict")),
        ({"student_state_dict": B, "teacher_state_dict": A}, ("teacher_state_dict",)),
        ({"checkpoint": [{"model": A}]}, ("checkpoint", "0", "model")),
    ],
)
def test_the_networks_own_tensors_come_first(content: dict[str, Any], path):
    network = find_tensors(content, is_tensor)
    assert (network.tensors, network.path) == (A, path)


def test_a_lone_number_beside_the_weights_is_none_of_them():
    weights = {**A, "more": 5.0}
    network = find_tensors({"best": 0.9, "params": weights}, is_tensor)
    assert (network.tensors, network.path, network.others) == (weights, ("params",), (((), 1),))


def test_what_is_left_aside_is_told():
    network = find_tensors(
        {"model": {**A, "step": 3, "name": "x", "inner": {}}, "ema": {"v": 1.0}}, is_tensor
    )
    assert network.path == ("ema",)
    assert network.others == ((("model",), 2),)
    network = find_tensors({"model": {**A, "step": 3, "name": "x", "inner": {}}}, is_tensor)
    assert network.ignored == ("step", "name")


def test_what_contains_itself_is_looked_at_once():
    content: dict[str, Any] = {"state_dict": A}
    content["again"] = [content]
    assert find_tensors(content, is_tensor).others == ()


def test_depth_holds_at_equality():
    content: dict[str, Any] = {"a": {"b": A}}
    assert find_tensors(content, is_tensor, Limits(max_depth=2)).path == ("a", "b")
    with pytest.raises(RefusalError):
        find_tensors(content, is_tensor, Limits(max_depth=1))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (1.0, "holds one tensor without a name"),
        ([1.0], "holds no tensors with names"),
        ({}, "holds no tensors with names"),
    ],
)
def test_what_has_no_names_is_refused(content, sentence):
    with pytest.raises(RefusalError, match=f"^{re.escape(f'{sentence}; {SAVE_WEIGHTS}')}$"):
        find_tensors(content, is_tensor)
