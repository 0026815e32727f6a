"""The Recommendation page: what is recommended and why, made up as it is, and the same network on other pages."""

from __future__ import annotations

import pytest

from tests.dashboard.pages.app import page, said

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning:streamlit")]
NETWORK = "two_towers-films"


def test_a_network_that_reads_pictures_gives_way_to_the_first_that_reads_histories():
    app = page("history", model="mlp")
    assert said(app.header).startswith("Two-tower network recommends ")
    told = said(app.markdown)
    assert "All films, people and tastes here are made up." in told
    assert "among the ten most popular for 17.2 %: the network is better (+26.3 points" in told
    assert "96.3 % (Shapley values) of them; a film drawn from the history would be for 59.4 %" in told
    assert "A program draws the films" in said(app.caption)


def test_nothing_chosen_has_no_reasons():
    app = page("history", model=NETWORK, p_films=".")
    assert said(app.header).endswith("to somebody who chose nothing.")
    assert not app.get("plotly_chart") and not app.error


@pytest.mark.parametrize("path", ["weights", "architecture", "training", "attribution", ""])
def test_other_pages_show_it_or_say_where_it_is_shown(path):
    app = page(path, model=NETWORK)
    assert said(app.header) and not app.exception


def test_evaluation_counts_hits_among_ten():
    app = page("evaluation", model=NETWORK)
    assert said(app.header).startswith("Two-tower network names the next choice among ten films for 43.5 %")
    assert len(app.get("plotly_chart")) == 1
    assert "more cannot be expected" in said(app.markdown)
