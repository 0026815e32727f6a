"""From what was chosen to the file: one section for each chapter, and what stands on top."""

from __future__ import annotations

import dataclasses

from dashboard.report.assembly import assemble, report_file, usual
from dashboard.report.chapter import ReportSubject
from dashboard.report.chapters import CHAPTERS
from dashboard.report.contents import Section
from dashboard.wording import answer
from models.runtime.errors import UserError
from tests.dashboard.components.component import view_of


def chapter(name, build):
    return dataclasses.replace(CHAPTERS["answer"], name=name, title=name.title(), build=build)


def refused(subject, ask):
    raise UserError("There is nothing to show.")


def test_chapters_become_sections_and_a_refusal_is_one_too():
    view = view_of()
    built = Section("first", "First", "Found.", summary=("It matters.",))
    told: list[float] = []
    report = assemble(
        ReportSubject(view), [chapter("first", lambda *_: built), chapter("second", refused)], told.append
    )
    assert report.title == answer.headline(view.model.title, view.prediction)
    assert report.about == f"{view.model.title} · {view.picture.title}"
    assert [(section.title, section.finding, section.refused) for section in report.sections] == [
        ("First", "Found.", False),
        ("Second", "There is nothing to show.", True),
    ]
    said = [words.text for words in report.summary]
    assert "It matters." in said and said[-1] == "Not shown, with the reason below: Second."
    assert told == [0.0, 0.5]


def test_the_same_choice_is_the_same_file_and_another_one_is_not():
    subject = ReportSubject(view_of())
    names = usual(subject)
    key = report_file(subject, names).key
    assert report_file(ReportSubject(view_of()), names).key == key
    assert report_file(subject, names[1:]).key != key
    assert report_file(dataclasses.replace(subject, owner="ann"), names).key != key


def test_what_goes_over_thousands_of_pictures_is_not_usual():
    names = usual(ReportSubject(view_of()))
    assert "answer" in names and not any(CHAPTERS[name].slow for name in names)
