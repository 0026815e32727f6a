"""Which networks are relatives of the one that is looked at."""

from __future__ import annotations

from dashboard.components.weights import comparison
from models.training import as_networks


def test_titles_tell_which_networks_are_of_one_architecture():
    assert comparison.architecture("Small CNN (MNIST 10k, untrained)") == "Small CNN"
    assert comparison.architecture("Small CNN, checkpoint of step 1,000") == "Small CNN"
    run, other = (f"run:{name}" for name in ("example-memorises", "example-healthy"))
    assert as_networks.architecture(run) == as_networks.architecture(f"{run}@25") == "MLP 784-128-64-10"
    assert as_networks.architecture(other) == "LeNet-5"
