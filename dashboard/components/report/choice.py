"""What goes into a report: views, and the run whose curves are shown; all of it in the address."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.components import choice
from dashboard.parameters import in_report, merge
from dashboard.report.assembly import usual
from dashboard.report.chapter import Chapter, Reported
from dashboard.report.chapters import chapters_of
from dashboard.runs import find_logs, find_source
from models.training import runs

NOTHING = "None"


def current_chapters(subject: Reported) -> list[str]:
    """The chapters of the address, in the order of the report."""
    settings, default = subject.selection.parameters, usual(subject)
    return [name for name in chapters_of(subject) if in_report(name).read(settings, default=name in default)]


def pickers(subject: Reported) -> None:
    """The choice of views and of a run."""
    st.pills(
        "What goes in",
        list(chapters_of(subject)),
        selection_mode="multi",
        wrap=True,
        format_func=lambda name: _title(chapters_of(subject)[name]),
        key=session.control("report-views", current_chapters(subject)),
        on_change=lambda: _choose(subject),
        help="  \n".join(
            [
                *(f"**{chapter.title}**: {chapter.says}" for chapter in chapters_of(subject).values()),
                "A clock marks what goes over thousands of pictures.",
            ]
        ),
    )
    if "training" not in chapters_of(subject):
        return
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


def _title(chapter: Chapter) -> str:
    """A chapter's title, with a mark where it takes its time."""
    return f"{chapter.title} :material/schedule:" if chapter.slow else chapter.title


def _choose_run(run: str | None) -> None:
    """Bring a run in, or leave it out."""
    session.choose(
        runs=() if run is None else (run,),
        parameters=merge(session.settings(), {in_report("training"): True if run else None}),
    )


def _choose(subject: Reported) -> None:
    picked, default = session.entry("report-views"), usual(subject)
    session.choose_parameters(
        {
            in_report(name): None if (name in picked) == (name in default) else name in picked
            for name in chapters_of(subject)
        }
    )
