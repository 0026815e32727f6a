"""The Table page: its answer on top, beside what a logistic regression reaches, with any network looked at."""

from __future__ import annotations

import pytest

from models.kinds import TABLE
from models.networks import find_network, on_board
from tests.dashboard.pages.app import page, said

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning:streamlit")]


def test_a_network_that_reads_pictures_gives_way_to_the_first_that_reads_tables():
    app = page("table", model="mlp")
    name = find_network(on_board(TABLE)[0]).title.partition(" (")[0]
    assert said(app.header).startswith(f"{name} calls this row")
    assert "logistic regression about 95.8 % of the same: the network cannot be told apart from it" in said(
        app.markdown
    )
    app.slider[0].set_value(app.slider[0].min).run()
    assert "With 1 value changed it is" in said(app.markdown) and not app.exception


@pytest.mark.parametrize("path", ["weights", "architecture", "training", "attribution", ""])
def test_other_pages_show_it_or_say_where_it_is_shown(path):
    app = page(path, model="table_mlp-wine")
    assert said(app.header) and not app.exception


def test_evaluation_measures_it_beside_its_baseline_and_leads_to_its_mistakes():
    app = page("evaluation", model="table_mlp-breast-cancer")
    assert "143 test rows of Breast cancer Wisconsin" in said(app.header)
    assert "ogistic regression" in said(app.markdown)
    assert len(app.get("plotly_chart")) == 2
    assert len(app.dataframe[0].value) == round(143 * (1 - 0.958))
