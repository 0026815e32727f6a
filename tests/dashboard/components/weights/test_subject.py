"""Which tensor an address means."""

from __future__ import annotations

import torch

from dashboard.components.weights.subject import WeightsSubject, current_tensor, mark
from dashboard.inspection.weights.tensors import facts
from dashboard.selection import Selection
from models.classifier import Weights


def test_the_address_means_the_named_tensor_of_the_chosen_layer():
    tensors = {"a.weight": torch.ones(2, 2), "a.bias": torch.ones(2), "b.weight": torch.ones(2, 2)}
    known = facts(tensors)

    def meant(layer: str | None, tensor: str | None) -> str | None:
        selection = Selection("m", ("i",), layer=layer, parameters={"tensor": mark(tensor)} if tensor else {})
        found = current_tensor(WeightsSubject(Weights.of(tensors, "t"), "t", selection), known)
        return found.name if found else None

    assert meant(None, None) == "a.weight"
    assert meant("b", None) == "b.weight"
    assert meant("a#2", "a.bias") == "a.bias"
    # The layer was chosen later, on another page.
    assert meant("b", "a.bias") == "b.weight"
    assert meant(None, "b.weight") == "b.weight"
