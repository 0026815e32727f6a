"""Learned from: the pictures that pull most, with what was left out for real; a reason where that is not known."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from dashboard.report.chapters import CHAPTERS
from dashboard.report.contents import Chart, Pictures
from dashboard.results import evaluation
from dashboard.results import influence as results
from models.runtime.errors import UserError
from tests.dashboard.components.component import made
from tests.dashboard.records.test_influence import influence
from tests.dashboard.report.chapters.built import subject
from tests.dashboard.wording.test_influence import HEAD

ITEMS = [SimpleNamespace(title=f"picture {number}") for number in range(3)]


def test_what_was_not_trained_here_has_none():
    with pytest.raises(UserError, match="trained here"):
        CHAPTERS["learned"].build(subject(), made)
    assert CHAPTERS["learned"].slow and not CHAPTERS["learned"].usual(subject())


@pytest.mark.parametrize(("correlation", "shown"), [(0.81, 1), (0.79, 0), (float("nan"), 0)])
def test_below_a_correlation_of_0_8_nothing_is_drawn(monkeypatch, correlation, shown):
    asked = SimpleNamespace(
        labelled=SimpleNamespace(pool=SimpleNamespace(items=ITEMS, title="three pictures"))
    )
    monkeypatch.setattr(results, "subject", lambda view: asked)
    monkeypatch.setattr(results, "fitted", lambda asked: HEAD)
    monkeypatch.setattr(
        results, "pulls", lambda asked, head: influence([2.0, -1.0, 0.5], correlation=correlation)
    )
    monkeypatch.setattr(evaluation, "pictures", lambda *of: [np.zeros((28, 28, 3), np.uint8)] * 3)
    section = CHAPTERS["learned"].build(subject(), lambda result: result)
    assert sum(isinstance(block, Pictures) for block in section.blocks) == shown
    assert sum(isinstance(block, Chart) for block in section.blocks) == shown
    assert ("is not shown" in section.finding) != bool(shown)
    assert "were left out for real" in " ".join(section.texts())


@pytest.mark.slow
def test_three_for_and_three_against_are_shown_with_the_check():
    section = CHAPTERS["learned"].build(subject(model="run:example-healthy", image="mnist-10k/test/18"), made)
    assert section.finding.startswith("Without one picture of 1 that it learned from, LeNet-5")
    (pictures,) = [block for block in section.blocks if isinstance(block, Pictures)]
    assert [picture.title[:9] for picture in pictures.items] == ["For 1: +0"] * 3 + ["Against 1"] * 3
    assert "p.see=learned" in section.address
    assert "20 of its 9,000 pictures were left out for real" in " ".join(section.texts())
