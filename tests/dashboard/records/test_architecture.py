"""Which calls cost something, what lies in what, and what they add up to."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.records.architecture import OUTSIDE, Architecture, Timing, TracedCall


def call(
    name: str, *, blocks: tuple[str, ...] = (), leaf: bool = True, flops: int = 0, memory: int = 0
) -> TracedCall:
    return TracedCall(
        name,
        ("Conv2d", "Module"),
        blocks,
        leaf,
        (),
        ((1, 8, 8),),
        (2, 8, 8),
        "float32",
        0,
        (),
        {},
        flops,
        memory,
        None,
    )


@pytest.fixture
def network() -> Architecture:
    calls = (
        call("body.one", blocks=("body",), flops=10, memory=4),
        call("body.two", blocks=("body",), flops=20, memory=8),
        call("body", blocks=("body",), leaf=False),
        call(OUTSIDE, leaf=False, memory=1),
    )
    return Architecture(calls, (), (), (), (), 0, 0, (1, 8, 8))


def test_blocks_that_do_nothing_themselves_have_no_row(network):
    assert [row.name for row in network.rows()] == ["body.one", "body.two", OUTSIDE]
    assert network.calls[0].kind == "Conv2d"


def test_what_lies_inside(network):
    assert [one.name for one in network.inside("body")] == ["body.one", "body.two", "body"]
    assert len(network.inside(OUTSIDE)) == 4
    assert network.find("body.two") is network.calls[1] and network.find("nowhere") is None


def test_costs_add_up(network):
    assert (network.flops, network.memory) == (30, 13)


def test_times_are_found_by_name(network):
    timing = Timing(("body.two",), np.array([0.5]), 1.0, 0.9, 10, 0.1, 1)
    assert timing.of(network.calls).tolist() == [0.0, 0.5, 0.0, 0.0]
    assert timing.nbytes == 8
