"""Who is told nothing."""

from __future__ import annotations

from models.runtime import progress


def test_silence_takes_every_report_and_cancels_nothing():
    report: progress.Report = progress.silent
    for done, total in ((0, None), (3, 10), (10, 10)):
        report(done, total)
