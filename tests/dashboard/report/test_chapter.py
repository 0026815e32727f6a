"""What a report is about: the addresses that restore its views, and the runs whose curves go in."""

from __future__ import annotations

import dataclasses
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard.report.chapter import ReportSubject, home, runs_of
from tests.dashboard.components.component import view_of


def test_an_address_says_all_so_that_it_means_the_same_tomorrow():
    view = view_of({"target": "3", "p.depth": "2", "p.in_weights": "1"})
    address = urlsplit(ReportSubject(view, home="http://here:1").address("weights", layer="block1"))
    assert (address.netloc, address.path) == ("here:1", "/weights")
    assert parse_qs(address.query) == {
        "model": ["cnn"],
        "image": ["mnist-10k/test/17"],
        "target": ["3"],
        "layer": ["block1"],
        "p.depth": ["2"],
    }


def test_runs_are_those_of_the_address_or_of_the_network_or_asked_for():
    view = view_of()
    assert runs_of(view) == ()
    named = dataclasses.replace(
        view, selection=dataclasses.replace(view.selection, runs=("example-healthy",))
    )
    assert [run.name for run in runs_of(named)] == ["example-healthy"]
    settings = {"in_training": "1"}
    asked = dataclasses.replace(view, selection=dataclasses.replace(view.selection, parameters=settings))
    assert len(runs_of(asked)) == 1


@pytest.mark.parametrize(
    ("address", "others"),
    [
        ("http://localhost:8501", ""),
        ("http://127.0.0.1:8501/", ""),
        ("http://[::1]:8501", ""),
        ("", ""),
        ("https://vitrine.example/app/", "https://vitrine.example/app"),
    ],
)
def test_an_address_that_only_this_machine_can_open_is_left_out(address, others):
    assert home(address) == others
