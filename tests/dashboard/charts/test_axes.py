"""What axes share."""

from __future__ import annotations

import pytest

from dashboard.charts.axes import BARE, HIDDEN, LINED, PLAIN, SECOND, STILL, canvas


def test_the_page_shows_through_a_canvas_of_its_height():
    found = canvas(200, left=1, bottom=2)
    assert found["height"] == 200 and found["margin"] == {"l": 1, "r": 8, "t": 8, "b": 2}
    assert found["paper_bgcolor"] == found["plot_bgcolor"] == "rgba(0,0,0,0)"


def test_no_axis_can_be_dragged():
    assert all(axis["fixedrange"] for axis in (STILL, LINED, PLAIN, BARE, SECOND, HIDDEN))
    assert not BARE["zeroline"] and not PLAIN["showgrid"] and not HIDDEN["visible"]


def test_what_is_shared_cannot_be_changed():
    with pytest.raises(TypeError):
        STILL["fixedrange"] = False  # type: ignore[index]
