"""What was measured is asked of nobody twice, and a file of anybody's making costs time at most."""

from __future__ import annotations

import dataclasses
import json

import pytest
import torch

from dashboard.inspection.engine import paces, speed, stopwatch
from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.paces import read, recall, remember
from tests.dashboard.inspection.engine.networks import photo, tiny


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    forget(monkeypatch)


def forget(monkeypatch):
    for name in ("_measured", "_shipped"):
        monkeypatch.setattr(paces, name, {})
    monkeypatch.setattr(paces, "_file", None)


@pytest.fixture
def key():
    return stopwatch.timing_key(tiny(), (1, 3, 8, 8))


def never() -> float:
    raise AssertionError("it is known")


def test_nothing_is_kept_unless_it_is_to_be_remembered(key, tmp_path):
    assert [recall(key, "pace", iter(answers).__next__) for answers in ([1.0], [2.0])] == [1.0, 2.0]
    assert not paces._measured and not list(tmp_path.iterdir())


def test_an_answer_is_kept_for_the_next_server(key, tmp_path, monkeypatch):
    file = tmp_path / "cache" / "paces.json"
    remember(file)
    assert recall(key, "pace", lambda: 3.0) == 3.0
    assert recall(key, "pace", never) == 3.0
    forget(monkeypatch)
    remember(file)
    assert recall(key, "pace", never) == 3.0


def test_other_weights_sizes_threads_and_processors_are_measured_anew(key, tmp_path, monkeypatch):
    remember(tmp_path / "paces.json")
    recall(key, "pace", lambda: 3.0)
    network, size = key
    weights = dataclasses.replace(network.weights, tensors="others")
    assert recall((dataclasses.replace(network, weights=weights), size), "pace", lambda: 4.0) == 4.0
    assert recall((network, (1, 3, 9, 9)), "pace", lambda: 5.0) == 5.0
    monkeypatch.setattr(torch, "get_num_threads", lambda: 77)
    assert recall(key, "pace", lambda: 6.0) == 6.0
    monkeypatch.setattr(paces, "machine", lambda: "another")
    assert recall(key, "pace", lambda: 7.0) == 7.0


def test_what_ships_holds_for_its_kind_of_processor(key, tmp_path, monkeypatch):
    remember(tmp_path / "paces.json")
    recall(key, "pace", lambda: 3.0)
    (answers,) = paces._measured.values()
    monkeypatch.setattr(paces, "_measured", {})
    network, size = key
    monkeypatch.setattr(paces, "_shipped", {paces.name_of(network, size, paces.processor()): answers})
    assert recall(key, "pace", never) == 3.0
    monkeypatch.setattr(paces, "processor", lambda: "another")
    assert recall(key, "pace", lambda: 8.0) == 8.0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"[" * 100_000,
        b'{"a": 3}',
        b'{"a": {"b": "c"}}',
        b'{"a": {"b": 1e999}}',
        b'{"a": {"b": -1}}',
    ],
    ids=["empty", "a list", "deep", "a number", "a word", "infinite", "below zero"],
)
def test_a_file_of_anybodys_making_says_nothing(content, tmp_path):
    file = tmp_path / "paces.json"
    file.write_bytes(content)
    assert not any(read(file).values())


def test_a_place_that_cannot_be_written_is_passed_over(key, tmp_path):
    (tmp_path / "taken").write_text("")
    remember(tmp_path / "taken" / "paces.json")
    assert recall(key, "pace", lambda: 3.0) == 3.0


def test_a_hostile_answer_changes_no_number(tmp_path, monkeypatch):
    of, file = tiny(), tmp_path / "paces.json"
    remember(file)
    monkeypatch.setattr(paces, "recall", lambda key, question, measure: 1.0)
    for use in ("answers", "near answers"):
        network = speed.accelerate(isolate(of.module), of, photo(), use=use)
        with torch.no_grad():
            torch.testing.assert_close(network(photo()), of.module(photo()))


def test_the_file_holds_the_networks_that_were_measured_last(key, tmp_path, monkeypatch):
    monkeypatch.setattr(paces, "MOST", 2)
    remember(tmp_path / "paces.json")
    for side in range(8, 12):
        recall((key[0], (1, 3, side, side)), "pace", lambda: 3.0)
    assert len(paces._measured) == 2
    assert json.loads((tmp_path / "paces.json").read_text()).keys() == paces._measured.keys()
