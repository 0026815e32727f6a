"""How an answer changed through training, in exact words."""

from __future__ import annotations

import numpy as np

from dashboard.records.activations import ValueSpread
from dashboard.records.learning import Learning
from dashboard.records.network import LayerCall
from dashboard.wording.learning import headline, selection


def learning(shares: list[float], zeros: list[float]) -> Learning:
    """Two classes, with those probabilities of the first."""
    logits = np.log(np.array([[share, 1 - share] for share in shares]))
    steps = 100 * np.arange(1, len(shares) + 1)
    spreads = tuple(ValueSpread(0, 1, 0, 1, share) for share in zeros)
    call = LayerCall("relu", "ReLU", (3, 1, 1))
    return Learning(call, ("fox", "ox"), steps, steps, np.ones((len(shares), 3, 1, 1)), spreads, logits, ())


def test_the_headline_says_since_when_and_how_far():
    assert headline(learning([0.2, 0.6, 0.9], [0, 0, 0]), 0, "MLP") == (
        "MLP says fox from step 200 on: fox goes from 20 % to 90 %."
    )
    assert headline(learning([0.9, 0.9], [0.5, 0.25]), 1, "MLP") == (
        "MLP says fox at each of its 2 checkpoints: ox goes from 10 % to 10 %."
    )


def test_one_checkpoint_is_no_course():
    assert headline(learning([0.25], [0]), 0, "MLP") == "MLP keeps one checkpoint, of step 100: 25 % for fox."


def test_the_channels_that_are_looked_at_are_counted():
    assert selection(learning([0.5], [0]), 3, "unit") == "All 3 units."
    assert selection(learning([0.5], [0]), 2, "channel") == (
        "The 2 channels of 3 that are strongest over all steps."
    )
