"""Names of classes are found under the names that people give them, and nothing else is taken for them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from models.checkpoints import class_names
from models.checkpoints.class_names import find_class_names, find_noted_names
from models.checkpoints.stand_ins import Settings

NAMES = ("cat", "dog", "owl")


def settings(**values: object) -> Settings:
    record = Settings()
    vars(record).update(values)
    return record


@pytest.mark.parametrize(
    "content",
    [
        {"classes": ["cat", "dog", "owl"], "state_dict": {}},
        {"meta": {"CLASSES": NAMES}},
        {"class_to_idx": {"dog": 1, "cat": 0, "owl": 2}},
        {"idx_to_class": {2: "owl", 0: "cat", 1: "dog"}},
        {"config": {"id2label": {"0": "cat", "1": "dog", "2": "owl"}}},
        {"hyper_parameters": {"label_names": ["cat", "dog", "owl"], "lr": 0.1}},
        {"args": settings(class_names=["cat", "dog", "owl"])},
        {"names": {0: "cat", 1: "dog", 2: "owl"}},
        {"classes": [" cat\n", "\u202edog", "owl"]},
    ],
)
def test_names_are_found_where_people_put_them(content: dict[str, Any]):
    assert find_class_names(content) == (NAMES,)


@pytest.mark.parametrize(
    "value",
    [
        ["cat"],
        ["cat", 3],
        ["cat", ""],
        [["cat"], ["dog"]],
        {"cat": 1, "dog": 2},
        {"cat": 0, "dog": 0},
        {"cat": True, "dog": False},
        {0: "cat", 7: "dog"},
        {0: 1.5, 1: 2.5},
        {},
        3,
        "cat, dog",
    ],
)
def test_what_is_no_list_of_names_is_left(value):
    assert find_class_names({"classes": value}) == ()


def test_only_known_keys_count_and_the_surest_comes_first():
    other = ["a", "b", "c"]
    assert find_class_names({"layers": other}) == ()
    assert find_class_names({"labels": other, "deep": {"class_names": list(NAMES)}}) == (NAMES, tuple(other))
    assert find_class_names({"labels": list(NAMES), "classes": list(NAMES)}) == (NAMES,)


def test_bounds_hold_at_equality(monkeypatch):
    content = {"classes": ["ab", "cd"], "labels": ["e", "f"]}
    monkeypatch.setattr(class_names, "MOST_LETTERS", 6)
    assert len(find_class_names(content)) == 2
    monkeypatch.setattr(class_names, "MOST_LETTERS", 5)
    assert find_class_names(content) == (("ab", "cd"),)
    monkeypatch.setattr(class_names, "MOST_CLASSES", 1)
    assert find_class_names(content) == ()


def test_what_contains_itself_is_looked_at_once():
    content: dict[str, Any] = {"classes": list(NAMES)}
    content["again"] = [content]
    assert find_class_names(content) == (NAMES,)


def test_notes_of_safetensors_are_read_as_json():
    assert find_noted_names({"format": "pt", "id2label": json.dumps(dict(enumerate(NAMES)))}) == (NAMES,)
    assert find_noted_names({"classes": "[" * 100_000}) == ()
