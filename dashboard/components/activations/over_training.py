"""Over training: which run is followed, from checkpoint to checkpoint."""

from __future__ import annotations

import streamlit as st

from dashboard.components import example, say
from dashboard.components.activations import film
from dashboard.components.wait import wait
from dashboard.results import activations as results
from dashboard.view import View
from dashboard.wording import learning
from models.runtime.errors import UserError
from models.training import as_networks as checkpoints
from models.training import runs
from models.training.runs import Run, names

# Runs that are offered where the network is none.
OFFERED = 6


def draw(view: View) -> None:
    """The view; that of an example where the network is no run."""
    match = checkpoints.ADDRESS.fullmatch(view.model.name)
    if match is None:
        _no_run(view)
        return
    try:
        run = runs.find(match[1])
    except UserError as refusal:  # deleted since the page began
        say.warning(str(refusal))
        _no_run(view)
        return
    _film(view, run)


def _film(view: View, run: Run, *, chooses: bool = True) -> None:
    call = view.layer
    if call is None:
        say.note("No layer of this network puts out one tensor, so there is nothing to follow here.")
        return
    history = wait(results.learning(view, run, run.checkpoints().all, call))
    if history is None:
        st.header(say.plain(f"Nothing of {names.title(run)} could be read."))
        say.note("A run of ours keeps a checkpoint after each epoch; they show up here.")
        return
    st.header(say.plain(learning.headline(history, view.target, names.title(run))))
    say.warning(*history.problems)
    film.draw(view, history, run, chooses=chooses)


def _no_run(view: View) -> None:
    st.header(say.plain(learning.no_film(view.model.title)))
    offered = _runs_to_offer()
    # The film comes first, and what it takes to make one of one's own below.
    example.draw(view, _example, checkpoints.address(runs.examples()[0]))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("A run keeps a checkpoint after each epoch. Follow one:")
        for number, run in enumerate(offered):
            st.button(
                say.plain(names.title(run)),
                key=f"run-{number}",
                icon=":material/movie:",
                on_click=film.look_at,
                args=(checkpoints.address(run),),
            )


def _example(view: View) -> None:
    match = checkpoints.ADDRESS.fullmatch(view.model.name)
    assert match is not None
    _film(view, runs.find(match[1]), chooses=False)


def _runs_to_offer() -> list[Run]:
    """The newest own runs that keep checkpoints, and the examples."""
    own = [run for run in runs.listing().runs if run.checkpoints().all]
    examples = list(runs.examples())
    return [*own[: max(0, OFFERED - len(examples))], *examples]
