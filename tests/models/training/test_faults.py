"""What `python -m tests.faults` does fifty times, five times."""

from __future__ import annotations

from tests.faults import kill_and_compare


def test_killed_at_random_moments_a_run_ends_as_an_undisturbed_one():
    report = kill_and_compare(5, seed=0)
    assert report.kills == 5
    assert report.runs >= 1
