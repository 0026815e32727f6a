from __future__ import annotations

import pytest

from dashboard.records.surrogate import Surrogate
from tests.dashboard.charts.surrogate.trees import imitated
from tests.dashboard.inspection.surrogate.pictures import blobs


@pytest.fixture(scope="session")
def found() -> Surrogate:
    return imitated(blobs())
