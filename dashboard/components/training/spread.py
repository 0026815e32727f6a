"""What makes runs of the same settings differ: the button that finds out, and what it found."""

from __future__ import annotations

import dataclasses

import streamlit as st

from dashboard import session
from dashboard.charts import spread as charts
from dashboard.components import figure, say
from dashboard.components.palette import categories
from dashboard.runs import CurveSource
from dashboard.wording import spread as wording
from models.kinds import KINDS
from models.training import launcher
from models.training.runs import Run
from models.training.runs import status as states
from models.training.sweep import plan, spread, trials


def offer(source: CurveSource) -> None:
    """A button that trains a run that is trained again and again, with other draws of each source of chance."""
    run = source.run
    if run is None or run.is_parent or run.status().state != states.FINISHED:
        return
    st.button(
        "What makes runs differ?",
        key=f"spread-{source.name}",
        icon=":material/casino:",
        help=f"Trains it {spread.plan(run.config).count} times more, with other first weights, another order of the "
        "examples, others kept back and other wrong labels, one of them at a time, and says what each does.",
        on_click=_start,
        args=(run,),
    )


def results(source: CurveSource) -> None:
    """What a sweep over the sources of chance says."""
    assert source.run is not None
    measured = _measure(source.run)
    if measured is None:
        return
    if amounts := wording.amounts(measured):
        st.markdown(say.plain(amounts))
    figure.draw(
        charts.deviations(measured, categories()[0]),
        key=f"spread-{source.name}-{sum(one.draws for one in measured.sources)}",
        alt=f"Standard deviation of the {measured.part} accuracy by source of chance, with 95 % intervals",
    )
    st.caption(wording.HOW)


def headline(sweep: Run) -> str:
    """Which source of chance does most; empty where it is a sweep over something else, or says nothing yet."""
    measured = _measure(sweep)
    return "" if measured is None else wording.headline(measured)


def _measure(sweep: Run) -> spread.Spread | None:
    planned = plan.read(sweep.path)
    found = spread.spread(planned, trials.read_all(sweep, planned))
    return None if found is None else dataclasses.replace(found, things=KINDS[sweep.config.reads].many)


def _start(run: Run) -> None:
    with session.tell_refusal():
        sweep = launcher.launch_sweep(
            spread.noisy(run.config), spread.plan(run.config), by=session.signature()
        )
        session.watch((sweep.id,))
