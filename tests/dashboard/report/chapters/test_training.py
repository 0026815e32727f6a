"""How it learned: the curves of a run, and what they say."""

from __future__ import annotations

import pytest

from dashboard.report.chapters import CHAPTERS
from dashboard.report.contents import Chart, Points
from models.runtime.errors import UserError
from tests.dashboard.components.component import made
from tests.dashboard.report.chapters.built import built, subject


def test_curves_and_verdict_of_the_run():
    section = built("training", subject("example-memorises"))
    charts = [block for block in section.blocks if isinstance(block, Chart)]
    assert charts and all(chart.alt.endswith(" over optimizer steps") for chart in charts)
    assert "memorises" in section.finding and section.finding.startswith("Run example-memorises")
    assert any(isinstance(block, Points) for block in section.blocks)
    ((title, settings),) = section.provenance
    assert title == "Run example-memorises" and "epochs = " in settings


def test_without_a_run_there_is_a_reason():
    with pytest.raises(UserError, match="no run was chosen"):
        CHAPTERS["training"].build(subject(), made)
    assert CHAPTERS["training"].usual(subject("example-healthy"))
    assert not CHAPTERS["training"].usual(subject())
