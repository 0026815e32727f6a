"""Waiting for a result: what for, how far, how long still. Leaving the page lets go of its job."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import session
from dashboard.components import say
from dashboard.jobs import Cancelled, Job
from dashboard.results.result import Result
from dashboard.wording.numbers import duration

T = TypeVar("T")
# What is ready sooner than this shows no progress bar, which would only flicker.
PATIENCE = 0.3
POLL = 0.1
# A browser that is sent something more often may not come to draw what it was sent before: beside a busy
# processor, a map that was ready stayed invisible for half a minute.
REDRAW = 0.5


def wait(
    result: Result[T],
    place: DeltaGenerator | None = None,
    *,
    stop: Callable[[], None] | None = None,
    later: Sequence[Job[Any]] = (),
) -> T:
    """What a result holds, with its progress shown meanwhile. Raises what its work raised.

    Streamlit may end this script meanwhile, because the visitor chose something else or left; the job then misses
    its reader and ends by itself.

    Args:
        result: is joined, or its work started anew.
        place: an empty slot for the progress bar; here where there is none.
        stop: called when the visitor presses the Stop button; there is none without.
        later: jobs that this page will wait for next, which must not lose their place meanwhile.
    """
    place = st.empty() if place is None else place
    job = result.submit(session.visitor())
    if not job.wait(PATIENCE):
        with place.container():
            bar = st.empty()
            if stop is not None:
                st.button(
                    f"Stop {result.what}",
                    key=f"stop-{hash(job.key)}",
                    icon=":material/stop_circle:",
                    on_click=stop,
                )
            previous, drawn = "", -math.inf
            while not job.wait(POLL):
                session.give_way()
                for other in later:
                    other.join()
                status = _status(job, result.what)
                if status != previous and time.monotonic() - drawn > REDRAW:
                    bar.progress(job.progress, text=status)
                    previous, drawn = status, time.monotonic()
    place.empty()
    try:
        return job.result()
    except Cancelled:
        # Another reader's leaving ended it just before this one joined.
        return wait(result, place, stop=stop, later=later)


def _status(job: Job[T], what: str) -> str:
    if job.state == "queued":
        return f"{what}: waiting, {job.ahead} ahead" if job.ahead else f"{what}: next in line"
    left = job.seconds_left
    return f"{what}: {100 * job.progress:.0f} %" + (f", {duration(left)} left" if left is not None else "")


def slot() -> DeltaGenerator:
    """An empty place on the page to be filled later."""
    return st.empty()


def wait_unless_stopped(
    result: Result[T],
    place: DeltaGenerator | None = None,
    *,
    whole: Result[T] | None = None,
    again: str = "Start again",
    later: Sequence[Job[Any]] = (),
) -> T | None:
    """What a result holds; None where the visitor stopped it, with a way to start again.

    Args:
        result: as for `wait`.
        place: as for `wait`.
        whole: what is stopped with it, where it is a preview.
        again: what the button says.
        later: as for `wait`.
    """
    key = (whole or result).key
    place = st.empty() if place is None else place
    if key in session.visit().stopped:
        with place.container():
            st.caption(say.plain(f"{result.what} was stopped."))
            st.button(again, key=f"again-{hash(key)}", on_click=session.resume, args=(key,))
        return None
    return wait(result, place, stop=lambda: session.stop(key), later=later)


def wait_or_end(result: Result[T]) -> T:
    """What a result holds; where the visitor stopped it the page ends here, with a way to start again."""
    key = result.key
    if key in session.visit().stopped:
        st.caption(say.plain(f"{result.what}: stopped."))
        st.button("Start again", key=f"again-{hash(key)}", on_click=session.resume, args=(key,))
        st.stop()
    return wait(result, stop=lambda: session.stop(key))
