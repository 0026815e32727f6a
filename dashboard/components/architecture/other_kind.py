"""The layers of a network that reads no pictures: what each gives and costs."""

from __future__ import annotations

import streamlit as st

from dashboard import cache
from dashboard.charts.architecture.boxes import shape_text
from dashboard.components import say, tables
from dashboard.components.architecture import costs
from dashboard.components.look import load_any
from dashboard.selection import Selection
from dashboard.wording.architecture import OUTSIDE_TITLE, Ledger, headline, kind, sheet
from models.kinds import KINDS
from models.networks import find_network


def draw(selection: Selection) -> None:
    """Where its parameters lie, and a table of its layers."""
    entry = find_network(selection.model)
    network = load_any(entry)
    ledger = Ledger(cache.other_architecture(network))
    st.header(say.plain(headline(entry.title, ledger)))
    costs.depth(ledger)
    st.subheader("Every layer")
    columns: dict[str, list[object]] = {
        "Layer": [call.name or OUTSIDE_TITLE for call in ledger.rows],
        "Kind": [kind(call) for call in ledger.rows],
        "Output": [shape_text(call.shape) for call in ledger.rows],
        "Parameters": [call.parameters for call in ledger.rows],
        "FLOPs": [call.flops for call in ledger.rows],
    }
    st.dataframe(
        columns, hide_index=True, key="layers", alt=f"The layers of {entry.title} and what each costs"
    )
    read = KINDS[entry.reads]
    st.caption(f"Shapes and costs are those of {read.one}{read.size}.")
    tables.take_away(
        sheet(ledger), f"{entry.name.replace(':', '-')}-layers", key="layers-csv", of=network.key
    )
