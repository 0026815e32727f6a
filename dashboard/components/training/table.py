"""All runs in one table: what differs, how good they got; choose for the overlay, delete."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import streamlit as st
from streamlit.typing import DataframeState

from dashboard import session
from dashboard.runs import CurveSource
from models.runtime.errors import UserError
from models.training.config import settings
from models.training.runs import Run
from models.training.setting import Value

# Beyond this many curves nobody tells them apart.
MOST = 6


def table(ours: Sequence[Run], foreign: Sequence[CurveSource], chosen: Sequence[str]) -> None:
    """The table, with the settings in which the runs differ.

    Args:
        ours: own runs and examples.
        foreign: other people's logs.
        chosen: names of those whose curves are shown.
    """
    names = [run.id for run in ours] + [other.name for other in foreign]
    if not names:
        return
    st.subheader("All runs")
    titles = [run.id for run in ours] + [other.title for other in foreign]
    rows = {"Run": titles} | {
        title: [*values, *[None] * len(foreign)] for title, values in _columns(ours).items()
    }
    st.dataframe(
        rows,
        hide_index=True,
        on_select=lambda: _pick(names, session.entry("runs-table")),
        selection_mode="multi-row",
        key="runs-table",
        column_config={
            "Best accuracy": st.column_config.NumberColumn(format="percent"),
            "Test accuracy": st.column_config.NumberColumn(format="percent"),
            "Time (s)": st.column_config.NumberColumn(format="%.0f"),
            "Begun": st.column_config.DatetimeColumn(format="D MMM, HH:mm"),
        },
        alt="All runs with their settings and scores",
    )
    st.caption(f"Tick up to {MOST} runs to lay their curves over each other.")
    _offer_deletion([run for run in ours if run.id in chosen and not run.is_example])


def _columns(ours: Sequence[Run]) -> dict[str, list[object]]:
    states = [run.status() for run in ours]
    configs = [run.config.to_json() for run in ours]
    differing = {
        setting.label: [setting.display(config[name]) for config in configs]
        for name, setting in settings().items()
        if name not in ("model", "dataset", "fold", "parent")
        and len({config[name] for config in configs}) > 1
    }
    columns: dict[str, list[object]] = {
        "State": [status.state for status in states],
        "Network": [run.config.model for run in ours],
        "Data": [run.config.dataset for run in ours],
        "Best accuracy": [status.scores.get("best_top1") for status in states],
        "Test accuracy": [status.scores.get("test_top1") for status in states],
        "Epochs": [status.epoch for status in states],
        "Time (s)": [status.seconds for status in states],
        "Parameters": [status.parameters or None for status in states],
    }
    columns |= {label: _of_one_kind(values) for label, values in differing.items()}
    begun = [datetime.datetime.fromtimestamp(run.created).astimezone() for run in ours]
    return columns | {"Begun": list(begun)}


def _of_one_kind(values: Sequence[Value]) -> list[object]:
    """A column may hold numbers or words, not both."""
    return list(values) if len({isinstance(value, str) for value in values}) == 1 else [*map(str, values)]


def _pick(names: Sequence[str], state: DataframeState) -> None:
    session.choose(
        runs=tuple(names[index] for index in state["selection"]["rows"][:MOST] if index < len(names))
    )


def _offer_deletion(runs: Sequence[Run]) -> None:
    if not runs:
        return
    with st.popover("Delete the chosen runs", icon=":material/delete:"):
        st.markdown(
            f"Delete {len(runs)} {'run' if len(runs) == 1 else 'runs'} with all checkpoints and curves?"
        )
        st.button("Delete for good", type="primary", on_click=_delete_runs, args=(runs,))


def _delete_runs(runs: Sequence[Run]) -> None:
    problems = []
    for run in runs:
        try:
            run.delete()
        except UserError as refusal:
            problems.append(str(refusal))
    session.choose(runs=())
    for problem in problems:
        session.tell(problem)
