"""The report as a file: what it is called, and what the page says is in it."""

from __future__ import annotations

import dataclasses

from dashboard.components.report import file
from dashboard.report.assembly import ReportFile
from dashboard.report.chapter import ReportSubject
from dashboard.report.contents import Picture, Report, Section, Words
from tests.dashboard.components.component import alternatives, drawn, texts, view_of
from tests.dashboard.pages.app import png


def script(shown):
    from dashboard.components.report import file

    file.contents(shown)


def test_a_file_is_called_after_network_and_picture():
    view = view_of()
    subject = ReportSubject(view)
    assert file.file_name(subject).startswith("vitrine-") and "mnist-10k-test-17" in file.file_name(subject)
    picture = dataclasses.replace(view.picture, title="../../<b>" + "x" * 200)
    name = file.file_name(ReportSubject(dataclasses.replace(view, picture=picture)))
    assert len(name) == 80 and set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_the_page_says_what_is_in_it_and_what_is_not():
    report = Report(
        title="It is a 7.",
        about="",
        cover=Picture(png("teal"), "The picture"),
        time="",
        summary=(Words("First."),),
        sections=(Section("a", "The answer", "A 7."), Section("b", "Rules", "No tree.", refused=True)),
        provenance=(),
        credits=(),
    )
    app = drawn(script, shown=ReportFile(report, b""))
    assert texts(app.subheader) == ["It is a 7."]
    assert texts(app.markdown) == [
        "- First.",
        ":material/check: **1 The answer**  \nA 7.",
        ":material/block: **2 Rules**  \nNo tree.",
    ]
    assert alternatives(app) == ["The picture"]
