"""Waiting for a job: what for, how far, how long still. Leaving the page lets go of the job."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import session
from dashboard.components import say
from dashboard.jobs import GATE, Cancelled, Job, Lane, Work
from dashboard.wording.numbers import duration

T = TypeVar("T")
# What is ready sooner than this shows no progress bar, which would only flicker.
PATIENCE = 0.3
POLL = 0.1
# A browser that is sent something more often may not come to draw what it was sent before: beside a busy
# processor, a map that was ready stayed invisible for half a minute.
REDRAW = 0.5


def wait(
    submit: Callable[[], Job[T]],
    what: str,
    place: DeltaGenerator,
    *,
    stop: Callable[[], None] | None = None,
    later: Sequence[Job[Any]] = (),
) -> T:
    """The result of a job, with its progress shown meanwhile. Raises what the job raised.

    Streamlit may end this script meanwhile, because the visitor chose something else or left; the job then misses
    its reader and ends by itself.

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
            shown, drawn = "", -math.inf
            while not job.wait(POLL):
                session.give_way()
                for other in later:
                    other.join()
                status = _status(job, what)
                if status != shown and time.monotonic() - drawn > REDRAW:
                    bar.progress(job.progress, text=status)
                    shown, drawn = status, time.monotonic()
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


def stoppable(key: Hashable, work: Work[T], what: str, lane: Lane = "slow") -> T:
    """The result of a long job that the visitor may stop; the page then ends here, with a way to start again."""
    if key in session.visit().stopped:
        st.caption(say.plain(f"{what}: stopped."))
        st.button("Start again", key=f"again-{hash(key)}", on_click=session.resume, args=(key,))
        st.stop()
    return wait(lambda: GATE.submit(key, work, lane=lane), what, slot(), stop=lambda: session.stop(key))
