"""Compare: what became of each layer, from one set of weights to the other."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.charts.weights import changes as charts
from dashboard.charts.weights import ridge
from dashboard.components import compare, example, figure, say
from dashboard.components.figure import SAVABLE
from dashboard.components.look import load_any
from dashboard.components.palette import categories
from dashboard.components.wait import wait
from dashboard.components.weights.subject import (
    WeightsSubject,
    current_tensor,
    of_file,
    of_network,
    page_bounds,
    segments,
    summarise,
    tensor_picker,
    tensor_table,
)
from dashboard.inspection.weights.comparison import BARELY, ELSEWHERE, TRAINED, unit_changes
from dashboard.parameters import OTHER_TENSORS, ROLE, ROWS, SCALE
from dashboard.records.weights import CHANGE_VERDICTS, ROLES, Change, ChangeVerdict, Comparison
from dashboard.results import weights as results
from dashboard.view import View
from dashboard.wording.numbers import percent
from dashboard.wording.weights import change_sentence, comparison_headline, nothing_beside, shape
from models.networks import find_network
from models.runtime.errors import UserError
from models.training import as_networks as checkpoints
from models.training import runs

# So many are whole on the first screen.
MOST_ROWS = 15
NAMES_SHOWN = 20
# What each verdict is drawn in: place among the theme's categories.
COLOURS: dict[ChangeVerdict, int] = dict(zip(CHANGE_VERDICTS, (7, 6, 5, 0, 1), strict=True))


def draw(subject: WeightsSubject, top: DeltaGenerator) -> None:
    """The view; its finding goes to the top."""
    other = _other(subject)
    if other is None:
        top.header(say.plain(nothing_beside(subject.title)))
        st.caption(
            "Choose what to compare with under **Compare**: a network of the same kind, or a file of your own."
        )
        if subject.view is not None:
            run = runs.examples()[-1]
            example.draw(subject.view, _example, checkpoints.address(run, run.checkpoints().all[-1]))
        return
    result = wait(results.comparison(subject.of, other.weights))
    top.header(say.plain(comparison_headline(subject.title, result, other.title)))
    _missing(result)
    roles = {role: f"{title} ({len(result.of(role))})" for role, title in ROLES.items() if result.of(role)}
    if not roles:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        changes = result.of(segments("Tensors", ROLE, roles))
        first, behind = page_bounds(ROWS, len(changes), MOST_ROWS, "Tensors shown")
    current = current_tensor(subject, [change.facts for change in changes])
    name = current.name if current else None
    _chart(changes[first:behind], name)
    st.caption(
        f"Frozen: not one number differs. Rounded: explained by the number format. Barely trained: below "
        f"{percent(BARELY)}. Rewritten: {percent(TRAINED)} and more, or a cosine of at most {ELSEWHERE:g}."
    )
    _one(subject, other, changes)
    _table(subject, changes, name)


def _other(subject: WeightsSubject) -> WeightsSubject | None:
    """The weights that are compared with; None where there are none, or they cannot be had, which is said."""
    name = compare.weights_beside(subject.selection)
    try:
        is_file = OTHER_TENSORS.text(subject.selection.parameters) is not None
        return None if name is None else _load(name, subject, is_file=is_file)
    except UserError as refusal:
        say.problem(str(refusal))
        return None


def _load(name: str, subject: WeightsSubject, *, is_file: bool) -> WeightsSubject:
    """The weights of a file or a network. Raises UserError if they cannot be had."""
    if is_file:
        return of_file(name, subject.selection)
    network = load_any(find_network(name))
    return WeightsSubject(network.weights.effective, network.title, subject.selection)


def _chart(changes: Sequence[Change], chosen: str | None = None) -> None:
    palette = categories()
    figure.draw(
        charts.changes(
            changes, {verdict: palette[place] for verdict, place in COLOURS.items()}, chosen=chosen
        ),
        key="changes",
        alt=f"How far each of {len(changes)} tensors moved",
        config=SAVABLE,
    )


def _example(view: View) -> None:
    """How far the weights of a run moved since its first checkpoint, which is the closest relative of its last."""
    subject = of_network(view)
    first = _load(compare.relatives(view.model)[0], subject, is_file=False)
    result = wait(results.comparison(subject.of, first.weights))
    st.header(say.plain(comparison_headline(subject.title, result, first.title)))
    _chart(result.of("weight"))


def _missing(result: Comparison) -> None:
    """What only one of both has."""
    shapes = [
        f"{name} ({' x '.join(map(str, own))} against {' x '.join(map(str, other))})"
        for name, own, other in result.reshaped
    ]
    for names, what in (
        (result.added, "only here"),
        (result.removed, "only in the other"),
        (shapes, "of another shape there"),
    ):
        if names:
            rest = f" and {len(names) - NAMES_SHOWN:,} more" if len(names) > NAMES_SHOWN else ""
            with st.expander(f"{len(names):,} tensors are {what}", icon=":material/difference:"):
                st.markdown(say.plain(", ".join(names[:NAMES_SHOWN]) + rest))


def _one(subject: WeightsSubject, other: WeightsSubject, changes: Sequence[Change]) -> None:
    """The chosen tensor: both histograms, and the units that moved most."""
    current = tensor_picker(subject, [change.facts for change in changes])
    assert current is not None
    own, before = summarise(subject).find(current.name), summarise(other).find(current.name)
    assert own is not None and before is not None
    change = next(change for change in changes if change.facts.name == current.name)
    scale = segments("Axis", SCALE, ridge.SCALES)
    left, right = st.columns(2, gap="large")
    with left:
        if len(own.histogram.counts) and len(before.histogram.counts):
            figure.draw(
                ridge.overlay_histograms(
                    {subject.title: own.histogram, other.title: before.histogram},
                    categories(),
                    scale=scale,
                    marks={},
                ),
                key="overlaid",
                alt=f"Histograms of {current.name} in both",
                config=SAVABLE,
            )
    with right:
        st.markdown(say.plain(change_sentence(change)))
        if len(current.shape) and current.shape[0] > 1 and current.dtype.startswith(("float", "bfloat")):
            moved = unit_changes(subject.weights.tensors[current.name], other.weights.tensors[current.name])
            figure.draw(
                charts.units(moved, categories()[COLOURS[change.verdict]]),
                key="units",
                alt="The units that moved most",
                config=SAVABLE,
            )
            st.caption("The units that moved most, each relative to its own norm before.")


def _table(subject: WeightsSubject, changes: Sequence[Change], current: str | None) -> None:
    columns: dict[str, list[object]] = {
        "Tensor": [change.facts.name for change in changes],
        "Kind": [change.facts.kind for change in changes],
        "Shape": [shape(change.facts) for change in changes],
        "Change": [change.relative for change in changes],
        "Cosine": [change.cosine for change in changes],
        "Largest": [change.largest for change in changes],
        "In a word": [change.verdict for change in changes],
    }
    tensor_table(
        subject,
        columns,
        current,
        name="changes",
        config={
            "Change": st.column_config.NumberColumn(format="percent"),
            "Cosine": st.column_config.NumberColumn(format="%.4f"),
            "Largest": st.column_config.NumberColumn(format="%.3g"),
        },
        alt="Change of every tensor",
    )
