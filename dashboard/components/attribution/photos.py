"""Photos in: drop several, take one with the camera, pick a sample, or pick from a table of predictions."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.typing import UploadedFile

from dashboard import cache, pictures, session, unclaimed
from dashboard.components import say, tables
from dashboard.components.picture import show
from dashboard.components.wait import slot, wait
from dashboard.results.photos import Row, photo_table
from dashboard.view import View
from dashboard.wording.answer import terms
from models.photos.decoding import decode, describe_accepted, safe_name
from models.photos.limits import Limits
from models.runtime.errors import UserError

GALLERY_WIDTH = 104


def intake(view: View) -> None:
    """The ways to bring or choose a photo, and what was wrong with the last drop."""
    ways = ("Drop photos", "Camera", "Samples")
    way = st.segmented_control("Photo from", ways, default=ways[0], key="photo-from", required=True)
    if way == "Camera":
        _take_in([taken] if (taken := st.camera_input("Take a photo", key=f"camera-{_drops()}")) else [])
    elif way == "Samples":
        _gallery(view)
    else:
        limits = Limits.from_environment()
        dropped = st.file_uploader(
            "Drop one photo or many",
            accept_multiple_files=True,
            key=f"drop-{_drops()}",
            max_upload_size=max(1, limits.max_bytes // 1024**2),
            help=f"{describe_accepted(limits)}. They stay on this server for a while and are yours to clear.",
        )
        _take_in(dropped)
        st.caption(say.plain(describe_accepted(limits)))
    for sentence in session.visit().refusals:
        say.problem(sentence)


def _drops() -> int:
    return session.visit().drops


def _take_in(files: Sequence[UploadedFile]) -> None:
    """Check each file, keep the good ones, and start again with an empty drop zone that holds no bytes."""
    if not files:
        return
    addresses, refusals = [], []
    for file in files:
        unclaimed.claim(file.file_id)
    progress = slot()
    for number, file in enumerate(files):
        progress.progress(number / len(files), text=f"Reading photo {number + 1} of {len(files)}")
        name, data = safe_name(file.name), file.getvalue()
        try:
            decode(data, name)
            addresses.append(pictures.UPLOADS.put(data, name, session.owner()).address)
        except UserError as refusal:
            refusals.append(str(refusal))
        session.let_go(file.file_id)
    session.take_drop(addresses, refusals)
    st.rerun()


def _gallery(view: View) -> None:
    """Samples that fit the network, each with a button under its picture."""
    with st.container(horizontal=True, gap="small", key="gallery"):
        for address in pictures.samples(view.model.fits):
            title = pictures.find(address).title
            with st.container(width=GALLERY_WIDTH, gap="xsmall"):
                show(cache.thumbnail(address), alt=title, width=GALLERY_WIDTH)
                st.button(
                    title.rpartition(", ")[2],
                    key=f"look-{address}",
                    width="stretch",
                    type="primary" if address == view.selection.image else "secondary",
                    on_click=session.choose,
                    kwargs={"images": (address,)},
                )


def table(view: View) -> None:
    """Predictions for all own pictures, to pick from and to take away as CSV. Nothing for fewer than two."""
    own = session.own_pictures()
    if len(own) < 2:
        return
    st.subheader(f"Your {len(own)} photos")
    rows = wait(photo_table(view, own, session.owner()))
    measure = terms(view.prediction).measure
    tables.pick(
        {
            "Photo": [row.name for row in rows],
            "Prediction": [row.first for row in rows],
            measure: [row.strength for row in rows],
            "Second": [row.second for row in rows],
        },
        key=f"table-{_drops()}",
        choose=lambda row: session.choose(images=(rows[row].address,)),
        config={
            "Probability": st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1),
            "Value": st.column_config.NumberColumn(format="%.3g"),
        },
        alt="Predictions for your photos",
    )
    st.caption("Tick a row to look at that photo.")
    with st.container(horizontal=True):
        tables.take_away(_columns(rows, measure), "predictions", "predictions-csv", of=view.classifier.key)
        st.button("Clear my photos", icon=":material/delete:", on_click=session.forget_uploads)


def _columns(rows: Sequence[Row], measure: str) -> dict[str, list[object]]:
    return {
        "photo": [row.name for row in rows],
        "prediction": [row.first for row in rows],
        measure.lower(): [f"{row.strength:.6f}" for row in rows],
        "second": [row.second for row in rows],
    }
