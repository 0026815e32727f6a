"""Times against layers that take a known time."""

from __future__ import annotations

import time

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from dashboard.inspection.architecture.timing import FEWEST_PASSES, MOST_PASSES, timing
from dashboard.inspection.architecture.trace import architecture
from dashboard.records.architecture import OUTSIDE
from tests.networks import ConvNet, built, pixels, untouched

# Far above what the clocks and the machine's noise take.
NAP = 0.02


class Sleeps(nn.Module):
    def __init__(self, naps: int) -> None:
        super().__init__()
        self.naps = naps

    def forward(self, inputs: Tensor) -> Tensor:
        time.sleep(NAP * self.naps)
        return inputs


class Slow(nn.Module):
    """Sleeps once in a layer, twice in a block's layer, once in the block itself and once outside all layers."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = Sleeps(1)
        self.block = nn.Sequential(Sleeps(2), nn.Identity())
        self.head = nn.Linear(64, 3)

    def forward(self, inputs: Tensor) -> Tensor:
        time.sleep(NAP)
        logits: Tensor = self.head(self.block(self.layer(inputs)).flatten(1))
        return logits


def inputs() -> Tensor:
    return torch.tensor(pixels())[None]


@pytest.mark.slow
def test_each_call_without_those_inside_it():
    found = timing(built(Slow), inputs())
    seconds = dict(zip(found.names, found.seconds, strict=True))
    assert found.names == ("layer", "block.0", "block.1", "block", "head", OUTSIDE)
    assert seconds["layer"] == pytest.approx(NAP, rel=0.5)
    assert seconds["block.0"] == pytest.approx(2 * NAP, rel=0.5)
    assert seconds["block"] < NAP / 2
    assert seconds[OUTSIDE] == pytest.approx(NAP, rel=0.5)
    assert found.seconds.sum() == pytest.approx(found.whole)
    assert found.bare == pytest.approx(4 * NAP, rel=0.5)
    assert FEWEST_PASSES <= found.passes <= MOST_PASSES
    assert found.threads == torch.get_num_threads()


def test_leaves_no_trace_and_knows_the_calls():
    shared = built(ConvNet)
    with untouched(shared):
        found = timing(shared, inputs())
    calls = architecture(shared, inputs()).calls
    assert found.names == tuple(call.name for call in calls)
    np.testing.assert_array_equal(found.of(calls), found.seconds)


def test_progress_grows_and_may_end_it():
    class EnoughError(Exception):
        pass

    told: list[float] = []

    def report(share: float) -> None:
        told.append(share)
        if share > 0.5:
            raise EnoughError

    with pytest.raises(EnoughError):
        timing(built(ConvNet), inputs(), progress=report)
    assert told == sorted(told)
    assert told[0] == 0


def test_a_large_network_is_timed_a_few_times_only(monkeypatch):
    monkeypatch.setattr("dashboard.inspection.architecture.timing.PATIENCE_SECONDS", 1e-9)
    assert timing(built(ConvNet), inputs()).passes == FEWEST_PASSES
