"""Photos in, from the sidebar of every page: dropped or pasted anywhere, taken with the camera, picked by eye."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.typing import UploadedFile

from dashboard import cache, pictures, session, unclaimed
from dashboard.components import say, script
from dashboard.components.picture import show
from dashboard.components.wait import slot
from dashboard.view import View
from models.photos.decoding import decode, describe_accepted, safe_name
from models.photos.limits import Limits
from models.runtime.errors import UserError

# What is dropped or pasted elsewhere on the page goes into this container's uploader.
PLACE = "photos"
GALLERY_WIDTH = 104
# Files of these endings are weights, for which there is another place.
WEIGHTS = (".pt", ".pth", ".ckpt", ".bin", ".safetensors", ".tar")


def intake(view: View) -> None:
    """The ways to bring or choose a photo."""
    limits = Limits.from_environment()
    with st.container(key=PLACE):
        dropped = st.file_uploader(
            "Drop or paste photos, anywhere on the page",
            accept_multiple_files=True,
            key=f"drop-{_drops()}",
            max_upload_size=max(1, limits.max_bytes // 1024**2),
            help=f"{describe_accepted(limits)}. They stay on this server for a while and are yours to clear.",
        )
    script.take_drops_anywhere(PLACE)
    with st.container(horizontal=True):
        camera = st.popover("Camera", icon=":material/photo_camera:", key="camera", on_change="rerun")
        samples = st.popover("Samples", icon=":material/grid_view:", key="samples", on_change="rerun")
    if camera.open:
        with camera:
            taken = st.camera_input("Take a photo", key=f"camera-{_drops()}")
        dropped += [taken] if taken else []
    if samples.open:
        with samples:
            _gallery(view)
    _take_in(dropped)


def folder(label: str) -> None:
    """A folder of pictures at once, beside the photo that is looked at.

    Args:
        label: what they are for.
    """
    limits = Limits.from_environment()
    files = st.file_uploader(
        label,
        accept_multiple_files="directory",
        key=f"folder-{_drops()}",
        max_upload_size=max(1, limits.max_bytes // 1024**2),
        help=f"{describe_accepted(limits)}. They stay on this server for a while and are yours to clear.",
    )
    _take_in(files, look=False)


def outcome() -> None:
    """What became of the files of the last drop."""
    taken = session.visit().taken
    if taken > 1:
        say.note(
            f"{taken:,} photos were taken in, and the first is shown. Attribution lists all with their answers."
        )
    say.problem(*session.visit().refusals)


def _drops() -> int:
    return session.visit().drops


def _take_in(files: Sequence[UploadedFile], *, look: bool = True) -> None:
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
            weights = name.lower().endswith(WEIGHTS)
            refusals.append(
                f"{name} is no picture; drop the weights of a network under Your checkpoint."
                if weights
                else str(refusal)
            )
        session.let_go(file.file_id)
    session.take_drop(addresses, refusals, look=look)
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
