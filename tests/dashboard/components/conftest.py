"""What holds for the tests of every component."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def no_runs(tmp_path, monkeypatch):
    """What was trained on this machine does not show in a test."""
    monkeypatch.setenv("VITRINE_RUNS", str(tmp_path / "runs"))
