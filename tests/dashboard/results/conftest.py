"""Two small networks looking at a picture."""

from __future__ import annotations

import pytest

from dashboard.selection import Selection
from dashboard.view import View, build_view
from models.networks import find_network
from models.runtime.progress import silent


def _view(name: str) -> View:
    model = find_network(name)
    return build_view(Selection(name, ("mnist-10k/test/0",)), model, model.load(silent))


@pytest.fixture(scope="package")
def mlp() -> View:
    """A network of three layers and a digit."""
    return _view("mlp")


@pytest.fixture(scope="package")
def cnn() -> View:
    """A network with a grid and the same digit."""
    return _view("cnn")
