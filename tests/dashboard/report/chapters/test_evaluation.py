"""How good it is: accuracy, confusions, classes and calibration."""

from __future__ import annotations

import pytest

from dashboard.report.chapters import CHAPTERS
from dashboard.report.contents import Chart, Numbers
from dashboard.wording.numbers import rate
from models.runtime.errors import UserError
from tests.dashboard.components.component import made
from tests.dashboard.components.evaluation.evaluated import subject as evaluated
from tests.dashboard.report.chapters.built import built, subject


def test_numbers_are_those_of_the_evaluation():
    accuracy, section = evaluated().evaluation.accuracy, built("evaluation")
    (numbers,) = [block for block in section.blocks if isinstance(block, Numbers)]
    assert dict(numbers.items)["Accuracy"] == rate(accuracy.share)
    assert dict(numbers.items)["95 % interval"] == f"{rate(accuracy.low)} to {rate(accuracy.high)}"
    assert len([block for block in section.blocks if isinstance(block, Chart)]) == 3
    assert "p.part=test" in section.address and section.credits


def test_without_labelled_pictures_there_is_a_reason():
    with pytest.raises(UserError, match="no labelled pictures fit it"):
        CHAPTERS["evaluation"].build(subject(model="squeezenet1_1", image="cat_chelsea"), made)
