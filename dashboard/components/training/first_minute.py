"""A learner's first minute: the classic network learns to read digits, and what it says to some changes meanwhile."""

from __future__ import annotations

from functools import cache as keep

import streamlit as st

from dashboard import cache, session
from dashboard.components import say
from dashboard.components.picture import show
from dashboard.inspection.evaluation.strip import choose_pictures
from dashboard.parameters import STEP
from dashboard.records.learning import StepAnswers
from dashboard.runs import CurveSource
from dashboard.wording import training
from models import datasets
from models.datasets.entry import Dataset
from models.runtime.errors import UserError
from models.training import launcher
from models.training.classic import CLASSIC
from models.training.runs.checkpoints import Checkpoint

PICTURES = 16
# Pixels, so that all of them stand in one row of a wide page.
SIDE = 52
WHAT = (
    f"784-128-64-10 learns to read digits, with its answers to {PICTURES} of them beside the curves. It takes less "
    "than a minute."
)


def offer(*, first: bool) -> None:
    """The button that starts it.

    Args:
        first: whether nothing was trained here yet, so that it is the thing to do; else it says little.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Watch the classic network learn",
            key="first-minute",
            icon=":material/school:",
            type="primary" if first else "tertiary",
            help=None if first else WHAT,
            on_click=_start,
        )
        if first:
            st.caption(WHAT)


def _start() -> None:
    with session.tell_refusal():
        session.watch((launcher.launch(CLASSIC, by=session.signature()).id,))


def strip(source: CurveSource, until: int | None = None) -> None:
    """What the run's network says to some test pictures: while it trains at the last control point, then at any.

    Nothing for a run that keeps its network only after each epoch, or that has no test pictures on board.

    Args:
        source: the run.
        until: the step that the page says of a run that trains, so that nothing here is ahead of it; None for one
            that rests.
    """
    run = source.run
    if run is None or not run.config.checkpoint_every or run.config.dataset not in datasets.DATASETS:
        return
    dataset, checkpoints = datasets.find_dataset(run.config.dataset), run.checkpoints().all
    if until is not None:
        checkpoints = tuple(checkpoint for checkpoint in checkpoints if checkpoint.step <= until)
    if not dataset.on_board or not checkpoints:
        return
    shown = checkpoints[-1] if until is not None else _choose(checkpoints)
    images, labels = _pictures(dataset)
    try:
        then, now = (
            cache.step_answers(run.id, checkpoint.step, checkpoint.digest, images)
            for checkpoint in (checkpoints[0], shown)
        )
    except UserError as refusal:
        say.warning(str(refusal))
        return
    first = None if then == now else (then.step, _count_right(then, labels))
    st.markdown(say.plain(training.answers_so_far(now.step, _count_right(now, labels), len(labels), first)))
    with st.container(horizontal=True, gap="xsmall", key="first-minute-strip"):
        for image, label, winner, share in zip(images, labels, now.winners, now.shares, strict=True):
            _card(image, dataset.classes[label], dataset.classes[winner], share)
    # No slider while it trains: a tick that was on its way would bring an old value along.
    if until is None and len(checkpoints) > 1:
        _control(checkpoints, shown.step)


def _choose(checkpoints: tuple[Checkpoint, ...]) -> Checkpoint:
    """The checkpoint of the address, else the last."""
    wanted = STEP.read(session.settings(), checkpoints[-1].step)
    return min(checkpoints, key=lambda checkpoint: abs(checkpoint.step - wanted))


def _control(checkpoints: tuple[Checkpoint, ...], step: int) -> None:
    """The way to another moment of a run that rests."""
    st.select_slider(
        "Answers after step",
        [checkpoint.step for checkpoint in checkpoints],
        format_func=lambda step: f"{step:,}",
        key=session.control("first-minute-step", step),
        on_change=lambda: session.choose_parameter(STEP, session.entry("first-minute-step")),
        help="Optimizer steps taken; one place for each checkpoint that the run keeps.",
    )


def _card(image: str, label: str, winner: str, share: float) -> None:
    """One picture, and what is said of it."""
    right = label == winner
    mark = ":green[:material/check:]" if right else ":red[:material/close:]"
    with st.container(width=SIDE, gap="xsmall"):
        show(cache.enlarged(image, SIDE), alt=f"Test picture of {label}, called {winner}", width=SIDE)
        below = training.short_share(share) if right else f"is {label}"
        st.caption(f"{mark} **{say.plain(winner)}**  \n{say.plain(below)}")


@keep
def _pictures(dataset: Dataset) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Addresses and classes of the pictures of the strip."""
    chosen = choose_pictures(dataset, PICTURES)
    return tuple(f"{dataset.name}/test/{place}" for place, _ in chosen), tuple(label for _, label in chosen)


def _count_right(answers: StepAnswers, labels: tuple[int, ...]) -> int:
    return sum(winner == label for winner, label in zip(answers.winners, labels, strict=True))
