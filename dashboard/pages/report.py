"""Report: one file to hand over, of the views that are chosen."""

from __future__ import annotations

from dashboard import session
from dashboard.components import say
from dashboard.components.look import look
from dashboard.components.report import choice, made
from dashboard.components.wait import slot

subject = choice.subject(look(session.visit().selection))
top = slot()
choice.pickers(subject)
names = choice.chosen(subject)
if names:
    top.header("Your report is being made.")
    found = made.made(subject, names)
    top.header(say.plain(made.finding(found)))
    made.download(found, subject)
    made.contents(found)
else:
    top.header("A report of nothing: choose what goes in.")
