"""Whether more training pictures would help: the button that finds out, and what it found."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.charts import data_curve as charts
from dashboard.components import figure, say
from dashboard.components.palette import categories
from dashboard.runs import CurveSource
from dashboard.wording import data_curve as wording
from models.runtime.errors import UserError
from models.training import launcher
from models.training.runs import Run
from models.training.runs import status as states
from models.training.sweep import data_curve, plan, trials


def offer(source: CurveSource) -> None:
    """A button that tries a run that is trained with fewer pictures, which tells what more would bring."""
    run = source.run
    if run is None or run.is_parent or run.status().state != states.FINISHED:
        return
    try:
        pictures = run.facts().counts["train"]
    except UserError:
        return
    if data_curve.plan(run.config, pictures) is None:
        return
    st.button(
        "Would more data help?",
        key=f"sizes-{source.name}",
        icon=":material/stacked_line_chart:",
        help=f"Trains it {data_curve.SIZES * data_curve.SEEDS} times more, on {pictures:,} pictures and on a half, a "
        "quarter, an eighth and a sixteenth of them, and says what twice as many would bring.",
        on_click=_start,
        args=(run, pictures),
    )


def results(source: CurveSource) -> None:
    """What a sweep over the number of training pictures says."""
    assert source.run is not None
    planned = plan.read(source.run.path)
    curve = data_curve.data_curve(planned, trials.read_all(source.run, planned))
    if curve is None:
        return
    st.markdown(say.plain(wording.promise(curve)))
    figure.draw(
        charts.errors(curve, categories()[0]),
        key=f"sizes-{source.name}-{len(curve.sizes)}",
        alt=f"Share of {curve.part} pictures that are wrong over the number of training pictures, with the fitted law",
        choose=lambda run_id: session.choose(runs=(run_id,)),
    )
    st.caption(wording.HOW)


def _start(run: Run, pictures: int) -> None:
    planned = data_curve.plan(run.config, pictures)
    if planned is None:
        return
    with session.tell_refusal():
        sweep = launcher.launch_sweep(data_curve.alone(run.config), planned, by=session.signature())
        session.watch((sweep.id,))
