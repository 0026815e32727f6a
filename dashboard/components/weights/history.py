"""Over training: how a run's weights spread and moved, from its checkpoints or from anybody's log."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import cache, session
from dashboard.charts.curves import CurveStyle, curves
from dashboard.charts.weights import filters as pictures
from dashboard.charts.weights import history as charts
from dashboard.charts.weights import ridge
from dashboard.components import choice, example, figure, say, tables
from dashboard.components.figure import SAVABLE
from dashboard.components.palette import categories, ink
from dashboard.components.picture import show
from dashboard.components.training.curves import curves_of
from dashboard.components.wait import wait
from dashboard.components.weights.subject import WeightsSubject, choose_tensor, mark, segments
from dashboard.inspection.weights.filters import WAYS, count, filters, fold_of, ways
from dashboard.inspection.weights.history import from_log
from dashboard.inspection.weights.tensors import facts
from dashboard.parameters import SOURCE, STEP, TENSOR
from dashboard.records.weights import Track
from dashboard.results import weights as results
from dashboard.runs import CurveSource, find_logs, find_source
from dashboard.view import View
from dashboard.wording.numbers import percent, three_digits
from dashboard.wording.weights import history_headline, no_checkpoints
from models.runtime.errors import UserError
from models.tensorboard.series import HistogramSeries
from models.tensorboard.sessions import newest_session
from models.training import as_networks as checkpoints
from models.training import runs
from models.training.runs import names

# What our runs call a weight's histogram.
WEIGHTS = "weights/"
# Words in the name of a logged update-to-weight ratio.
UPDATES = {"update", "ratio"}
TILES = 30


def draw(subject: WeightsSubject, top: DeltaGenerator) -> None:
    """The view; its finding goes to the top."""
    chosen = _chosen_run(subject)
    if chosen is None and subject.view is not None:
        top.header(say.plain(no_checkpoints(subject.title)))
        example.draw(subject.view, _example, checkpoints.PREFIX + runs.examples()[0].id)
    origin = _run(subject, chosen)
    if origin is None:
        return
    logged = _histograms(origin)
    kept_checkpoints = () if origin.run is None else origin.run.checkpoints().all
    sources = {"checkpoints": f"Checkpoints ({len(kept_checkpoints)})"} if kept_checkpoints else {}
    sources |= {"log": f"Logged histograms ({len(logged)})"} if logged else {}
    if not sources:
        top.header(say.plain(f"{origin.title} keeps no checkpoint and logged no histogram."))
        say.note(
            "A run of ours keeps a checkpoint after each epoch. In a log of your own, write "
            "writer.add_histogram(name, parameter, step) and it shows up here."
        )
        return
    source = segments("From", SOURCE, sources)
    if source == "checkpoints":
        result = wait(results.history(kept_checkpoints))
        say.warning(*result.problems)
        tracks = list(result.tracks)
    else:
        tracks = []
    names = [track.name for track in tracks] or [series.tag for series in logged]
    name = _tensor(subject, names)
    track = next((track for track in tracks if track.name == name), None) or from_log(
        next(series for series in logged if series.tag == name)
    )
    if not len(track.steps):
        top.header(say.plain(f"Nothing of {origin.title} could be read."))
        return
    top.header(say.plain(history_headline(track, origin.title)))
    step = _step(track)
    place = int(np.flatnonzero(track.steps == step)[0])
    _spread(track, step, "spread")
    left, right = st.columns(2, gap="large")
    with left:
        _moment(track, place)
    with right:
        _movement(tracks, step, origin)
    if source == "checkpoints":
        _picture(origin, track, step)
    _table(track)


def _example(view: View) -> None:
    """How the first weights of a run became what they are."""
    run = runs.find(view.model.name.removeprefix(checkpoints.PREFIX))
    track = next(
        track
        for track in wait(results.history(run.checkpoints().all)).tracks
        if track.name.endswith("weight")
    )
    st.header(say.plain(history_headline(track, names.title(run))))
    _spread(track, int(track.steps[-1]), "example-spread")


def _spread(track: Track, step: int, key: str) -> None:
    figure.draw(
        charts.spread(track, step),
        key=key,
        alt=f"How the numbers of {track.name} spread over the steps",
        config=SAVABLE,
    )
    st.caption(
        "Bright is where many weights are, at each step on its own scale; the dotted lines are one spread from zero."
    )


def _chosen_run(subject: WeightsSubject) -> str | None:
    """The run that the address names, or that the network comes from; None where a network comes from none."""
    chosen = next(iter(subject.selection.runs), None) or _own_run(subject)
    return runs.examples()[0].id if chosen is None and subject.view is None else chosen


def _run(subject: WeightsSubject, chosen: str | None) -> CurveSource | None:
    """The run whose weights are followed, with the choice of another; None until one is chosen."""
    ours = [run.id for run in (*runs.listing().runs, *runs.examples())]
    logs = {log.name: log.title for log in find_logs()}
    choice.select(
        "Run",
        [*ours, *logs],
        chosen,
        lambda name: session.choose(runs=(name,)),
        key="weights-run",
        title=lambda name: logs.get(name) or find_source(name).title,
        placeholder="Follow the weights of a run",
        text="Your runs, the examples, and the logs of the folder that VITRINE_LOGS names.",
    )
    if chosen is None:
        return None
    source = find_source(chosen)
    if chosen in ours and chosen != _own_run(subject):
        title = say.plain(source.title)
        say.note(f"{title} is another network; of {subject.title} no checkpoints are kept here.")
    return source


def _own_run(subject: WeightsSubject) -> str | None:
    """The run that the network comes from."""
    name = "" if subject.network is None else subject.network.name
    prefix = checkpoints.PREFIX
    return name.removeprefix(prefix).partition("@")[0] if name.startswith(prefix) else None


def _histograms(origin: CurveSource) -> list[HistogramSeries]:
    reader = cache.event_reader(str(origin.folder))
    reader.refresh()
    return sorted(
        map(newest_session, reader.histograms()), key=lambda series: not series.tag.startswith(WEIGHTS)
    )


def _tensor(subject: WeightsSubject, names: Sequence[str]) -> str:
    """The choice of a tensor or tag; the chosen layer's by default, else the first weight."""
    digest = TENSOR.text(subject.selection.parameters)
    layer = (subject.selection.layer or "").partition("#")[0]
    bare = {name: name.removeprefix(WEIGHTS) for name in names}
    own = [name for name in names if layer and bare[name].rpartition(".")[0] == layer]
    offered = sorted(own or names, key=lambda name: not name.endswith("weight"))
    current = next(iter([*(name for name in offered if mark(bare[name]) == digest), *offered]))
    choice.select(
        "Tensor",
        names,
        current,
        lambda name: choose_tensor(subject, bare[name]),
        key="weights-tag",
        text="Type to find one.",
    )
    return current


def _step(track: Track) -> int:
    """The step that is looked at: a slider that moves everything below it."""
    steps = [int(step) for step in track.steps]
    wanted = STEP.read(session.settings(), steps[-1])
    current = min(steps, key=lambda step: abs(step - wanted))
    if len(steps) > 1:
        st.select_slider(
            "Step",
            steps,
            format_func=lambda step: f"{step:,}",
            key=session.control("weights-step", current),
            on_change=lambda: session.choose_parameter(STEP, session.entry("weights-step")),
        )
    return current


def _moment(track: Track, place: int) -> None:
    """The histogram at the chosen step, over the first one's."""
    moments = {f"step {int(track.steps[place]):,}": track.histograms[place]}
    if place:
        moments[f"step {int(track.steps[0]):,}"] = track.histograms[0]
    if all(len(histogram.counts) for histogram in moments.values()):
        figure.draw(
            ridge.overlay_histograms(moments, categories(), scale="linear", marks={}),
            key="moment",
            alt="Histogram at the chosen step and at the first",
            config=SAVABLE,
        )
    change = track.changes[place]
    since = (
        f", moved by {percent(change)} since step {int(track.steps[place - 1]):,}" if change == change else ""
    )
    st.caption(
        say.plain(f"At step {int(track.steps[place]):,}: spread {three_digits(track.stds[place])}{since}.")
    )


def _movement(tracks: Sequence[Track], step: int, origin: CurveSource) -> None:
    """How fast each weight moved; histograms alone cannot tell, so what else was logged is shown."""
    moving = [track for track in tracks if len(track.steps) > 1 and track.name.endswith("weight")] or [
        track for track in tracks if len(track.steps) > 1
    ]
    if not moving:
        ratios = [
            line
            for title, lines in curves_of(origin, 0).items()
            if {*title.split("_")} >= UPDATES
            for line in lines
        ]
        if ratios:
            figure.draw(
                curves(
                    "Update-to-weight ratio, as logged", ratios, categories(), CurveStyle(log=True, ink=ink())
                ),
                key="ratios",
                alt="Update-to-weight ratio over the steps, as it was logged",
                config=SAVABLE,
            )
        st.caption(
            "How far weights moved takes the weights themselves: histograms before and after can be alike though "
            "every weight changed."
        )
        return
    figure.draw(
        charts.movement(moving, step),
        key="movement",
        alt="Update-to-weight ratio of every layer over the steps",
        config=SAVABLE,
    )
    st.caption(
        "Update-to-weight ratio: norm of the change between checkpoints over the norm before, by steps between them. "
        "Steps that undo each other are not counted; about 0.001 for a single step is healthy."
    )


def _table(track: Track) -> None:
    """The track's numbers, to take away."""
    columns: dict[str, list[object]] = {
        "Step": track.steps.tolist(),
        "Spread": track.stds.tolist(),
        "Change since the step before": track.changes.tolist(),
    }
    tables.take_away(columns, "training", "training-csv")


def _picture(origin: CurveSource, track: Track, step: int) -> None:
    """The tensor's filters at the chosen step."""
    assert origin.run is not None
    try:
        tensors = origin.run.checkpoint(step).tensors()
    except UserError as refusal:
        say.warning(str(refusal))
        return
    known = facts(tensors)
    current = next((fact for fact in known if fact.name == track.name), None)
    if current is None or current.role != "weight":
        return
    fold = fold_of(current, known)
    way = ways(current, fold)[0]
    tiles = filters(tensors[track.name], way, fold=fold, behind=2 if way == "matrix" else TILES)
    limit = max(histogram.sizes().quantile(0.995) for histogram in track.histograms) or 1.0
    st.subheader("Its filters at this step")
    show(
        pictures.grid(tiles, limit),
        width="content",
        alt=f"Filters of {track.name} at step {step:,}",
    )
    st.caption(
        say.plain(
            f"{WAYS[way].title}, {len(tiles.labels)} of {count(current, way):,}, on one scale for all steps."
        )
    )
