"""What goes into a report: the views of the address, and the run."""

from __future__ import annotations

from dashboard.report.assembly import usual
from dashboard.report.chapter import ReportSubject
from dashboard.report.chapters import CHAPTERS
from tests.dashboard.components.component import drawn, left, sound, view_of


def script():
    import streamlit as st

    from dashboard import session
    from dashboard.components.report import choice, subjects

    session.begin()
    subject = subjects.current()
    choice.pickers(subject)
    st.text(" ".join(choice.current_chapters(subject)))
    st.text(" ".join(run.name for run in subject.runs))


def page(**address):
    return drawn(script, {"model": "cnn", "image": "mnist-10k/test/17"} | address)


def test_the_usual_chapters_are_in_and_others_where_they_are_asked_for():
    default = usual(ReportSubject(view_of()))
    assert page().text[0].value.split() == default
    app = page(**{"p.in_evaluation": "1", f"p.in_{default[0]}": "0"})
    assert app.text[0].value.split() == [
        name for name in CHAPTERS if name == "evaluation" or name in default[1:]
    ]


def test_only_what_is_not_usual_is_in_the_address():
    app = page()
    default = app.text[0].value.split()
    sound(app.get_by_key("report-views").set_value([*default[1:], "surrogate"]).run())
    address = left(app)
    assert {name: address[name] for name in address if name.startswith("p.")} == {
        f"p.in_{default[0]}": "0",
        "p.in_surrogate": "1",
    }


def test_a_run_brings_its_curves():
    app = page(run="example-healthy")
    assert "training" not in app.text[0].value
    sound(app.selectbox(key="report-run").set_value("example-healthy").run())
    assert app.text[1].value == "example-healthy" and "training" in app.text[0].value
    sound(app.selectbox(key="report-run").set_value(None).run())
    assert "training" not in app.text[0].value
