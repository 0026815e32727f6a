"""The Table page: its answer on top, beside what a logistic regression reaches, with any network looked at."""

from __future__ import annotations

import pytest

from models.kinds import TABLE
from models.networks import find_network, on_board
from models.training import own_tables, runs
from models.training.config import Config
from models.training.runs import status as states
from models.training.session import train
from tests.dashboard.pages.app import page, said
from tests.tables import people

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


def test_a_run_on_a_table_of_ones_own_is_asked_why_and_says_so_where_its_table_is_gone(tmp_path):
    source = tmp_path / "people.csv"
    source.write_text(people())
    config = own_tables.settle(
        Config(
            model="table_mlp",
            dataset="table",
            data=str(source),
            target="class",
            epochs=3,
            batch_size=16,
            threads=1,
            device="cpu",
        )
    )
    run = runs.create(config)
    assert train(run.path, config) == states.FINISHED
    name = f"run:{run.id}"
    app = page("table", model=name)
    assert "calls this row" in said(app.header) and not app.exception
    # What may be missing has a switch, a category a box.
    assert [toggle.label for toggle in app.toggle] == ["age is known"]
    assert {"kind", "place"} <= {box.label for box in app.selectbox}
    app.toggle[0].set_value(False).run()
    assert "With 1 value changed" in said(app.markdown) and not app.exception
    for path in ("evaluation", "report", "weights"):
        assert not page(path, model=name).exception
    for kept in (runs.root() / own_tables.FOLDER).iterdir():
        kept.unlink()
    own_tables._load.cache_clear()
    own_tables._labelled.cache_clear()
    for path in ("table", "evaluation", "report"):
        app = page(path, model=name)
        assert not app.exception and "is not kept here any more" in said(app.error)
