"""Nothing is measured yet."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import pytest

from dashboard.inspection.engine import batch_size, exported, speed


@pytest.fixture(autouse=True)
def forgotten(monkeypatch):
    monkeypatch.setattr(speed, "_CHOSEN", {})
    monkeypatch.setattr(speed, "_NEARBY", {})
    monkeypatch.setattr(batch_size, "_BATCHES", {})
    monkeypatch.setattr(exported, "_CHAINS", WeakKeyDictionary())
