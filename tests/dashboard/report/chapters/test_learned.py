"""Learned from: the pictures that pull most, with what was left out for real; a reason where that is not known."""

from __future__ import annotations

import pytest

from dashboard.report.chapters import CHAPTERS
from dashboard.report.contents import Pictures
from models.runtime.errors import UserError
from tests.dashboard.components.component import made
from tests.dashboard.report.chapters.built import subject


def test_what_was_not_trained_here_has_none():
    with pytest.raises(UserError, match="trained here"):
        CHAPTERS["learned"].build(subject(), made)
    assert CHAPTERS["learned"].slow and not CHAPTERS["learned"].usual(subject())


@pytest.mark.slow
def test_three_for_and_three_against_are_shown_with_the_check():
    section = CHAPTERS["learned"].build(subject(model="run:example-healthy", image="mnist-10k/test/18"), made)
    assert section.finding.startswith("Without one picture of 1 that it learned from, LeNet-5")
    (pictures,) = [block for block in section.blocks if isinstance(block, Pictures)]
    assert [picture.title[:9] for picture in pictures.items] == ["For 1: +0"] * 3 + ["Against 1"] * 3
    assert "p.see=learned" in section.address
    assert "20 of its 9,000 pictures were left out for real" in " ".join(section.texts())
