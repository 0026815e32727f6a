"""Which networks are relatives of the one that is looked at."""

from __future__ import annotations

from dashboard.components.weights import comparison


def test_titles_tell_which_networks_are_of_one_architecture():
    assert comparison.architecture("Small CNN (MNIST 10k, untrained)") == "Small CNN"
    assert comparison.architecture("Small CNN, run a-b, step 1,000") == "Small CNN"
