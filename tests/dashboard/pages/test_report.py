"""The Report page: what goes in is chosen, the file is offered, and every page leads to it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard.pages.app import address, page, said, sound

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning:streamlit")]


def opened(path: str = "report", **query: str) -> AppTest:
    return page(path, **query)


def test_the_quick_views_are_in_and_the_file_is_offered():
    app = opened(model="mlp")
    assert said(app.header).startswith("Your report is ready: 5 views in one file of")
    assert app.pills(key="report-views").value == [
        "answer",
        "attribution",
        "architecture",
        "activations",
        "weights",
    ]
    buttons = {button.proto.label: button.proto for button in app.get("download_button")}
    assert set(buttons) == {"Download the report (HTML)", "Download the slides (HTML)"}
    assert "95.5 % of the test pictures" in said(app.markdown) and "Where it looks" in said(app.markdown)
    assert not app.warning and not app.error


def test_what_goes_in_is_in_the_address():
    app = opened(model="mlp")
    sound(app.pills(key="report-views").set_value(["answer", "evaluation"]).run())
    assert said(app.header).startswith("Your report is ready: 2 views")
    assert "is right about" in said(app.markdown)
    assert {name: value for name, value in address(app).items() if name != "model"} == {
        "p.in_evaluation": ["1"],
        **{f"p.in_{name}": ["0"] for name in ("attribution", "architecture", "activations", "weights")},
    }
    sound(app.pills(key="report-views").set_value([]).run())
    assert said(app.header) == "A report of nothing: choose what goes in."


def test_the_curves_of_a_run_come_with_it():
    app = opened(model="mlp")
    sound(app.selectbox(key="report-run").set_value("example-memorises").run())
    assert address(app)["run"] == ["example-memorises"]
    assert "the network memorises" in said(app.markdown)


def test_every_page_leads_to_the_report_with_its_own_view():
    app = opened("evaluation", model="mlp")
    sound(app.button(key="to-report").click().run())
    assert said(app.header).startswith("Your report is ready: 6 views")
    assert address(app)["p.in_evaluation"] == ["1"]
    assert "to-report" not in {button.key for button in app.button}


def test_the_curves_of_the_training_page_come_along():
    app = opened("training", model="mlp")
    sound(app.button(key="to-report").click().run())
    assert "Run MLP example, which is another network" in said(app.markdown)


def test_what_is_refused_is_told_with_its_reason():
    app = opened(model="cnn-untrained", p_in_surrogate="1")
    assert said(app.header).startswith("Your report is ready: 5 views")
    assert "this network is untrained" in said(app.markdown)
