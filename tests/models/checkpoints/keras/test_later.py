"""Classes of torch are named in tables, and imported where they are made."""

from __future__ import annotations

from functools import partial

import pytest
import torch

from models.checkpoints.keras import later
from models.checkpoints.keras.modules import Graph


def test_a_class_is_looked_up_when_it_is_made():
    made = partial(later.nn.Linear, 3, bias=False)(2)
    assert isinstance(made, torch.nn.Linear) and made.weight.shape == (2, 3) and made.bias is None
    nothing = later.Later("torch.nn").Nothing
    with pytest.raises(AttributeError, match="Nothing"):
        nothing()


def test_no_layer_may_be_called_as_what_a_graph_has():
    # What every class has differs by release of Python.
    names = {name for name in dir(Graph({}, (), 0)) if not name.startswith("__")}
    assert "get_submodule" in names <= later.RESERVED
