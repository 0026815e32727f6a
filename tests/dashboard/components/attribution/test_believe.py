"""Which to believe, on the Attribution page."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard.pages.app import page

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:streamlit")


def opened(**query: str) -> AppTest:
    """The page with two quick maps of a digit, and whatever else an address names."""
    return page("attribution", **{"model": "cnn", "method": ["saliency", "input_x_gradient"], **query})


@pytest.mark.slow
def test_nothing_is_measured_until_it_is_asked_for():
    app = opened()
    assert "Which to believe" in [header.value for header in app.subheader]
    assert not app.dataframe
    assert "p.believe" not in app.query_params


@pytest.mark.slow
def test_maps_are_measured_ranked_and_the_finding_is_said():
    app = opened()
    app.toggle(key="believe").set_value(True).run()
    assert not app.exception
    assert app.query_params["p.believe"] in ("1", ["1"])
    table = app.dataframe[0].value
    assert set(table["Method"]) == {"Saliency", "Input x Gradient"}
    leads = list(table["Insertion area"] - table["Deletion area"])
    edges = [word == "Edge detector" for word in table["Word"]]
    assert list(zip(edges, leads, strict=True)) == sorted(
        zip(edges, leads, strict=True), key=lambda row: (row[0], -row[1])
    )
    said = " ".join(text.value for text in app.markdown)
    assert "points best at what this network uses" in said or "Not clear" in said
    assert {"deletion", "insertion"} <= {
        chart.proto.id.rsplit("-", 1)[-1] for chart in app.get("plotly_chart")
    }
    app.toggle(key="believe").set_value(False).run()
    assert not app.dataframe
    assert "p.believe" not in app.query_params


@pytest.mark.slow
def test_the_maps_of_each_column_are_measured_and_ranked_by_themselves():
    app = opened(versus="1", **{"p.believe": "1"})
    tables = [frame.value for frame in app.dataframe]
    assert [set(table["Method"]) for table in tables] == [{"Saliency", "Input x Gradient"}] * 3
    areas = {tuple(table.sort_values("Method")["Deletion area"]) for table in tables}
    assert len(areas) == 3, "each class has its own curves"
    headings = [text.value for text in app.markdown]
    assert sum("rather than" in text and text.startswith("**") for text in headings) >= 2
