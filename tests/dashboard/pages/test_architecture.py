"""The Architecture page: what it says, what is chosen on it, and what is wrong in its address."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard.pages.app import page, said

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning:streamlit")]


def opened(**query: str) -> AppTest:
    return page("architecture", **query)


def boxes(app: AppTest) -> set[str]:
    """What can be clicked in the drawing."""
    figures = [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]
    return {
        name for figure in figures for trace in figure["data"] for name in trace.get("customdata", ()) if name
    }


def test_finding_drawing_formula_and_table_of_the_first_network():
    app = opened()
    assert said(app.header).startswith("EfficientNet-Lite0 keeps 36 % of its 4.65 M parameters in blocks.5")
    assert "of a pass" in said(app.header)
    assert {"layer:conv_stem", "block:blocks", "block:blocks.3", "layer:classifier"} <= boxes(app)
    assert r"W \in \mathbb{R}^{1{,}000 \times 1{,}280}" in " ".join(element.value for element in app.latex)
    metrics = {metric.label: metric.value for metric in app.metric}
    assert (metrics["Parameters"], metrics["FLOPs per image"], metrics["Weights"]) == (
        "4.65 M",
        "770 M",
        "18.8 MB",
    )
    assert "Time per image" in metrics
    table = app.dataframe[0].value
    assert table["Layer"].iloc[-1] == "outside the layers"
    assert table["Parameters"].sum() == 4_652_008
    assert table["Time, share"].sum() == pytest.approx(1)
    assert not app.error and not app.warning


def test_a_layer_is_chosen_for_every_page_and_its_blocks_are_opened():
    app = opened(model="mlp")
    assert "layer" not in app.query_params
    app.selectbox(key="layer").set_value("fc2").run()
    assert app.query_params["layer"] in ("fc2", ["fc2"])
    assert r"W \in \mathbb{R}^{64 \times 128}" in " ".join(element.value for element in app.latex)
    deep = opened(model="vit", layer="blocks.2.mlp.fc1")
    assert {"layer:blocks.2.mlp.fc1", "block:blocks.2.mlp", "block:blocks.1"} <= boxes(deep)
    assert "layer:blocks.1.mlp.fc1" not in boxes(deep)


def test_depth_and_bars_are_in_the_address():
    app = opened(model="resnet", p_depth="1", p_bars="time")
    assert "layer:block3.conv2" in boxes(app)
    assert any("of the time" in chart.proto.spec for chart in app.get("plotly_chart"))


@pytest.mark.parametrize(
    "query",
    [{"p_depth": "99"}, {"p_depth": "x"}, {"p_open": "nonsense"}, {"p_bars": "sorcery"}],
    ids=lambda query: "-".join(query.values()),
)
def test_settings_that_mean_nothing_are_passed_over(query):
    app = opened(model="lenet5", **query)
    assert not app.error
    assert "layer:conv1" in boxes(app) or "layer:conv2" in boxes(app)


def test_what_never_ran_is_listed_with_its_reason():
    app = opened()
    assert any("Never called" in expander.label for expander in app.expander)
    assert "blocks.0.0.drop_path" in said(app.markdown)
