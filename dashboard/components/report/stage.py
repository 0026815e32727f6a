"""The slides over the whole window, in place of the page: what a presenter shows."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.components import say
from dashboard.components.report import choice, file, subjects
from dashboard.parameters import SLIDE
from dashboard.report import html

KEY = "stage"
# A frame of its own, so that nothing in the slides reaches the app, nor the app's styles the slides. It is told the
# keys that the page gets while the frame has not the focus, and tells which slide is shown. The address follows
# without a run of the script, which would send the slides again.
_STAGE = st.components.v2.component(
    "vitrine_stage",
    css="""
    .vitrine-stage { position: fixed; inset: 0; width: 100vw; height: 100vh; border: 0; z-index: 1000000; }
    """,
    js="""
    export default function({data, parentElement, setTriggerValue}) {
        let frame = parentElement.querySelector("iframe");
        if (!frame || frame.dataset.mark !== data.mark) {
            frame?.remove();
            frame = document.createElement("iframe");
            frame.className = "vitrine-stage";
            frame.dataset.mark = data.mark;
            frame.title = data.title;
            frame.sandbox = "allow-scripts";
            frame.allow = "fullscreen";
            frame.srcdoc = data.slides;
            frame.onload = () => frame.focus();
            parentElement.append(frame);
        }
        const hear = event => {
            if (event.source !== frame.contentWindow) return;
            if (event.data.leave) return setTriggerValue("leave", true);
            const address = new URL(location);
            address.searchParams.set(data.parameter, event.data.slide);
            history.replaceState(history.state, "", address);
        };
        const press = event => {
            if (event.ctrlKey || event.metaKey || event.altKey) return;
            frame.contentWindow.postMessage({key: event.key}, "*");
            frame.focus();
            event.preventDefault();
        };
        window.addEventListener("message", hear);
        document.addEventListener("keydown", press);
        return () => {
            window.removeEventListener("message", hear);
            document.removeEventListener("keydown", press);
        };
    }
    """,
    isolate_styles=False,
)


def present(path: str) -> None:
    """The slides of what is looked at; Escape leads back to the page.

    Args:
        path: of the page that they stand in place of.
    """
    start = SLIDE.read(session.settings())
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("Your slides are being made.")
        st.button("Leave", key="leave-stage", icon=":material/close:", on_click=_leave)
    st.caption("Arrows, space or a remote turn them; Escape leads back here, F fills the screen.")
    subject = subjects.current(path)
    names = choice.current_chapters(subject)
    if not names:
        say.note("No view is chosen for the report, so there is nothing to show; choose some on its page.")
        return
    report = file.make(subject, names).report
    _STAGE(
        key=KEY,
        data={
            "slides": html.render_slides(report, start).decode(),
            "title": report.title,
            "mark": f"{report.time} {report.title}",
            "parameter": f"p.{SLIDE.name}",
        },
        on_leave_change=_leave,
    )


def _leave() -> None:
    session.choose_parameter(SLIDE, None)
