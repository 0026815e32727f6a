"""Over training: the same layer and the same photo at each checkpoint of a run, step by step or as a film."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import streamlit as st

from dashboard import session
from dashboard.charts import maps
from dashboard.charts.activations import bars, tiles
from dashboard.charts.activations import learning as charts
from dashboard.components import figure, key_figures, layers, say, tables
from dashboard.components.key_figures import KeyFigure
from dashboard.components.picture import show
from dashboard.components.wait import wait
from dashboard.parameters import PLAY, STEP
from dashboard.records.learning import Learning
from dashboard.results import activations as results
from dashboard.view import View
from dashboard.wording import learning
from dashboard.wording.answer import class_label
from dashboard.wording.numbers import percent, three_digits
from models.runtime.errors import UserError
from models.training import as_networks as checkpoints
from models.training import runs
from models.training.runs import Run, names

# Seconds that one step of the film is seen.
TICK = 0.8
CLASSES = 6
# Runs that are offered where the network is none.
OFFERED = 6


def draw(view: View) -> None:
    """The view; a hint where the network is no run."""
    match = checkpoints.ADDRESS.fullmatch(view.model.name)
    call = view.layer
    if match is None:
        _no_run(view)
        return
    if call is None:
        say.note("No layer of this network puts out one tensor, so there is nothing to follow here.")
        return
    try:
        run = runs.find(match[1])
    except UserError as refusal:  # deleted since the page began
        say.warning(str(refusal))
        _no_run(view)
        return
    history = wait(results.learning(view, run, run.checkpoints().all, call))
    if history is None:
        st.header(say.plain(f"Nothing of run {names.title(run)} could be read."))
        say.note("A run of ours keeps a checkpoint after each epoch; they show up here.")
        return
    st.header(say.plain(learning.headline(history, view.target, names.title(run))))
    say.warning(*history.problems)
    layers.picker(view, call.name)
    _film(view, history, run)
    _fine_print(history)


def _no_run(view: View) -> None:
    st.header("Choose a run to see a layer while its network learns.")
    say.note(f"{view.model.title} is one set of weights. A run keeps a checkpoint after each epoch.")
    with st.container(horizontal=True):
        for number, run in enumerate(_runs_to_offer()):
            st.button(
                say.plain(names.title(run)),
                key=f"run-{number}",
                icon=":material/movie:",
                on_click=_look_at,
                args=(checkpoints.address(run),),
            )


def _runs_to_offer() -> list[Run]:
    """The newest own runs that keep checkpoints, and the examples."""
    own = [run for run in runs.listing().runs if run.checkpoints().all]
    examples = list(runs.examples())
    return [*own[: max(0, OFFERED - len(examples))], *examples]


def _look_at(name: str) -> None:
    """Make a run's network that of every page, unless the run was deleted since it was listed."""
    with session.tell_refusal():
        session.choose_model(name)


def _film(view: View, history: Learning, run: Run) -> None:
    """All that changes with the step. While it plays, the steps go by, and the script stands still."""
    steps = [int(step) for step in history.steps]
    if len(steps) < 2 and PLAY.read(session.settings()):
        session.choose_parameter(PLAY, None)
    playing = PLAY.read(session.settings())
    shown = np.sort(np.argsort(-history.strength, kind="stable")[: tiles.PER_PAGE])
    limit, signed = tiles.limit(history.maps), tiles.is_signed(history.maps)
    ticks = itertools.count()

    @st.fragment(run_every=TICK if playing else None)
    def film() -> None:
        if playing and next(ticks):
            advance(steps, _current_step(view, steps))
        if PLAY.read(session.settings()) != playing:
            # The clock belongs to the whole page: it must begin to tick, or stop.
            st.rerun()
        place = steps.index(_current_step(view, steps))
        _controls(steps, place, playing)
        _moment(view, history, run, place)
        many, answer = st.columns([3, 2], gap="large")
        with many:
            _channels(view, history, place, shown, limit, signed)
        with answer:
            _answer(view, history, place)
        _statistics(view, history, place)
        _take_away(view, history, run, place, shown, limit, signed)

    film()
    st.button(
        "Look at this step on every page",
        key="training-look",
        icon=":material/visibility:",
        on_click=_look_at_step,
        args=(view, run, steps),
        help="Makes the network as it was then that of every page.",
    )


def _own_step(view: View) -> int:
    """The step that the network of the address is of: that of its name, or of the run's best checkpoint."""
    match = checkpoints.ADDRESS.fullmatch(view.model.identity)
    return int(match[2]) if match is not None and match[2] is not None else 0


def _current_step(view: View, steps: Sequence[int]) -> int:
    """The step of the address, or the nearest that there is."""
    wanted = STEP.read(session.settings(), _own_step(view))
    return min(steps, key=lambda step: abs(step - wanted))


def advance(steps: Sequence[int], current: int) -> None:
    """Show the next step; the last one ends the film."""
    later = [step for step in steps if step > current]
    if later:
        session.pass_by(STEP, later[0])
    if len(later) < 2:
        session.choose_parameter(PLAY, None)


def _controls(steps: Sequence[int], place: int, playing: bool) -> None:
    if len(steps) < 2:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if playing:
            st.button(
                "Pause",
                key="pause",
                icon=":material/pause:",
                on_click=session.choose_parameter,
                args=(PLAY, None),
            )
            # No slider: a tick that was on its way before the last one was drawn would bring its old value along,
            # which nobody could tell from a hand that moved it.
            st.progress((place + 1) / len(steps), text="Playing")
            return
        # At the end it begins again.
        first = steps[0] if place == len(steps) - 1 else steps[place]
        st.button(
            "Play",
            key="play",
            icon=":material/play_arrow:",
            on_click=session.choose_parameters,
            args=({STEP: first, PLAY: True},),
        )
        st.select_slider(
            "Step",
            steps,
            format_func=lambda step: f"{step:,}",
            key=session.control("training-step", steps[place]),
            on_change=lambda: session.choose_parameter(STEP, session.entry("training-step")),
            help="Optimizer steps taken; one place for each checkpoint that the run keeps.",
        )


def _moment(view: View, history: Learning, run: Run, place: int) -> None:
    step, wanted = int(history.steps[place]), STEP.read(session.settings(), _own_step(view))
    if wanted != step:
        say.note(
            f"Run {run.id} keeps no checkpoint of step {wanted:,} that can be read; the nearest is shown."
        )
    st.caption(
        f"Step {step:,}, after epoch {int(history.epochs[place])}; checkpoint {place + 1} of {len(history.steps)}."
    )


def _look_at_step(view: View, run: Run, steps: Sequence[int]) -> None:
    """Make the network of the step that is shown the one of every page; layer and class are the same there."""
    selection = session.visit().selection
    _look_at(f"{checkpoints.PREFIX}{run.id}@{_current_step(view, steps)}")
    if session.visit().selection.model != selection.model:
        session.choose(layer=selection.layer, unit=selection.unit, target=selection.target)


def _channels(
    view: View, history: Learning, place: int, shown: np.ndarray, limit: float, signed: bool
) -> None:
    call, step = history.call, int(history.steps[place])
    unit = view.selection.unit
    st.subheader(say.plain(call.name))
    if not history.spatial:
        values = history.maps[:, shown, 0, 0]
        figure.draw(
            bars.units(values[place], shown, marked=unit, ends=_ends(values)),
            key=f"film-units-{call.name}",
            alt=f"Values of {len(shown)} units of {call.name} at step {step:,}",
        )
        st.caption(learning.selection(history, len(shown), "unit") + " The scale is the same at all steps.")
        return
    ends = f"{-limit if signed else 0:.3g} to {limit:.3g}"
    show(maps.scale_bar(signed=signed), width="stretch", alt=f"Colour scale, {ends}")
    st.caption(f"Scale: {ends}, the same at all steps. " + learning.selection(history, len(shown), "channel"))
    figure.draw(
        tiles.grid(
            history.maps[place][shown], shown, limit=limit, signed=signed, marked=unit, noun="Channel"
        ),
        key=f"film-tiles-{call.name}",
        alt=f"{len(shown)} channels of {call.name} at step {step:,}, scale {ends}",
    )


def _ends(values: np.ndarray) -> tuple[float, float]:
    """A scale for bars that holds all of them and zero."""
    finite = values[np.isfinite(values)]
    low, high = min(0.0, float(finite.min(initial=0.0))), max(0.0, float(finite.max(initial=0.0)))
    margin = 0.05 * (high - low or 1.0)
    return (low - margin if low else 0.0), (high + margin if high else 0.0 if low else 1.0)


def _answer(view: View, history: Learning, place: int) -> None:
    st.subheader("The answer")
    shares = np.nan_to_num(history.probabilities[place])
    # In one order at all steps, so that each bar stays where it is and grows or shrinks.
    for index in history.leading(CLASSES, view.target):
        share, name = float(shares[index]), say.plain(class_label(view.prediction, index))
        label = f"**{name}**" if index == view.target else name
        st.progress(min(share, 1.0), text=f"{label} · {percent(share)}")
    spread = history.spreads[place]
    key_figures.draw(
        KeyFigure("Mean", three_digits(spread.mean)),
        KeyFigure("Standard deviation", three_digits(spread.std)),
        KeyFigure("Exactly zero", percent(spread.zeros)),
    )


def _statistics(view: View, history: Learning, place: int) -> None:
    call, count = history.call, len(history.steps)
    st.subheader("Step by step")
    figure.draw(
        charts.statistics(
            history.steps,
            [spread.mean for spread in history.spreads],
            {
                "Exactly zero": [spread.zeros for spread in history.spreads],
                f"Probability of {view.title}": history.probabilities[:, view.target].tolist(),
            },
            int(history.steps[place]),
        ),
        key="film-statistics",
        alt=f"Mean and zeros of {call.name} and the probability of {view.title} over {count} steps",
    )


def _take_away(
    view: View, history: Learning, run: Run, place: int, shown: np.ndarray, limit: float, signed: bool
) -> None:
    with st.container(horizontal=True):
        tables.take_away(
            {
                "Step": history.steps.tolist(),
                "Epochs": history.epochs.tolist(),
                "Mean": [spread.mean for spread in history.spreads],
                "Standard deviation": [spread.std for spread in history.spreads],
                "Exactly zero": [spread.zeros for spread in history.spreads],
                f"Probability of {view.title}": history.probabilities[:, view.target].tolist(),
            },
            f"{run.id}-layer",
            "film-csv",
        )
        if history.spatial:
            st.download_button(
                "PNG",
                lambda: maps.png(
                    tiles.mosaic(history.maps[place][shown], limit=limit, signed=signed, across=tiles.ACROSS)
                ),
                f"{run.id}-step-{history.steps[place]}.png",
                "image/png",
                key="film-png",
                icon=":material/download:",
                on_click="ignore",
                help="The channels at this step.",
            )


def _fine_print(history: Learning) -> None:
    with st.expander("How this is read", icon=":material/menu_book:"):
        st.caption(
            f"A forward pass of the same photo through the network of each checkpoint, "
            f"{len(history.steps)} in all. Tiles, bars and curves have one scale for all steps, so what grows brighter "
            "grew. A checkpoint is kept after each epoch; what happened between two of them is not seen."
        )
