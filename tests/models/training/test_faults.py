"""What `python -m tests.faults` does fifty times, five times."""

from __future__ import annotations

import pytest

from tests.faults import Killer


@pytest.mark.slow
def test_killed_at_random_moments_a_run_ends_as_an_undisturbed_one():
    killer = Killer()
    killer.at_random(5, seed=0)
    assert killer.kills == 5
    assert killer.runs >= 1
