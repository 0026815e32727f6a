"""The report as a job, the file to take away, and what is in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import streamlit as st

from dashboard.components import say
from dashboard.components.picture import show
from dashboard.components.wait import wait_or_end
from dashboard.report import html
from dashboard.report.assembly import ReportFile, report_file
from dashboard.report.chapter import Reported
from dashboard.report.contents import Picture, Pictures, Report, Section


def make(subject: Reported, names: Sequence[str]) -> ReportFile:
    """The report, with progress. The visitor may stop it, and the page then ends here."""
    return wait_or_end(report_file(subject, names))


def download(file: ReportFile, subject: Reported) -> None:
    """The buttons that take it away, to read and as slides."""
    place = st.container(horizontal=True)
    place.download_button(
        "Download the report (HTML)",
        lambda: file.html,
        f"{file_name(subject)}.html",
        "text/html",
        key="report",
        icon=":material/download:",
        type="primary",
        on_click="ignore",
    )
    place.download_button(
        "Download the slides (HTML)",
        lambda: html.render_slides(file.report),
        f"{file_name(subject)}-slides.html",
        "text/html",
        key="slides",
        icon=":material/slideshow:",
        on_click="ignore",
        help="One finding and one picture each; arrows, space or a remote turn them, and #3 behind the address opens "
        "the third.",
    )
    st.caption("Open it in any browser, with or without a network; print it there to have it as PDF.")


def file_name(subject: Reported) -> str:
    """What the file is called: letters, digits and dashes of the network's and the picture's names."""
    words = re.findall(r"[A-Za-z0-9]+", f"{subject.model_title} {subject.input_title}")
    return "-".join(["vitrine", *words])[:80].lower()


def contents(file: ReportFile) -> None:
    """What the report says on top, and its sections, each with its finding."""
    report = file.report
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.subheader(say.plain(report.title))
        st.markdown("\n".join(f"- {say.plain(words.text)}" for words in report.summary))
        for number, section in enumerate(report.sections, 1):
            _line(number, section)
    with right:
        for picture in _pictures(report):
            show(picture.content, alt=picture.alt, caption=say.plain(picture.title) or None)


def _line(number: int, section: Section) -> None:
    sign = ":material/block:" if section.refused else ":material/check:"
    st.markdown(f"{sign} **{number} {say.plain(section.title)}**  \n{say.plain(section.finding)}")


def _pictures(report: Report) -> list[Picture]:
    """The picture, and the first map over it."""
    drawn = [
        picture
        for section in report.sections
        for block in section.blocks
        if isinstance(block, Pictures)
        for picture in block.items
        if picture.scale is not None
    ]
    return [*([] if report.cover is None else [report.cover]), *drawn[:1]]
