"""The film strip of a training: one slider moves curves, weights, activations and the map of one photo together."""

from __future__ import annotations

import io
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from PIL import Image

from dashboard import session
from dashboard.charts import curves, maps
from dashboard.charts import film as frames
from dashboard.charts.activations import bars, tiles
from dashboard.charts.activations import learning as charts
from dashboard.charts.curves import CurveStyle
from dashboard.charts.film import FilmFrame, Panel
from dashboard.charts.weights import filters as kernels
from dashboard.components import figure, key_figures, layers, say, tables
from dashboard.components.attribution.explain import strength
from dashboard.components.key_figures import KeyFigure
from dashboard.components.palette import categories, ink
from dashboard.components.picture import show
from dashboard.components.training.curves import curves_of
from dashboard.components.wait import wait
from dashboard.inspection.attribution.method import Method
from dashboard.parameters import PLAY, STEP
from dashboard.records.attribution import Attribution
from dashboard.records.curves import Line
from dashboard.records.learning import Learning
from dashboard.records.weights import Filters
from dashboard.results import attribution, film
from dashboard.runs import source_of
from dashboard.view import View
from dashboard.wording import learning
from dashboard.wording.answer import class_label
from dashboard.wording.attribution import WORDS
from dashboard.wording.numbers import colour_scale, percent, three_digits
from dashboard.wording.training import FIRST
from models.runtime.errors import UserError
from models.training import as_networks as checkpoints
from models.training.runs import Run, names

# Seconds that one step of the film is seen.
TICK = 0.8
CLASSES = 6
MIME = {"GIF": "image/gif", "WebP": "image/webp"}


@dataclass(frozen=True, eq=False)
class Film:
    """All that moves with the step.

    Attributes:
        view: network and picture.
        run: whose checkpoints they are.
        history: one layer, and the answer.
        method: of the maps.
        maps: of the picture, one a step.
        tensor: name of the weight that is followed; empty where the layer has none before it.
        kernels: of that, one a step.
        curve: what the lines are of.
        lines: over the run's steps.
        strength: of the overlay, in [0, 1]; held here because a file is made where there is no session.
    """

    view: View
    run: Run
    history: Learning
    method: Method
    maps: tuple[Attribution, ...]
    tensor: str
    kernels: tuple[Filters, ...]
    curve: str
    lines: Sequence[Line]
    strength: float

    @property
    def steps(self) -> list[int]:
        """Of training."""
        return [int(step) for step in self.history.steps]

    @property
    def shown(self) -> np.ndarray:
        """Numbers of the channels that are followed."""
        order = np.argsort(-self.history.strength, kind="stable")
        return np.asarray(np.sort(order[: tiles.PER_PAGE]))

    @property
    def widest(self) -> float:
        """End of the one scale of all kernels."""
        sizes = [np.abs(np.nan_to_num(tile)).max() for step in self.kernels for tile in step.tiles]
        return float(max(sizes, default=1.0)) or 1.0


def draw(view: View, history: Learning, run: Run, *, chooses: bool = True) -> None:
    """The film of a run's network and the photo, the layer's picker on top of it.

    Args:
        view: of the run's network.
        history: one layer of it.
        run: whose checkpoints they are.
        chooses: whether layer and step can be made those of every page; not where the run is an example.
    """
    if chooses:
        layers.picker(view, history.call.name)
    try:
        of = _gather(view, history, run)
    except UserError as refusal:  # deleted since the page began
        say.warning(str(refusal))
        return
    _play(of)
    if chooses:
        st.button(
            "Look at this step on every page",
            key="training-look",
            icon=":material/visibility:",
            on_click=_look_at_step,
            args=(of,),
            help="Makes the network as it was then that of every page.",
        )
    _fine_print(of)


def _gather(view: View, history: Learning, run: Run) -> Film:
    wanted = set(history.steps.tolist())
    kept = [checkpoint for checkpoint in run.checkpoints().all if checkpoint.step in wanted]
    method, *_ = attribution.methods(view)
    tensor = _weight_before(view, history)
    logged = curves_of(source_of(run), 0)
    curve = next((title for title in reversed(FIRST) if title in logged), "")
    return Film(
        view=view,
        run=run,
        history=history,
        method=method,
        maps=wait(film.maps(view, run, kept, method)),
        tensor=tensor,
        kernels=wait(film.kernels(run, kept, tensor)) if tensor else (),
        curve=curve,
        lines=[line for line in logged.get(curve, ()) if not line.is_faint],
        strength=strength(),
    )


def _weight_before(view: View, history: Learning) -> str:
    """The weight of the layer, or the last one before it."""
    tensors, last = view.classifier.weights.tensors, ""
    for call in view.survey.calls:
        name = f"{call.name.partition('#')[0]}.weight"
        if name in tensors and tensors[name].ndim > 1:
            last = name
        if call.name == history.call.name:
            break
    return last


def _play(of: Film) -> None:
    """All that changes with the step. While it plays, the steps go by, and the script stands still."""
    view, steps = of.view, of.steps
    if len(steps) < 2 and PLAY.read(session.settings()):
        session.choose_parameter(PLAY, None)
    playing = PLAY.read(session.settings())
    ticks = itertools.count()

    @st.fragment(run_every=TICK if playing else None)
    def strip() -> None:
        if playing and next(ticks):
            advance(steps, _current_step(view, steps))
        if PLAY.read(session.settings()) != playing:
            # The clock belongs to the whole page: it must begin to tick, or stop.
            st.rerun()
        place = steps.index(_current_step(view, steps))
        _controls(steps, place, playing)
        _moment(of, place)
        where, answer, curve = st.columns([3, 3, 4], gap="large")
        with where:
            _map(of, place)
        with answer:
            _answer(of, place)
        with curve:
            _curves(of, place)
        many, weights = st.columns(2, gap="large")
        with many:
            _channels(of, place)
        with weights:
            _weights(of, place)
        _statistics(of, place)
        _take_away(of, place)

    strip()


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


def _moment(of: Film, place: int) -> None:
    history, step = of.history, of.steps[place]
    wanted = STEP.read(session.settings(), _own_step(of.view))
    if wanted != step:
        title = say.plain(names.title(of.run))
        say.note(f"{title} keeps no checkpoint of step {wanted:,} that can be read; the nearest is shown.")
    st.caption(
        f"Step {step:,}, after epoch {int(history.epochs[place])}; checkpoint {place + 1} of {len(history.steps)}."
    )


def look_at(name: str) -> None:
    """Make a run's network that of every page, unless the run was deleted since it was listed."""
    with session.tell_refusal():
        session.choose_model(name)


def _look_at_step(of: Film) -> None:
    """Make the network of the step that is shown the one of every page; layer and class are the same there."""
    selection = session.visit().selection
    look_at(f"{checkpoints.PREFIX}{of.run.id}@{_current_step(of.view, of.steps)}")
    if session.visit().selection.model != selection.model:
        session.choose(layer=selection.layer, unit=selection.unit, target=selection.target)


def _map(of: Film, place: int) -> None:
    view, made = of.view, of.maps[place]
    st.markdown(f"**Where it looks: {say.plain(view.title)}**")
    if made.values is None:
        say.note(f"{of.method.title} draws no map of this step. {made.outcome.reason}")
        return
    show(
        _overlay(of, place),
        alt=f"{of.method.title} for {view.title} over {view.picture.title} at step {of.steps[place]:,}",
        inline=True,
    )
    worth = WORDS[made.outcome.kind] + (f": {made.outcome.reason}" if made.outcome.reason else "")
    st.caption(say.plain(f"{of.method.title}, one scale for all steps. {worth}"))


def _overlay(of: Film, place: int) -> bytes:
    limit = maps.scale_limit(of.maps)
    return maps.overlay(of.view.seen.crop, of.maps[place], limit=limit, strength=of.strength)


def _answer(of: Film, place: int) -> None:
    st.markdown("**The answer**")
    for name, share in _shares(of, place).items():
        label = (
            f"**{say.plain(name)}**"
            if name == class_label(of.view.prediction, of.view.target)
            else say.plain(name)
        )
        st.progress(min(share, 1.0), text=f"{label} · {percent(share)}")


def _shares(of: Film, place: int) -> dict[str, float]:
    """Name -> probability, in one order at all steps, so that each bar stays where it is and grows or shrinks."""
    shares = np.nan_to_num(of.history.probabilities[place])
    return {
        class_label(of.view.prediction, index): float(shares[index])
        for index in of.history.leading(CLASSES, of.view.target)
    }


def _curves(of: Film, place: int) -> None:
    if not of.lines:
        st.caption("The run has logged neither loss nor accuracy, so there is no curve.")
        return
    figure.draw(
        curves.curves(
            of.curve.capitalize(),
            of.lines,
            categories(),
            CurveStyle(smoothing=frames.SMOOTHING, ink=ink(), marked=of.steps[place]),
        ),
        key="film-curves",
        alt=f"{of.curve.capitalize()} over the steps of the run, step {of.steps[place]:,} marked",
    )


def _channels(of: Film, place: int) -> None:
    history, step, shown = of.history, of.steps[place], of.shown
    call, unit = history.call, of.view.selection.unit
    st.subheader(say.plain(f"Activations of {call.name}"))
    if not history.spatial:
        values = history.maps[:, shown, 0, 0]
        figure.draw(
            bars.units(
                values[place],
                shown,
                marked=unit,
                ends=_ends(values),
                names=layers.class_names(of.view, call),
            ),
            key=f"film-units-{call.name}",
            alt=f"Values of {len(shown)} units of {call.name} at step {step:,}",
        )
        st.caption(learning.selection(history, len(shown), "unit") + " The scale is the same at all steps.")
        return
    limit, signed = tiles.limit(history.maps), tiles.is_signed(history.maps)
    ends = colour_scale(history.maps, limit, signed=signed)
    figure.draw(
        tiles.grid(
            history.maps[place][shown], shown, limit=limit, signed=signed, marked=unit, noun="Channel"
        ),
        key=f"film-tiles-{call.name}",
        alt=f"{len(shown)} channels of {call.name} at step {step:,}, scale {ends}",
    )
    show(maps.scale_bar(signed=signed), width="stretch", alt=f"Colour scale, {ends}")
    st.caption(f"Scale: {ends}, the same at all steps. " + learning.selection(history, len(shown), "channel"))


def _ends(values: np.ndarray) -> tuple[float, float]:
    """A scale for bars that holds all of them and zero."""
    finite = values[np.isfinite(values)]
    low, high = min(0.0, float(finite.min(initial=0.0))), max(0.0, float(finite.max(initial=0.0)))
    margin = 0.05 * (high - low or 1.0)
    return (low - margin if low else 0.0), (high + margin if high else 0.0 if low else 1.0)


def _weights(of: Film, place: int) -> None:
    if not of.tensor:
        st.caption("No layer up to this one has weights of its own.")
        return
    st.subheader(say.plain(f"Weights: {of.tensor}"))
    show(
        kernels.grid(of.kernels[place], of.widest),
        width="content",
        alt=f"Kernels of {of.tensor} at step {of.steps[place]:,}",
        inline=True,
    )
    tiles_shown, total = len(of.kernels[place].tiles), of.kernels[place].total
    st.caption(f"{tiles_shown} of {total:,}, on one scale for all steps.")


def _statistics(of: Film, place: int) -> None:
    history, view = of.history, of.view
    st.subheader("Step by step")
    spread = history.spreads[place]
    key_figures.draw(
        KeyFigure("Mean", three_digits(spread.mean)),
        KeyFigure("Standard deviation", three_digits(spread.std)),
        KeyFigure("Exactly zero", percent(spread.zeros)),
    )
    figure.draw(
        charts.statistics(
            history.steps,
            [spread.mean for spread in history.spreads],
            {
                "Exactly zero": [spread.zeros for spread in history.spreads],
                f"Probability of {view.title}": history.probabilities[:, view.target].tolist(),
            },
            of.steps[place],
        ),
        key="film-statistics",
        alt=f"Mean and zeros of {history.call.name} and the probability of {view.title} over {len(of.steps)} steps",
    )


def _take_away(of: Film, place: int) -> None:
    history, name = of.history, of.run.id
    with st.container(horizontal=True):
        for kind, mime in MIME.items():
            st.download_button(
                f"Film ({kind})",
                lambda kind=kind: frames.animate(_frames(of), kind),  # type: ignore[misc]  # its default is its type
                f"{name}-film.{kind.lower()}",
                mime,
                key=f"film-{kind}",
                icon=":material/movie:",
                on_click="ignore",
                help="All checkpoints, each as one picture of 1280 x 720 pixels; it plays without an end.",
            )
        st.download_button(
            "Frames (npz)",
            lambda: _npz(of),
            f"{name}-film.npz",
            "application/octet-stream",
            key="film-npz",
            icon=":material/download:",
            on_click="ignore",
            help="The pictures of the film, and the numbers that they are drawn from.",
        )
        tables.take_away(
            {
                "Step": of.steps,
                "Epochs": history.epochs.tolist(),
                "Mean": [spread.mean for spread in history.spreads],
                "Standard deviation": [spread.std for spread in history.spreads],
                "Exactly zero": [spread.zeros for spread in history.spreads],
                f"Probability of {of.view.title}": history.probabilities[:, of.view.target].tolist(),
            },
            f"{name}-layer",
            "film-csv",
        )
        if history.spatial:
            st.download_button(
                "PNG",
                lambda: maps.png(_mosaic(of, place)),
                f"{name}-step-{of.steps[place]}.png",
                "image/png",
                key="film-png",
                icon=":material/download:",
                on_click="ignore",
                help="The channels at this step.",
            )


def _mosaic(of: Film, place: int, across: int = tiles.ACROSS) -> Image.Image:
    history = of.history
    limit, signed = tiles.limit(history.maps), tiles.is_signed(history.maps)
    return tiles.mosaic(history.maps[place][of.shown], limit=limit, signed=signed, across=across)


def _frames(of: Film) -> list[Image.Image]:
    heading = f"{names.title(of.run)}: {of.view.picture.title}"
    return [
        frames.draw(_frame(of, place), heading, of.curve.capitalize(), of.lines)
        for place in range(len(of.steps))
    ]


def _frame(of: Film, place: int) -> FilmFrame:
    history, step = of.history, of.steps[place]
    panels = []
    if of.maps[place].values is not None:
        title = f"Where it looks: {of.view.title} ({of.method.title})"
        panels.append(Panel(title, Image.open(io.BytesIO(_overlay(of, place)))))
    if of.tensor:
        panels.append(
            Panel(f"Weights: {of.tensor}", Image.open(io.BytesIO(kernels.grid(of.kernels[place], of.widest))))
        )
    if history.spatial:
        panels.append(
            Panel(
                f"Activations of {history.call.name}", _mosaic(of, place, math.ceil(math.sqrt(len(of.shown))))
            )
        )
    return FilmFrame(
        f"Step {step:,}, after epoch {int(history.epochs[place])}", panels, _shares(of, place), step
    )


def _npz(of: Film) -> bytes:
    """The frames, and what they are drawn from; a map that is not drawn is NaN."""
    history = of.history
    height, width = of.view.seen.crop.shape[:2]
    return frames.npz(
        _frames(of),
        steps=history.steps,
        epochs=history.epochs,
        logits=history.logits,
        activations=history.maps,
        maps=np.stack(
            [
                np.full((height, width), np.nan, np.float32) if one.values is None else one.values
                for one in of.maps
            ]
        ),
        kernels=np.array([np.stack(step.tiles) for step in of.kernels]),
    )


def _fine_print(of: Film) -> None:
    with st.expander("How this is read", icon=":material/menu_book:"):
        st.caption(
            f"A forward pass of the same photo through the network of each checkpoint, {len(of.steps)} in all, and a "
            "map of each, checked as any map is. Maps, tiles, kernels, bars and curves have one scale for all steps: "
            "what grows brighter grew. A checkpoint is kept after each epoch; what happened between two is not seen."
        )
