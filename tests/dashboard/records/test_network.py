"""Which calls keep a grid that the answer depends on."""

from __future__ import annotations

from dashboard.records.network import LayerCall, Survey


def test_channels_stand_where_the_layout_says():
    assert LayerCall("conv", "Conv2d", (6, 4, 5), "channels first", grid=(4, 5)).channels == 6
    assert LayerCall("norm", "LayerNorm", (4, 5, 7), "channels last", grid=(4, 5)).channels == 7
    assert LayerCall("block", "Block", (21, 8), "tokens", 1, (4, 5)).channels == 8


def test_grids_that_the_answer_does_not_depend_on_are_left_out():
    read = LayerCall("conv", "Conv2d", (6, 4, 5), "channels first", grid=(4, 5), reached=True)
    unread = LayerCall("auxiliary", "Conv2d", (6, 4, 5), "channels first", grid=(4, 5))
    flat = LayerCall("head", "Linear", (10,), reached=True)
    survey = Survey((read, unread, flat), (), {}, frozenset(), (), "conv")
    assert survey.grid_calls() == (read,)
    assert survey.find("head") is flat and survey.find("nowhere") is None
