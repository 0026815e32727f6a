"""What goes into a report: views, and the run whose curves are shown; all of it in the address."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.components import choice
from dashboard.components.report.link import PAGE
from dashboard.parameters import in_report, merge
from dashboard.report.assembly import usual
from dashboard.report.chapter import ReportSubject, home, runs_of
from dashboard.report.chapters import CHAPTERS
from dashboard.runs import find_logs, find_source
from dashboard.view import View
from models.training import runs

NOTHING = "None"


def subject(view: View, path: str = PAGE.path) -> ReportSubject:
    """What a report is about, by the address of the page of that path."""
    address = home((st.context.url or "").rstrip("/").removesuffix(f"/{path}"))
    return ReportSubject(view, runs_of(view), session.own_pictures(), session.owner(), address)


def current_chapters(subject: ReportSubject) -> list[str]:
    """The chapters of the address, in the order of the report."""
    settings, default = subject.view.selection.parameters, usual(subject)
    return [name for name in CHAPTERS if in_report(name).read(settings, default=name in default)]


def pickers(subject: ReportSubject) -> None:
    """The choice of views and of a run."""
    st.pills(
        "What goes in",
        list(CHAPTERS),
        selection_mode="multi",
        wrap=True,
        format_func=_title,
        key=session.control("report-views", current_chapters(subject)),
        on_change=lambda: _choose(subject),
        help="  \n".join(
            [
                *(f"**{chapter.title}**: {chapter.says}" for chapter in CHAPTERS.values()),
                "A clock marks what goes over thousands of pictures.",
            ]
        ),
    )
    is_in = "training" in current_chapters(subject)
    current = next((run.name for run in subject.runs if is_in), None)
    names = [run.id for run in runs.known()] + [log.name for log in find_logs()]
    choice.select(
        "Curves of run",
        names,
        current,
        _choose_run,
        key="report-run",
        title=lambda name: find_source(name or "").title,
        text="A training run whose loss and accuracy go in. A network that is a checkpoint brings its own.",
        placeholder=NOTHING,
        optional=True,
        width=400,
    )


def _title(name: str) -> str:
    """A chapter's title, with a mark where it takes its time."""
    chapter = CHAPTERS[name]
    return f"{chapter.title} :material/schedule:" if chapter.slow else chapter.title


def _choose_run(run: str | None) -> None:
    """Bring a run in, or leave it out."""
    session.choose(
        runs=() if run is None else (run,),
        parameters=merge(session.settings(), {in_report("training"): True if run else None}),
    )


def _choose(subject: ReportSubject) -> None:
    picked, default = session.entry("report-views"), usual(subject)
    session.choose_parameters(
        {
            in_report(name): None if (name in picked) == (name in default) else name in picked
            for name in CHAPTERS
        }
    )
