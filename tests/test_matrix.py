"""Some networks of the matrix, as somebody has looked at them; `python -m tests.matrix --check` looks at all."""

from __future__ import annotations

import pytest

from dashboard.inspection.attribution import METHODS
from tests import matrix

FAST = ("efficientnet_lite0", "squeezenet1_1", "resnet18", "shufflenet_v2_x0_5")


@pytest.mark.slow
@pytest.mark.parametrize("network", FAST)
def test_every_map_is_worth_what_it_was(network):
    found = matrix.rows(network)
    assert [row.method for row in found] == list(METHODS)
    assert not matrix.changed(found)


def test_every_method_was_looked_at_on_every_network_and_none_crashed():
    kept = [tuple(line.split()[:3]) for line in matrix.reviewed()]
    assert [row[:2] for row in kept] == [
        (network, method) for network in matrix.NETWORKS for method in METHODS
    ]
    assert {kind for _, _, kind in kept} == {"clean", "marked", "refused"}
