"""A network that several tests of passes look at."""

from __future__ import annotations

import pytest

from models.classifier import Classifier
from tests.networks import ConvNet, built, classifier


@pytest.fixture(scope="module")
def network() -> Classifier:
    return classifier(built(ConvNet))
