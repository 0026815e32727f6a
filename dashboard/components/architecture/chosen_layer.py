"""The chosen layer: what it computes, with its real sizes."""

from __future__ import annotations

import streamlit as st

from dashboard.charts.architecture.boxes import shape_text
from dashboard.charts.architecture.formulas import formula
from dashboard.components import layers, say
from dashboard.records.architecture import Architecture, TracedCall
from dashboard.view import View
from dashboard.wording.numbers import memory, si


def layer_call(view: View, architecture: Architecture) -> TracedCall:
    """The chosen layer, or the one with the most parameters; the network itself where it has no layers."""
    chosen = architecture.find(view.selection.layer) if view.selection.layer else None
    calls = [call for call in architecture.calls if call.name]
    return chosen or max(calls, key=lambda call: call.parameters, default=architecture.calls[-1])


def panel(view: View, architecture: Architecture) -> None:
    """Its choice, formula and facts."""
    call = layer_call(view, architecture)
    layers.picker(view, call.name)
    st.subheader(say.plain(f"{call.name}: {call.kind}" if call.name else call.kind))
    text = formula(architecture, call)
    for line in text.lines:
        st.latex(line)
    for sentence in text.sentences:
        st.markdown(say.plain(sentence))
    st.caption(say.plain(" · ".join(_facts(architecture, call))))


def _facts(architecture: Architecture, call: TracedCall) -> list[str]:
    inside = architecture.inside(call.name)
    read = " and ".join(shape_text(shape) for shape in call.inputs) or "nothing"
    facts = [
        f"reads {read}",
        f"gives {shape_text(call.shape)} ({call.dtype})",
        f"{si(sum(inner.parameters for inner in inside))} parameters",
        f"{si(sum(inner.flops for inner in inside))} FLOPs",
        f"writes {memory(sum(inner.memory for inner in inside))}",
    ]
    if call.receptive_field is not None:
        height, width = call.receptive_field
        beyond = height > architecture.input_shape[1] and width > architecture.input_shape[2]
        more = ", more than the photo has" if beyond else " of the photo"
        facts.append(f"each output sees {height:,} x {width:,} pixels{more}")
    return facts
