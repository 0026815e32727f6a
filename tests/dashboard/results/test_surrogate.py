"""What a tree is grown from, and what the readings are keyed by."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from dashboard.results import surrogate


def _with(view, **parameters):
    return dataclasses.replace(view, selection=dataclasses.replace(view.selection, parameters=parameters))


def test_the_features_are_those_of_the_address_or_the_first(mlp):
    kinds = surrogate.kinds(mlp)
    first, *others = kinds
    assert surrogate.chosen_kind(mlp) == first
    assert surrogate.chosen_kind(_with(mlp, features=others[0])) == others[0]
    assert surrogate.chosen_kind(_with(mlp, features="nonsense")) == first


def test_readings_of_units_belong_to_their_layer(mlp):
    pixels = surrogate.imitation(_with(mlp, features="pixels"))
    units = surrogate.imitation(_with(mlp, features="layer"))
    assert pixels.layer == "" and units.layer == mlp.layer.name
    assert surrogate.readings(pixels).key != surrogate.readings(units).key
    assert surrogate.photo(pixels).key != surrogate.photo(units).key
    nothing = dataclasses.replace(units, call=None)
    sentence = surrogate.refusal(nothing, lambda: pytest.fail("takes no pass to tell"))
    assert sentence is not None and "no units" in sentence


def test_the_photo_is_read_as_the_network_answers_it(mlp):
    readings = surrogate.photo(surrogate.imitation(mlp)).work(lambda _: None)
    assert int(np.asarray(readings.answers)[0]) == mlp.prediction.winner
