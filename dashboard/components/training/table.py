"""All runs in one table: what differs, how good they got; tick for the overlay, delete and bring back."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from urllib.parse import quote

import streamlit as st
from streamlit.typing import DataframeState

from dashboard import session
from dashboard.components import say
from dashboard.components.compare import MOST_RUNS
from dashboard.runs import CurveSource, colours_of, source_of
from models.runtime.errors import UserError
from models.training import runs
from models.training.config import settings
from models.training.runs import Run
from models.training.setting import Value

# Settings that have a column anyway, or none.
TOLD = ("model", "dataset", "epochs", "fold", "parent")
DOT = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4.5" cy="4.5" r="3" fill="{}"/></svg>'


def table(
    ours: Sequence[Run], foreign: Sequence[CurveSource], chosen: Sequence[CurveSource], palette: Sequence[str]
) -> None:
    """The table, with the settings in which the runs differ; it moves with those that train.

    Args:
        ours: own runs and examples.
        foreign: other people's logs.
        chosen: those whose curves are shown.
        palette: the colours of curves.
    """
    sources = [*(source_of(run) for run in ours), *foreign]
    if sources:
        st.subheader("All runs")
        _moving(sources, chosen, palette)
        st.caption(f"Tick up to {MOST_RUNS} runs to compare them: their curves lie over each other.")
    ticked = session.visit().selection.runs
    # Each has a place of its own: what took another's place on the page would be open where that was.
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(width="content"):
            _offer_deletion([run for run in ours if run.id in ticked and not run.is_example])
        with st.container(width="content"):
            _offer_return(runs.deleted())


def _moving(sources: Sequence[CurveSource], chosen: Sequence[CurveSource], palette: Sequence[str]) -> None:
    names = [source.name for source in sources]
    ours = [source.run for source in sources if source.run is not None]
    places = {source.name: colours_of([source], len(palette))[source.name] for source in sources}
    places |= colours_of(chosen, len(palette))
    ticked = session.visit().selection.runs
    active = any(run.status().active for run in ours)

    @st.fragment(run_every="2s" if active else None)
    def moving() -> None:
        missing = [None] * (len(sources) - len(ours))
        rows: dict[str, list[object]] = {
            "Colour": [_dot(palette[places[name]]) for name in names],
            "Run": [source.title for source in sources],
            **{title: [*values, *missing] for title, values in _columns(ours).items()},
            "Id": [source.name for source in sources],
        }
        rows = {title: values for title, values in rows.items() if any(value is not None for value in values)}
        st.dataframe(
            rows,
            hide_index=True,
            on_select=lambda: _pick(names, session.entry("runs-table")),
            selection_mode="multi-row",
            # Ticked is what the address says, whichever rows come and go.
            key=session.control("runs-table", {"selection": {"rows": _rows_of(ticked, names)}}),
            placeholder="",
            column_config={
                "Colour": st.column_config.ImageColumn(" ", width=40),
                "Best accuracy": st.column_config.NumberColumn(format="percent"),
                "Test accuracy": st.column_config.NumberColumn(format="percent"),
                "Time (s)": st.column_config.NumberColumn(format="%.0f"),
                "Begun": st.column_config.DatetimeColumn(format="D MMM, HH:mm"),
            },
            alt="All runs with their settings and scores",
        )
        if ticked != session.visit().selection.runs or active != any(run.status().active for run in ours):
            st.rerun()

    moving()


def _rows_of(ticked: Sequence[str], names: Sequence[str]) -> list[int]:
    return [names.index(name) for name in ticked if name in names]


def _dot(colour: str) -> str:
    return f"data:image/svg+xml,{quote(DOT.format(colour))}"


def _columns(ours: Sequence[Run]) -> dict[str, list[object]]:
    states = [run.status() for run in ours]
    configs = [run.config.to_json() for run in ours]
    differing = {
        setting.label: [setting.display(config[name]) for config in configs]
        for name, setting in settings().items()
        if name not in TOLD and len({config[name] for config in configs}) > 1
    }
    columns: dict[str, list[object]] = {
        "State": [status.state for status in states],
        "Network": [run.config.model for run in ours],
        "Data": [run.config.dataset for run in ours],
        "Best accuracy": [status.scores.get("best_top1") for status in states],
        "Test accuracy": [status.scores.get("test_top1") for status in states],
        "Epochs": [f"{status.epoch:,} of {status.epochs:,}" for status in states],
        "Time (s)": [status.seconds for status in states],
        "Parameters": [status.parameters or None for status in states],
    }
    columns |= {label: _of_one_kind(values) for label, values in differing.items()}
    begun = [datetime.datetime.fromtimestamp(run.created).astimezone() for run in ours]
    return columns | {"Begun": list(begun), "Started by": [run.by or None for run in ours]}


def _of_one_kind(values: Sequence[Value]) -> list[object]:
    """A column may hold numbers or words, not both."""
    return list(values) if len({isinstance(value, str) for value in values}) == 1 else [*map(str, values)]


def _pick(names: Sequence[str], state: DataframeState) -> None:
    ticked = [names[index] for index in state["selection"]["rows"] if index < len(names)]
    # Those that were ticked before stay in their order: the first is the one that the page is about.
    before = [name for name in session.visit().selection.runs if name in ticked]
    session.choose(runs=tuple(dict.fromkeys([*before, *ticked]))[:MOST_RUNS])


def _offer_deletion(ticked: Sequence[Run]) -> None:
    if not ticked:
        return
    with st.popover("Delete the ticked runs", icon=":material/delete:"):
        st.markdown("Delete these, with all checkpoints and curves?")
        _list(ticked)
        st.caption("They are set aside, and can be brought back until the app next starts.")
        st.button("Delete", key="delete", type="primary", on_click=_each, args=(Run.delete, ticked))


def _offer_return(deleted: Sequence[Run]) -> None:
    if not deleted:
        return
    with st.popover(f"Deleted runs ({len(deleted)})", icon=":material/restore_from_trash:"):
        st.markdown("These were deleted, and go for good when the app next starts.")
        for run in deleted:
            st.button(
                f"Bring back {say.plain(source_of(run).title)}",
                key=f"restore-{run.id}",
                help=run.id,
                on_click=_each,
                args=(Run.restore, (run,)),
            )


def _list(named: Sequence[Run]) -> None:
    st.markdown("\n".join(f"- {say.plain(source_of(run).title)} ({say.plain(run.id)})" for run in named))


def _each(do: Callable[[Run], None], chosen: Sequence[Run]) -> None:
    """Do it with each run, and say what went wrong."""
    problems = []
    for run in chosen:
        try:
            do(run)
        except UserError as refusal:
            problems.append(str(refusal))
    gone = {run.id for run in chosen}
    session.choose(runs=tuple(name for name in session.visit().selection.runs if name not in gone))
    for problem in problems:
        session.tell(problem)
