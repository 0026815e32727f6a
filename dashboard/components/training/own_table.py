"""A table of one's own: dropped, looked through, and learned from as an ordinary run."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.typing import UploadedFile

from dashboard import session, tables, unclaimed
from dashboard.components import say
from dashboard.components.training import form
from dashboard.components.wait import wait
from dashboard.results.own_table import read_drop
from dashboard.wording import own_table as wording
from models.kinds import TABLE
from models.photos.decoding import safe_name
from models.photos.uploads import Upload
from models.runtime.errors import UserError
from models.runtime.settings import MEGABYTE
from models.table.found import CATEGORY, LEFT_OUT, MOST_CATEGORIES, NUMBER, FoundColumn, FoundTable
from models.table.limits import ACCEPTED, MOST_BYTES
from models.training.kinds import TABLE_FILE, TRAINED
from models.training.own_tables import keep

# Rows of a few hundred are gone through often, in small batches; of many thousands, seldom.
STEPS, BATCH_SIZES = 4000, (16, 256)
EPOCHS = (5, 60)
HEIGHT = 320


def offer() -> None:
    """The place where a table is dropped, what was found in it, and the button that learns from it."""
    own = tables.newest(session.owner())
    with st.expander("Learn from a table of your own", icon=":material/table:", expanded=own is not None):
        dropped = st.file_uploader(
            "Drop a table",
            key=f"own-table-{session.visit().drops}",
            max_upload_size=MOST_BYTES // MEGABYTE,
            help=f"{ACCEPTED}.",
        )
        if dropped is not None:
            _take_in(dropped)
        if own is None:
            st.caption(f"{ACCEPTED}. It stays in a private temporary folder of this server until you train.")
        else:
            _describe(*own)


def _take_in(file: UploadedFile) -> None:
    """Read a file, and start again with an empty drop zone that holds no bytes."""
    name = safe_name(file.name)
    unclaimed.claim(file.file_id)
    refusal = ""
    try:
        wait(read_drop(file.getvalue, file.file_id, name, session.owner()))
    except UserError as error:
        refusal = str(error)
    session.end_drop(refusal)
    session.let_go(file.file_id)
    st.rerun()


def _describe(upload: Upload, table: FoundTable) -> None:
    st.markdown(f"**{say.plain(upload.name)}**: {say.plain(wording.found(table))}")
    if told := wording.told(table):
        st.markdown(say.plain(told))
    changed = _look_through(table, upload.prefix)
    names = [column.name for column in changed.used]
    target, network = st.columns(2)
    learned = target.selectbox(
        "Column to learn",
        names,
        # What tables are about stands last in most of them.
        index=_likely(changed.used),
        key=f"own-target-{upload.prefix}",
        help=f"What the network answers: one of at most {MOST_CATEGORIES} classes.",
    )
    titles = {name: one.title for name, one in TRAINED[TABLE].architectures.items()}
    model = network.selectbox("Network", list(titles), format_func=titles.__getitem__, key="own-table-model")
    with st.container(horizontal=True):
        if st.button("Train on it", type="primary", icon=":material/play_arrow:", key="own-table-train"):
            _train(changed, learned, model)
        st.button(
            "Forget this table",
            icon=":material/delete:",
            key="own-table-forget",
            on_click=lambda: tables.forget(session.owner()),
        )
    st.caption(wording.SHARED)


def _look_through(table: FoundTable, key: str) -> FoundTable:
    """All columns with what was found of each; the table as the visitor leaves it."""
    edited: dict[str, list[Any]] = st.data_editor(
        {
            "Column": [column.name for column in table.columns],
            "Read as": [column.kind for column in table.columns],
            "Missing": [column.missing for column in table.columns],
            "Different": [column.distinct for column in table.columns],
            "For example": [column.example for column in table.columns],
            "Why": [column.note for column in table.columns],
        },
        hide_index=True,
        height=min(HEIGHT, 38 + 35 * len(table.columns)),
        disabled=["Column", "Missing", "Different", "For example", "Why"],
        column_config={
            "Read as": st.column_config.SelectboxColumn(
                options=[NUMBER, CATEGORY, LEFT_OUT],
                required=True,
                help="Numbers that name things are categories. What was left out stays so.",
            )
        },
        key=f"own-columns-{key}",
    )
    keep_names = {
        column.name for column, kind in zip(table.columns, edited["Read as"], strict=True) if kind != LEFT_OUT
    }
    as_categories = {
        column.name
        for column, kind in zip(table.columns, edited["Read as"], strict=True)
        if kind == CATEGORY and column.kind == NUMBER
    }
    try:
        return table.choose(keep_names, as_categories)
    except UserError as refusal:
        say.problem(str(refusal))
        return table


def _likely(columns: tuple[FoundColumn, ...]) -> int:
    """Place of the last column that can be learned."""
    places = [place for place, column in enumerate(columns) if column.distinct <= MOST_CATEGORIES]
    return places[-1] if places else len(columns) - 1


def _train(table: FoundTable, target: str, model: str) -> None:
    size = BATCH_SIZES[len(table) > 5000]
    epochs = max(EPOCHS[0], min(EPOCHS[1], STEPS * size // len(table)))
    try:
        form.start(
            {
                "model": model,
                "dataset": TABLE_FILE,
                "data": keep(table),
                "target": target,
                "epochs": epochs,
                "batch_size": size,
                "learning_rate": 0.003,
                "validation": 0.2,
            }
        )
    except UserError as refusal:
        say.problem(str(refusal))
