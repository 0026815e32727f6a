"""Bytes as areas."""

from __future__ import annotations

import pytest

from dashboard.charts.weights import footprint

PALETTE = ("#3b6fb6", "#e07b39", "#3f9c7a", "#b5556f", "#8a6fc2", "#a08a2c", "#4aa3c7", "#7d7d7d")


@pytest.mark.slow
def test_areas_add_up_within_their_wholes():
    sizes = {"a.0.weight": 10, "a.0.bias": 2, "a.1.weight": 5, "head.weight": 3, "token": 1}
    tree = footprint.areas(sizes, PALETTE).data[0]
    found = dict(zip(tree.ids, tree["values"], strict=True))
    assert found == {footprint.ROOT: 21, "a": 17, "a.0": 12, "a.1": 5, "head": 3, "token": 1}
    parents = dict(zip(tree.ids, tree.parents, strict=True))
    assert parents["a.0"] == "a" and parents["a"] == footprint.ROOT and parents[footprint.ROOT] == ""
