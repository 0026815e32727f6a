"""The views of the What if page, and the board that the first one hands on."""

from __future__ import annotations

import base64

import numpy as np
import pytest

from dashboard import session
from dashboard.components.whatif import board
from dashboard.components.whatif.views import TABS
from dashboard.records.mask import pack_cells
from dashboard.report.chapters import whatif


def test_each_view_of_the_page_has_its_place_in_the_report():
    assert list(TABS) == list(whatif.VIEWS) and all(tab.question for tab in TABS.values())


@pytest.mark.parametrize("text", [None, "", "!", 7, {"painted": 1}])
def test_what_is_no_painting_changes_nothing(monkeypatch, text):
    monkeypatch.setattr(session, "entry", lambda key, instead: {"painted": text})
    board._hand_on((2, 3), lambda cells: pytest.fail("something was painted"))


def test_a_stroke_is_handed_on_as_cells(monkeypatch):
    cells = np.array([[True, False, True], [False, True, True]])
    found: list[np.ndarray] = []
    for text in (pack_cells(cells), base64.b64encode(np.packbits(cells).tobytes() + bytes(10**4)).decode()):
        monkeypatch.setattr(session, "entry", lambda key, instead, text=text: {"painted": text})
        board._hand_on((2, 3), found.append)
    assert all(np.array_equal(one, cells) for one in found) and len(found) == 2
