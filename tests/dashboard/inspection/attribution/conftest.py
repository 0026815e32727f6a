"""A network whose last normalisation is written over."""

from __future__ import annotations

import pytest
from torchvision.models import densenet121

from models.classifier import Classifier
from tests.networks import built, classifier


@pytest.fixture(scope="session")
def dense() -> Classifier:
    """A DenseNet of three classes for 64 pixels, which writes in place over what `features.norm5` puts out."""
    return classifier(built(lambda: densenet121(num_classes=3)), channels=3, side=64)
