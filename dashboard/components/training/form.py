"""The form that starts a run; its fields are those of the training configuration."""

from __future__ import annotations

from itertools import groupby
from typing import TypeVar

import streamlit as st

from dashboard import session
from dashboard.components import say
from models.runtime.errors import UserError
from models.training import launcher, own_tables, runs
from models.training.config import Config, settings
from models.training.kinds import OWN_DATA
from models.training.setting import Setting, Value

N = TypeVar("N", int, float)
# A path is for the command line: nothing typed here becomes one.
NOT_ASKED = ("data", "target")
FIRST = ("model", "dataset", "epochs", "batch_size", "optimizer", "learning_rate")


def start_form(*, expanded: bool) -> None:
    """The form; a started run is looked at right away."""
    fields = [setting for setting in settings().values() if setting.group and setting.name not in NOT_ASKED]
    with (
        st.expander("Start a run", icon=":material/play_circle:", expanded=expanded),
        st.form("start", border=False),
    ):
        values: dict[str, Value] = {}
        columns = st.columns(3)
        for number, name in enumerate(FIRST):
            with columns[number % 3]:
                values[name] = _field(settings()[name])
        with st.expander("More settings", icon=":material/tune:"):
            rest = [setting for setting in fields if setting.name not in FIRST]
            for group, members in groupby(rest, key=lambda setting: setting.group):
                st.markdown(f"**{group}**")
                columns = st.columns(3)
                for number, setting in enumerate(members):
                    with columns[number % 3]:
                        values[setting.name] = _field(setting)
        pressed = st.form_submit_button("Start", type="primary", icon=":material/play_arrow:")
    if pressed:
        start(values)


def start(values: dict[str, Value]) -> None:
    """Start a run with these settings and look at it, beside the one that was looked at first."""
    # Who has chosen none looks at the newest.
    beside = session.visit().selection.runs or tuple(run.id for run in runs.listing().runs)
    try:
        config = own_tables.settle(Config(**values))  # type: ignore[arg-type]  # checked by Config
        run = launcher.launch(config, by=session.signature())
    except UserError as refusal:
        say.problem(str(refusal))
        return
    session.watch((run.id, *beside[:1]))
    st.rerun()


def _field(setting: Setting) -> Value:
    key = f"new-{setting.name}"
    if setting.choices:
        names = [name for name in setting.choices if name not in OWN_DATA]
        return st.selectbox(
            setting.label,
            names,
            index=names.index(str(setting.default)),
            format_func=lambda name: setting.choices[name],
            key=key,
            help=setting.help,
            persist_state="session",
        )
    return _number(setting, key)


def _number(setting: Setting, key: str) -> int | float:
    default = setting.default
    if isinstance(default, float):
        return st.number_input(
            setting.label,
            *_bounds(setting, float),
            default,
            key=key,
            help=setting.help,
            format="%g",
            persist_state="session",
        )
    assert isinstance(default, int)
    low, high = _bounds(setting, int)
    entered = st.number_input(
        setting.label,
        # Where 0 stands for a word, an empty field says the word instead.
        1 if setting.zero else low,
        high,
        (default or None) if setting.zero else default,
        key=key,
        placeholder=setting.zero or None,
        help=setting.help,
        persist_state="session",
    )
    return entered or 0


def _bounds(setting: Setting, kind: type[N]) -> tuple[N | None, N | None]:
    low, high = setting.low, setting.high
    return None if low is None else kind(low), None if high is None else kind(high)
