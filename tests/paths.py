"""Where the product stands."""

from __future__ import annotations

from pathlib import Path

# Counted in this one place: a test that moves to another folder must not look elsewhere.
ROOT = Path(__file__).resolve().parents[1]
