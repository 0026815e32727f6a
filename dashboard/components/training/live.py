"""What a chosen run is doing: its state, its controls, and curves that grow while it trains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import pictures, session
from dashboard.charts.curves import CurveStyle, curves
from dashboard.components import figure, say
from dashboard.components.training import curve_controls, data, first_minute, remedies, scaling, spread, sweep
from dashboard.components.training.curves import (
    accuracy,
    charts_of,
    contents_of,
    is_growing,
    problems_of,
    sessions_of,
    verdict,
)
from dashboard.navigation import Page, find_home, find_page
from dashboard.parameters import VIEW, Parameter
from dashboard.records.curves import Line
from dashboard.runs import CurveSource, colours_of, parts_of
from dashboard.wording import training
from dashboard.wording.curves import apart, apart_sentence, contents_sentence, join, sessions_sentence
from models.kinds import PICTURES
from models.tensorboard.series import EPOCH, ORDER, STEP
from models.training import launcher
from models.training.as_networks import address
from models.training.runs import Run, control
from models.training.runs import status as states
from models.training.runs.status import Status

EACH_EPOCH = " (epoch)"
ICONS = {
    states.WAITING: ":material/schedule:",
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


class Way(NamedTuple):
    """A button that leads to the network of a run on another page."""

    key: str
    label: str
    icon: str
    text: str
    page: Page
    settings: Mapping[Parameter[str], str]


WAYS = (
    Way(
        "look",
        "Look at this network",
        ":material/visibility:",
        "Leads to Overview, where the run's best checkpoint reads one of its pictures; also while it trains.",
        find_page(""),
        {},
    ),
    Way(
        "film",
        "Film strip",
        ":material/movie:",
        "Leads to Activations, where one slider moves what the network sees and says over its checkpoints.",
        find_page("activations"),
        {VIEW: "training"},
    ),
)
PAUSE = Control(control.PAUSE, "Pause", ":material/pause:")
GO_ON = Control(control.RESUME, "Go on", ":material/play_arrow:")
STOP = Control(control.STOP, "Stop", ":material/stop:")
# States in which a trainer can be asked to pause or go on, and to stop.
TURNING = {states.RUNNING, states.PAUSED}
STOPPABLE = {states.STARTING, *TURNING}
CONTROL_WIDTH = 110  # pixels
MOST_CHARTS = 24
UNITS = {STEP: "optimizer steps", EPOCH: "epochs", ORDER: "its points in their order"}


def panel(chosen: Sequence[CurveSource], palette: Sequence[str], style: CurveStyle) -> None:
    """Everything that changes while runs train; drawn anew each second as long as one does, and while a log grows."""
    pace = _pace(chosen)

    @st.fragment(run_every=pace)
    def live() -> None:
        if (now := session.visit().selection.runs) and {*now} != {source.name for source in chosen}:
            # A run's mark was clicked: that concerns the whole page, not the part of it that moves.
            st.rerun()
        first, parts = chosen[0], [part for source in chosen for part in parts_of(source)]
        colours = colours_of(parts, len(palette))
        judged = verdict(first)
        # Read before the headline reads it: what stands below is never ahead of what the headline says.
        status = None if first.run is None else first.run.status()
        st.header(
            say.plain(
                _sweep_headline(first)
                if _is_sweep(first)
                else training.headline(first, judged, accuracy(first))
            )
        )
        if reason := training.reason(first, judged):
            st.markdown(say.plain(reason))
        for source in chosen:
            remedies.result(source)
        remedies.compared(first)
        for source in chosen:
            _state(source, {name: palette[place] for name, place in colours.items()})
        for source in filter(_is_sweep, chosen):
            scaling.results(source)
            spread.results(source)
            sweep.results(source)
        first_minute.strip(first, status.step if status is not None and status.active else None)
        _charts(parts, colours, palette, style)
        if pace != _pace(chosen):
            # The last tick, or a stopped run that was taken up by a button in here: the whole page must know, and
            # tick from now on or no more.
            st.rerun()

    live()


def _sweep_headline(source: CurveSource) -> str:
    """What a sweep was made to find out; of any other, what went best."""
    assert source.run is not None
    return scaling.headline(source.run) or spread.headline(source.run) or sweep.headline(source)


def _is_sweep(source: CurveSource) -> bool:
    return source.run is not None and source.run.is_sweep


def _pace(chosen: Sequence[CurveSource]) -> str | None:
    """How often the page looks for news; None where there will be none."""
    if any(source.run is not None and source.run.status().active for source in chosen):
        return "1s"
    if remedies.are_under_way(chosen[0]):
        return "1s"
    return "5s" if any(source.run is None and is_growing(source) for source in chosen) else None


def _state(source: CurveSource, colours: Mapping[str, str]) -> None:
    """One run's state in a row of numbers, with its controls."""
    for problem in problems_of(source):
        say.warning(problem)
    dots = " ".join(
        f':color[●]{{foreground="{colours[part.name]}"}} {say.plain(part.title) if part.name != source.name else ""}'
        for part in parts_of(source)
    )
    if source.run is None:
        st.markdown(f"{dots} **{say.plain(source.title)}**")
        sessions = sessions_of(source)
        if sentence := sessions_sentence(source.title, sessions, curve_controls.current_choice().session):
            st.markdown(say.plain(sentence))
        if not sessions:
            say.note(contents_sentence(source.title, contents_of(source)))
        return
    status = source.run.status()
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{dots} {ICONS[status.state]} **{say.plain(source.title)}**: {status.state}")
            _controls(source.run, status)
        if status.steps and status.active:
            st.progress(
                min(1.0, status.step / status.steps),
                text=training.progress(status, "Trial" if _is_sweep(source) else "Epoch"),
            )
        named = [] if source.title == source.name else [source.name]
        st.caption(say.plain(" · ".join([*training.measures(status, source.run.config.reads), *named])))
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
    if run.checkpoints().best is None:
        return
    for way in _ways(run):
        pressed = st.button(
            way.label,
            key=f"{way.key}-{run.id}",
            icon=way.icon,
            on_click=_look,
            args=(run, way.settings),
            help=way.text,
        )
        if pressed:
            session.switch(way.page.file)


def _ways(run: Run) -> tuple[Way, ...]:
    """The ways to pages that look at what the run's network reads."""
    if run.config.reads == PICTURES:
        return WAYS
    home = find_home(run.config.reads)
    if home is None:
        return ()
    text = f"Leads to {home.title}, where the run's best checkpoint is looked at; also while it trains."
    return (WAYS[0]._replace(text=text, page=home),)


def _look(run: Run, settings: Mapping[Parameter[str], str]) -> None:
    session.choose_model(address(run))
    session.choose(images=(pictures.of_run(run),))
    session.choose_parameters(settings)


def _ask(run: Run, wish: str) -> None:
    with session.tell_refusal():
        run.ask(wish)


def _resume(run: Run) -> None:
    with session.tell_refusal():
        launcher.resume(run)


def _charts(
    parts: Sequence[CurveSource], colours: Mapping[str, int], palette: Sequence[str], style: CurveStyle
) -> None:
    choice = curve_controls.current_choice()
    charts = join(charts_of(parts, colours, choice), choice.joined)
    if not charts:
        if choice.find:
            say.note(f"No quantity has “{choice.find}” in its name.")
        elif any(part.run is not None for part in parts):
            st.info("The first points come with the first steps.", icon=":material/hourglass_top:")
        return
    first = [title for title in training.FIRST if title in charts]
    # An epoch's mean repeats its steps.
    rest = [title for title in charts if title not in first and not _repeats(title, charts)]
    shown = [*first, *sorted(rest, key=lambda title: ("/" in title, title))]
    _rows(shown[:MOST_CHARTS], charts, palette, style)
    if {*first} & {title for titles in apart(charts) for title in titles}:
        st.caption(say.plain(apart_sentence(charts)))
    if len(shown) > MOST_CHARTS:
        say.note(
            f"{len(shown) - MOST_CHARTS:,} more quantities are not drawn; find them by name under **Curves**."
        )


def _repeats(title: str, charts: Mapping[str, object]) -> bool:
    return title.endswith(EACH_EPOCH) and title.removesuffix(EACH_EPOCH) in charts


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
            alt=f"{words} over {UNITS[charts[title][0].unit]}",
            place=columns[number % 2],
        )
        if words.lower() in training.EXPLANATIONS:
            columns[number % 2].caption(training.EXPLANATIONS[words.lower()])
