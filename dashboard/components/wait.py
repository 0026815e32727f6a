"""Waiting for a job: what for, how far, how long still. Leaving the page lets go of the job."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.charts.words import duration
from dashboard.jobs import Cancelled, Job

T = TypeVar("T")
# What is ready sooner than this shows no progress bar, which would only flicker.
PATIENCE = 0.3
POLL = 0.1


def wait(
    submit: Callable[[], Job[T]],
    what: str,
    place: DeltaGenerator,
    *,
    stop: Callable[[], None] | None = None,
    later: Sequence[Job[Any]] = (),
) -> T:
    """The result of a job, with its progress shown meanwhile. Raises what the job raised.

    Every redraw is a point at which Streamlit may end this script, because the visitor chose something else or
    left; the job then misses its reader and ends by itself.

    Args:
        submit: joins the job or starts it anew.
        what: is being made, for the progress bar.
        place: an empty slot for the progress bar.
        stop: called when the visitor presses the Stop button; there is none without.
        later: jobs that this page will wait for next, which must not lose their place meanwhile.
    """
    job = submit()
    if not job.wait(PATIENCE):
        with place.container():
            bar = st.empty()
            if stop is not None:
                st.button(
                    f"Stop {what}", key=f"stop-{hash(job.key)}", icon=":material/stop_circle:", on_click=stop
                )
            while not job.wait(POLL):
                bar.progress(job.progress, text=_status(job, what))
                for other in later:
                    other.join()
    place.empty()
    try:
        return job.result()
    except Cancelled:
        # Another reader's leaving ended it just before this one joined.
        return wait(submit, what, place, stop=stop, later=later)


def _status(job: Job[T], what: str) -> str:
    if job.state == "queued":
        return f"{what}: waiting, {job.ahead} ahead" if job.ahead else f"{what}: next in line"
    left = job.seconds_left
    return f"{what}: {job.progress:.0%}" + (f", {duration(left)} left" if left is not None else "")


def slot() -> DeltaGenerator:
    """An empty place on the page to be filled later."""
    return st.empty()
