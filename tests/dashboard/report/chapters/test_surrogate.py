"""What it says in rules: the tree, its fidelity, and the way of the picture."""

from __future__ import annotations

import pytest

from dashboard.report.chapters import CHAPTERS
from dashboard.report.contents import Numbers, Points
from dashboard.wording.numbers import percent
from models.runtime.errors import UserError
from tests.dashboard.components.component import made
from tests.dashboard.components.surrogate.imitated import grown
from tests.dashboard.report.chapters.built import built, subject


def test_the_tree_of_the_address_with_its_fidelity_and_rules():
    section = built("surrogate", subject(**{"p.features": "patches", "p.depth": "3"}))
    (numbers,) = [block for block in section.blocks if isinstance(block, Numbers)]
    (rules,) = [block for block in section.blocks if isinstance(block, Points)]
    fidelity = grown().fidelity[3]
    assert dict(numbers.items)["Fidelity"] == percent(fidelity.held_out)
    assert dict(numbers.items)["Leaves"] == f"{fidelity.leaves:,}"
    assert rules.numbered and 1 <= len(rules.items) <= 4
    assert "p.depth=3" in section.address and "p.features=patches" in section.address


@pytest.mark.slow
def test_random_weights_are_refused_with_the_reason():
    with pytest.raises(UserError, match=r"^No tree: "):
        CHAPTERS["surrogate"].build(subject(model="cnn-untrained"), made)
