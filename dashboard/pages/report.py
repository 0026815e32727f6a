"""Report: one file to hand over, of the views that are chosen."""

from __future__ import annotations

from dashboard.components import say
from dashboard.components.report import choice, file, subjects
from dashboard.components.wait import slot
from dashboard.wording.report import headline

subject = subjects.current()
top = slot()
choice.pickers(subject)
names = choice.current_chapters(subject)
if names:
    top.header("Your report is being made.")
    report_file = file.make(subject, names)
    top.header(
        say.plain(
            headline(
                sum(not section.refused for section in report_file.report.sections), len(report_file.html)
            )
        )
    )
    file.download(report_file, subject)
    file.contents(report_file)
else:
    top.header("A report of nothing: choose what goes in.")
