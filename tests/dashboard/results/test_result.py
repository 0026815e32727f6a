"""What has an equal key joins one job; what differs in any part of it does not."""

from __future__ import annotations

import dataclasses

from dashboard.results.result import FilesKey, Result
from tests.networks import Linear, classifier

NETWORK = classifier(Linear()).key


def _result(**changes):
    usual = Result(NETWORK, "test", ("a", 1), lambda _: 42, "Something", "quick")
    return dataclasses.replace(usual, **changes)


def test_the_same_result_is_made_once():
    first, second = _result(), _result(work=lambda _: 43, what="Else")
    assert not first.is_kept
    job = first.submit()
    assert second.submit() is job
    assert job.wait(10) and job.result() == 42
    assert second.is_kept
    assert second.submit().result() == 42


def test_every_part_of_the_key_counts():
    others = [
        _result(of=classifier(Linear()).key),
        _result(of=NETWORK.weights),
        _result(of=FilesKey(("a",))),
        _result(kind="another"),
        _result(details=("a", 2)),
        _result(details=("a",)),
    ]
    keys = {result.key for result in [_result(), *others]}
    assert len(keys) == len(others) + 1


def test_a_result_queues_where_it_says():
    assert _result(kind="lane", lane="preview").submit().lane == "preview"


def test_files_are_told_apart_by_all_their_names():
    assert FilesKey(("a", "b")) == FilesKey(("a", "b"))
    assert FilesKey(("a", "b")).digest != FilesKey(("ab",)).digest
