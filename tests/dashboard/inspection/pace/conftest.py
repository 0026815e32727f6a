"""Nothing is measured yet."""

from __future__ import annotations

import pytest

from dashboard.inspection.pace import batches, quickening


@pytest.fixture(autouse=True)
def forgotten(monkeypatch):
    monkeypatch.setattr(quickening, "_CHOSEN", {})
    monkeypatch.setattr(quickening, "_STAGES", {})
    monkeypatch.setattr(batches, "_BATCHES", {})
