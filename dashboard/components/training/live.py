"""What a chosen run is doing: its state, its controls, and curves that grow while it trains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import session
from dashboard.charts.curves import CurveStyle, curves
from dashboard.components import figure, say
from dashboard.components.training import data
from dashboard.components.training.curves import curves_of, problems_of, verdict
from dashboard.components.training.form import start_changed
from dashboard.records.curves import Line
from dashboard.runs import CurveSource, parts_of
from dashboard.wording import training
from models.runtime.errors import UserError
from models.training import launcher
from models.training.as_networks import address
from models.training.runs import Run, control
from models.training.runs import status as states
from models.training.runs.status import Status
from models.training.verdict import Verdict

EPOCH = " (epoch)"
ICONS = {
    states.STARTING: ":material/hourglass_top:",
    states.RUNNING: ":material/play_circle:",
    states.PAUSED: ":material/pause_circle:",
    states.STOPPING: ":material/hourglass_bottom:",
    states.FINISHED: ":material/check_circle:",
    states.STOPPED: ":material/stop_circle:",
    states.FAILED: ":material/error:",
    states.INTERRUPTED: ":material/power_off:",
    states.STALLED: ":material/help:",
    states.UNREADABLE: ":material/broken_image:",
}


class Control(NamedTuple):
    """A button that asks something of a trainer."""

    wish: str
    label: str
    icon: str


PAUSE = Control(control.PAUSE, "Pause", ":material/pause:")
GO_ON = Control(control.RESUME, "Go on", ":material/play_arrow:")
STOP = Control(control.STOP, "Stop", ":material/stop:")
# States in which a trainer can be asked to pause or go on, and to stop.
TURNING = {states.RUNNING, states.PAUSED}
STOPPABLE = {states.STARTING, *TURNING}
CONTROL_WIDTH = 110  # pixels


def panel(chosen: Sequence[CurveSource], palette: Sequence[str], style: CurveStyle) -> None:
    """Everything that changes while runs train; drawn anew each second as long as one does."""
    active = any(source.run is not None and source.run.status().active for source in chosen)

    @st.fragment(run_every="1s" if active else None)
    def live() -> None:
        st.header(say.plain(training.headline(chosen[0], verdict(chosen[0]))))
        for source in chosen:
            _state(source)
        _charts(chosen, palette, style)
        still = any(source.run is not None and source.run.status().active for source in chosen)
        if active != still:
            # The last tick, or a stopped run that was taken up by a button in here: the whole page must know, and
            # tick from now on or no more.
            st.rerun()

    live()


def _state(source: CurveSource) -> None:
    """One run's state in a row of numbers, with its controls."""
    for problem in problems_of(source):
        say.warning(problem)
    if source.run is None:
        return
    status = source.run.status()
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{ICONS[status.state]} **{say.plain(source.title)}**: {status.state}")
            _controls(source.run, status)
        if status.steps and status.active:
            st.progress(min(1.0, status.step / status.steps), text=training.progress(status))
        st.caption(say.plain(" · ".join(training.measures(status))))
        data.draw(source.run)
        for sentence in (*([status.error] if status.error else []), *status.notes):
            (say.problem if status.state == states.FAILED else say.warning)(sentence)


def _controls(run: Run, status: Status) -> None:
    """Buttons for what can be asked of the run now.

    While it trains each keeps its key, its place and its width: in a row that moved when "Pause" became "Go on", a
    press on Stop was measured to end on the button beside it, and nothing happened.
    """
    if status.state in states.RESUMABLE:
        st.button("Go on", key=f"resume-{run.id}", icon=GO_ON.icon, on_click=_resume, args=(run,))
    elif status.state != states.FINISHED:
        turn = GO_ON if status.state == states.PAUSED else PAUSE
        for key, button, open_in in (("turn", turn, TURNING), ("stop", STOP, STOPPABLE)):
            st.button(
                button.label,
                key=f"{key}-{run.id}",
                icon=button.icon,
                width=CONTROL_WIDTH,
                disabled=status.state not in open_in,
                on_click=_ask,
                args=(run, button.wish),
            )
    if run.checkpoints().best is not None:
        st.button(
            "Look at this network",
            key=f"look-{run.id}",
            icon=":material/visibility:",
            on_click=session.choose_model,
            args=(address(run),),
            help="Makes the run's best checkpoint the network of every page, also while it trains.",
        )


def _ask(run: Run, wish: str) -> None:
    try:
        run.ask(wish)
    except UserError as refusal:
        session.tell(str(refusal))


def _resume(run: Run) -> None:
    try:
        launcher.resume(run)
    except UserError as refusal:
        session.tell(str(refusal))


def _charts(chosen: Sequence[CurveSource], palette: Sequence[str], style: CurveStyle) -> None:
    charts: dict[str, list[Line]] = {}
    drawn = [part for source in chosen for part in parts_of(source)]
    for colour, source in enumerate(drawn):
        for title, lines in curves_of(source, colour).items():
            charts.setdefault(title, []).extend(lines)
    if not charts:
        st.info("The first points come with the first steps.", icon=":material/hourglass_top:")
        return
    first = [title for title in training.FIRST if title in charts]
    # What was logged for each layer is for another page, and an epoch's mean repeats its steps.
    rest = [
        title for title in charts if title not in first and "/" not in title and not _repeats(title, charts)
    ]
    _rows([*first, *sorted(rest)], charts, palette, style)


def _repeats(title: str, charts: Mapping[str, object]) -> bool:
    return title.endswith(EPOCH) and title.removesuffix(EPOCH) in charts


def _rows(
    titles: Sequence[str], charts: Mapping[str, list[Line]], palette: Sequence[str], style: CurveStyle
) -> None:
    columns: list[DeltaGenerator] = []
    for number, title in enumerate(titles):
        if number % 2 == 0:
            columns = list(st.columns(2))
        words = title.replace("_", " ")
        figure.draw(
            curves(words[:1].upper() + words[1:], charts[title], palette, style),
            key=f"curve-{title}",
            alt=f"{words} over optimizer steps",
            place=columns[number % 2],
        )


def remedies(source: CurveSource) -> None:
    """The verdict's evidence, and each remedy as a new run with that one thing changed."""
    diagnosis: Verdict | None = verdict(source)
    if diagnosis is None or source.run is None or not (diagnosis.evidence or diagnosis.remedies):
        return
    with st.container(border=True):
        st.markdown("**Why this verdict**")
        for sentence in diagnosis.evidence:
            st.markdown(f"- {say.plain(sentence)}")
        if not diagnosis.remedies:
            return
        st.markdown("**What to try: a new run with one thing changed**")
        with st.container(horizontal=True):
            for number, remedy in enumerate(diagnosis.remedies):
                st.button(
                    remedy.title,
                    key=f"remedy-{source.name}-{number}",
                    help=remedy.reason,
                    on_click=start_changed,
                    args=(source.run.config, dict(remedy.changes)),
                )
