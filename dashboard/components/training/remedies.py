"""What to try with a run that does not learn as it should, and what a change that was tried did."""

from __future__ import annotations

import dataclasses

import streamlit as st

from dashboard import session
from dashboard.charts import remedies as charts
from dashboard.components import figure, say
from dashboard.components.palette import categories
from dashboard.components.training.curves import verdict
from dashboard.runs import CurveSource, change_of
from dashboard.wording import remedies as wording
from dashboard.wording import training
from models.training import launcher, runs
from models.training.effect import Effect, repetitions
from models.training.remedies import Remedy, attempts, outcomes
from models.training.runs import Run
from models.training.verdict import MEMORISES

# Seeds that a click adds to both sides of a comparison, and the most that there may be.
MORE_SEEDS, MOST_SEEDS = 2, 9


def remedies(source: CurveSource) -> None:
    """The verdict's evidence, and each remedy as a new run with that one thing changed."""
    diagnosis = verdict(source)
    if diagnosis is None or source.run is None or not (diagnosis.evidence or diagnosis.remedies):
        return
    with st.container(border=True):
        st.markdown("**Why this verdict**")
        for sentence in diagnosis.evidence:
            st.markdown(f"- {say.plain(sentence)}")
        if not diagnosis.remedies:
            return
        st.markdown("**What to try: a new run with one thing changed**")
        with st.container(horizontal=True):
            for number, remedy in enumerate(diagnosis.remedies):
                st.button(
                    remedy.title,
                    key=f"remedy-{source.name}-{number}",
                    help=remedy.reason,
                    on_click=_start,
                    args=(source.run, remedy),
                )
            if left := _untried(source):
                st.button(
                    "Try all remedies",
                    key=f"remedies-{source.name}",
                    icon=":material/playlist_play:",
                    help=f"Trains {len(left)} runs one after the other, and compares what each remedy does.",
                    on_click=_start_all,
                    args=(source.run, left),
                )


def compared(source: CurveSource) -> None:
    """What the remedies of a run that memorises did, side by side, once two of them were tried."""
    tried = _attempts(source)
    if len(tried) < 2 or source.run is None or (diagnosis := verdict(source)) is None:
        return
    measured = outcomes(source.run, diagnosis.remedies, runs.known())
    waiting = sum(run.status().active for run in tried.values())
    if not (measured or waiting):
        return
    with st.container(border=True):
        st.markdown("**What the remedies did**")
        st.markdown(say.plain(wording.compared(measured, waiting)))
        if not measured:
            return
        colour, key = categories()[0], f"remedies-{source.name}-{len(measured)}"
        left, right = st.columns(2)
        figure.draw(
            charts.gaps(measured, colour),
            key=f"{key}-gaps",
            alt="Training minus validation accuracy with each remedy",
            choose=session.choose_run,
            place=left,
        )
        figure.draw(
            charts.gains(measured, colour),
            key=f"{key}-gains",
            alt="How each remedy changes the accuracy, with its 95 % interval",
            choose=session.choose_run,
            place=right,
        )
        st.caption(say.plain(wording.HOW))


def are_under_way(source: CurveSource) -> bool:
    """Whether a remedy of a run that memorises is being trained."""
    return any(run.status().active for run in _attempts(source).values())


def _attempts(source: CurveSource) -> dict[str, Run]:
    """The remedies of a run that memorises that were tried, by title."""
    diagnosis = verdict(source)
    if source.run is None or diagnosis is None or diagnosis.kind != MEMORISES:
        return {}
    return attempts(source.run, diagnosis.remedies, runs.known())


def _untried(source: CurveSource) -> list[Remedy]:
    """The remedies of a run that memorises that were not tried, where there are two or more."""
    diagnosis, tried = verdict(source), _attempts(source)
    if diagnosis is None or diagnosis.kind != MEMORISES:
        return []
    left = [remedy for remedy in diagnosis.remedies if remedy.title not in tried]
    return left if len(left) > 1 else []


def result(source: CurveSource) -> None:
    """What a run's change did, where it is the change of another one."""
    change, run = change_of(source), source.run
    if run is None or change is None or change.before.run is None:
        return
    before, measured = change.before.run, change.measured
    sentence = training.effect(change, verdict(change.before), verdict(source))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(say.plain(sentence or training.changed(change)))
        over = before.id not in session.visit().selection.runs and st.button(
            "Lay over the run without",
            key=f"over-{run.id}",
            icon=":material/stacked_line_chart:",
            help=f"{change.before.title}, from which this run was changed.",
        )
        more = (
            measured is not None
            and _asks_for_seeds(measured)
            and st.button(
                f"{MORE_SEEDS} more seeds of both",
                key=f"seeds-{run.id}",
                icon=":material/casino:",
                help="Trains both again from other first weights and in other orders, which is what one run each "
                "cannot tell from the change.",
            )
        )
    if measured is not None:
        st.caption(training.effect_method(measured))
    if over:
        session.choose(runs=(run.id, before.id))
    if more:
        _train_more_seeds(before, run)
    if over or more:
        # Other runs are shown, or there are more: that concerns the whole page, not the part of it that moves.
        st.rerun()


def _asks_for_seeds(measured: Effect) -> bool:
    return measured.seeds < MOST_SEEDS and (measured.seeds == 1 or not measured.is_clear)


def _start(run: Run, remedy: Remedy) -> None:
    """Start a remedy, and look at it over the run that it changes."""
    with session.tell_refusal():
        changed = launcher.launch(remedy.apply_to(run.config), origin=run.id, by=session.signature())
        session.watch((changed.id, run.id))


def _start_all(run: Run, remedies: list[Remedy]) -> None:
    """Start a run with each remedy, one after the other, and look at what becomes of the run."""
    with session.tell_refusal():
        launcher.launch_in_turn(
            [remedy.apply_to(run.config) for remedy in remedies], origin=run.id, by=session.signature()
        )
        session.watch((run.id,))


def _train_more_seeds(before: Run, after: Run) -> None:
    """Start both runs again with seeds that neither has had."""
    everything = runs.known()
    taken = repetitions(before, everything).keys() | repetitions(after, everything).keys()
    seeds = [seed for seed in range(len(taken) + MORE_SEEDS) if seed not in taken][:MORE_SEEDS]
    with session.tell_refusal():
        # One trainer for each side: more at a time would only take the processor from each other.
        launcher.launch_in_turn(
            [dataclasses.replace(before.config, seed=seed) for seed in seeds],
            origin=before.id if before.is_example else before.origin,
            by=session.signature(),
        )
        launcher.launch_in_turn(
            [dataclasses.replace(after.config, seed=seed) for seed in seeds],
            origin=after.origin,
            by=session.signature(),
        )
        session.watch(session.visit().selection.runs)
