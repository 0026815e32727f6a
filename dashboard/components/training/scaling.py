"""Whether more training pictures or a smaller network would help: the buttons that find out, and what they found."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from dashboard import session
from dashboard.charts import scaling as charts
from dashboard.components import figure, say
from dashboard.components.palette import categories
from dashboard.runs import CurveSource
from dashboard.wording import scaling as wording
from models.runtime.errors import UserError
from models.training import launcher
from models.training.runs import Run
from models.training.runs import status as states
from models.training.sweep import scaling
from models.training.sweep.plan import Plan
from models.training.sweep.scaling import DATA, SEEDS, SIZES, WIDTH


class Question(NamedTuple):
    """A button that tries a run that is trained at other sizes."""

    label: str
    icon: str
    text: str


QUESTIONS = {
    DATA: Question(
        "Would more data help?",
        ":material/stacked_line_chart:",
        "on as much data and on a half, a quarter, an eighth and a sixteenth of it, and says what twice as much would "
        "bring.",
    ),
    WIDTH: Question(
        "Would a smaller network do?",
        ":material/width:",
        "as wide and a half, a quarter, an eighth and a sixteenth as wide, and says what half and twice the width "
        "would bring.",
    ),
}


def offer(source: CurveSource) -> None:
    """Buttons that try a run that is trained with fewer pictures, and with a smaller network."""
    run = source.run
    if run is None or run.is_parent or run.status().state != states.FINISHED:
        return
    try:
        pictures = run.facts().counts["train"]
    except UserError:
        return
    with st.container(horizontal=True):
        for axis, question in QUESTIONS.items():
            planned = scaling.plan(run.config, axis, pictures)
            if planned is None:
                continue
            st.button(
                question.label,
                key=f"scaling-{axis}-{source.name}",
                icon=question.icon,
                help=f"Trains it {SIZES * SEEDS} times more, {question.text}",
                on_click=_start,
                args=(run, planned),
            )


def headline(sweep: Run) -> str:
    """Whether another size helps; empty where it is a sweep over something else, or says nothing yet."""
    curves = scaling.curves(sweep)
    return wording.headline(curves[0]) if curves else ""


def results(source: CurveSource) -> None:
    """What a sweep over the number of training pictures or the width says."""
    assert source.run is not None
    curves = scaling.curves(source.run)
    if not curves:
        return
    curve = curves[0]
    for sentence in filter(None, (wording.promise(curve), wording.choice(curves))):
        st.markdown(say.plain(sentence))
    figure.draw(
        charts.errors(curve, categories()[0]),
        key=f"scaling-{source.name}-{len(curve.sizes)}",
        alt=f"Share of {curve.part} {curve.things} that are wrong over the {charts.axis(curve)}, with the fitted law",
        choose=session.choose_run,
    )
    st.caption(wording.HOW[curve.axis])


def _start(run: Run, planned: Plan) -> None:
    with session.tell_refusal():
        sweep = launcher.launch_sweep(scaling.alone(run.config), planned, by=session.signature())
        session.watch((sweep.id,))
