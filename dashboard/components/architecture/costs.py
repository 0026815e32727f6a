"""What the layers cost on the page: totals, shares along the depth, and a table of all layers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from dashboard import session
from dashboard.charts.architecture.boxes import shape_text
from dashboard.charts.architecture.stages import stage_bars
from dashboard.components import figure, key_figures, say, tables
from dashboard.components.key_figures import KeyFigure
from dashboard.components.palette import categories
from dashboard.components.wait import wait, wait_unless_stopped
from dashboard.records.architecture import Architecture, Timing, TracedCall
from dashboard.results import network
from dashboard.view import View
from dashboard.wording.architecture import (
    OUTSIDE_TITLE,
    Ledger,
    basis,
    brief,
    is_noisy,
    kind,
    makeup,
    sheet,
    stage_shares,
)
from dashboard.wording.numbers import memory, shape, si


def wait_for_timing(view: View) -> Timing | None:
    """The times of all layers, with progress meanwhile; None where the visitor stopped it."""
    return wait_unless_stopped(network.timing(view), again="Time the layers")


def kept_timing(view: View) -> Timing | None:
    """The times of all layers where they were measured already."""
    timing = network.timing(view)
    return wait(timing) if timing.is_kept else None


def totals(ledger: Ledger) -> None:
    """A row of numbers."""
    architecture, timing = ledger.architecture, ledger.timing
    key_figures.draw(
        KeyFigure("Parameters", si(architecture.parameters), f"{architecture.parameters:,} numbers"),
        KeyFigure(
            "FLOPs per image",
            si(architecture.flops),
            "Convolutions and matrix products only; a multiplication and its addition are two.",
        ),
        KeyFigure("Weights", memory(architecture.bytes), "Memory of parameters and buffers"),
        KeyFigure(
            "Activations",
            memory(architecture.memory),
            "Memory of all that the layers write for one picture, if nothing is written in place or thrown away.",
        ),
        None if timing is None else KeyFigure("Time per image", brief(timing.bare), basis(timing)),
    )
    st.caption(makeup(architecture))


def _noise(timing: Timing) -> None:
    """How far the times can be trusted."""
    busy = " The machine is busy with other work: take them as rough."
    st.caption(f":material/warning: {basis(timing)}{busy}" if is_noisy(timing) else basis(timing))


def depth(ledger: Ledger) -> None:
    """The picture of where the costs lie along the depth."""
    names, shares = stage_shares(ledger)
    st.subheader("Where the costs lie")
    figure.draw(
        stage_bars(names, shares, categories()),
        key="stages" if ledger.timing is None else "stages-timed",
        alt="Shares of parameters, FLOPs, activations and time of each stage, from the photo to the classes",
    )
    if ledger.timing is not None:
        _noise(ledger.timing)


def table(view: View, ledger: Ledger) -> None:
    """The table of all layers; a row chooses its layer on every page."""
    rows, shares, seconds = ledger.rows, ledger.shares(), ledger.seconds
    st.subheader("Every layer")
    columns: dict[str, list[object]] = {
        "Layer": [call.name or OUTSIDE_TITLE for call in rows],
        "Kind": [kind(call) for call in rows],
        "Output": [shape_text(call.shape) for call in rows],
        "Parameters": [call.parameters for call in rows],
        "Parameters, share": list(shares["Parameters"]),
        "FLOPs (M)": [call.flops / 1e6 for call in rows],
        "FLOPs, share": list(shares["FLOPs"]),
    }
    if seconds is not None:
        columns |= {"Time (ms)": list(1000 * seconds), "Time, share": list(shares["Time"])}
    columns |= {
        "Activations (kB)": [call.memory / 1000 for call in rows],
        "Sees (px)": ["" if call.receptive_field is None else shape(call.receptive_field) for call in rows],
        "Type": [call.dtype for call in rows],
    }
    chosen = view.selection.layer
    places = [place for place, call in enumerate(rows) if call.name == chosen and chosen]
    share = st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1)
    key = f"layers-{hash((view.model.identity, chosen)) & 0xFFFFFFFF:x}"
    st.dataframe(
        columns,
        hide_index=True,
        on_select=partial(tables.hand_on, key, partial(_choose_layer, view, rows)),
        selection_mode="single-row",
        selection_default={"selection": {"rows": places}} if places else None,
        key=key,
        column_config={name: share for name in columns if name.endswith(", share")}
        | {
            "Layer": st.column_config.TextColumn(pinned=True),
            "FLOPs (M)": st.column_config.NumberColumn(
                format="%.2f",
                help="Convolutions and matrix products; a multiplication and its addition are two.",
            ),
            "Time (ms)": st.column_config.NumberColumn(
                format="%.3f", help=None if ledger.timing is None else basis(ledger.timing)
            ),
            "Activations (kB)": st.column_config.NumberColumn(
                format="%.1f",
                help="What the layer writes for one picture; a view of its input writes nothing.",
            ),
            "Sees (px)": st.column_config.TextColumn(
                help="Receptive field: the part of the photo that one output reads. Empty where it reads all of it, as "
                "behind dense layers, attention and gates, or where it is not known."
            ),
        },
        alt=f"The layers of {view.model.title} and what each costs",
    )
    st.caption("Tick a row to choose that layer on every page. A click on a column's name sorts.")
    name = view.model.name.replace("/", "-").replace(":", "-")
    tables.take_away(sheet(ledger), f"{name}-layers", key="layers-csv", of=view.classifier.key)


def _choose_layer(view: View, rows: Sequence[TracedCall], place: int) -> None:
    """The layer of that row, where it is one that other pages can look at."""
    if place < len(rows) and view.survey.find(rows[place].name) is not None:
        session.choose(layer=rows[place].name, unit=None)


def never_called(architecture: Architecture) -> None:
    """What never ran, with the reason, one fold away."""
    if not architecture.skipped:
        return
    with st.expander(f"Never called: {len(architecture.skipped):,} layers", icon=":material/block:"):
        for layer in architecture.skipped:
            own = f", {si(layer.parameters)} parameters" if layer.parameters else ""
            st.markdown(
                f":gray[**{say.plain(layer.name)}** ({say.plain(layer.kind)}{own}): {say.plain(layer.reason)}]"
            )


def fine_print(ledger: Ledger) -> None:
    """How all this is counted and measured."""
    with st.expander("How this is counted and measured", icon=":material/menu_book:"):
        st.markdown(
            "One real forward pass on a private copy is followed tensor by tensor; lines of the drawing are what each "
            "step really read. FLOPs come from PyTorch's own formulas and count convolutions and matrix products; "
            "additions, norms and activations are left out. Parameters count at the layer that first reads them, "
            "shared ones once. Receptive fields are those of the picture without edges, carried along through "
            "branches and additions.\n\n"
            "Times are of one picture. A clock at the beginning and the end of every layer takes the time without the "
            "layers inside it; told are medians over the passes, scaled so that the rows add up to the median pass. "
            "Other work on this machine shows in them: compare shares rather than milliseconds."
        )
        if ledger.timing is not None:
            whole, bare = brief(ledger.timing.whole), brief(ledger.timing.bare)
            st.caption(f"With a clock at every layer a pass took {whole}, without any {bare}.")
