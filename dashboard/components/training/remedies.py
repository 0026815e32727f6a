"""What to try with a run that does not learn as it should, and what a change that was tried did."""

from __future__ import annotations

import dataclasses

import streamlit as st

from dashboard import session
from dashboard.components import say
from dashboard.components.training.curves import verdict
from dashboard.runs import CurveSource, change_of
from dashboard.wording import training
from models.training import launcher, runs
from models.training.effect import Effect, repetitions
from models.training.remedies import Remedy
from models.training.runs import Run

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
