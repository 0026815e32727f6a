"""The Overview page: the answer, where it looks, and what the network is."""

from __future__ import annotations

import pytest

from dashboard.navigation import PAGES
from tests.dashboard.pages.app import first_page, said

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:streamlit")


@pytest.mark.slow
def test_overview_shows_answer_facts_and_credit():
    app = first_page()
    assert said(app.header) == "EfficientNet-Lite0 is 97 % sure: a giant panda."
    assert app.get("progress")[0].proto.text == "**giant panda** · 97 %"
    assert not app.get("plotly_chart")
    assert {metric.label: metric.value for metric in app.metric} == {
        "Parameters": "4.65 M",
        "FLOPs per image": "770 M",
        "Input": "224 x 224 x 3",
        "Classes": "1,000",
        "Top-1 accuracy": "75 %",
    }
    assert "Apache-2.0" in said(app.caption)
    assert "of the picture, by Grad-CAM." in said(app.markdown)


@pytest.mark.slow
def test_every_other_page_is_one_click_away():
    app = first_page()
    captions = said(app.caption)
    assert all(page.summary in captions for page in PAGES if page.path)
