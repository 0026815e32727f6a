"""Nothing is measured yet."""

from __future__ import annotations

import pytest

from dashboard.inspection.engine import batch_size, speed


@pytest.fixture(autouse=True)
def forgotten(monkeypatch):
    monkeypatch.setattr(speed, "_CHOSEN", {})
    monkeypatch.setattr(speed, "_STAGES", {})
    monkeypatch.setattr(batch_size, "_BATCHES", {})
