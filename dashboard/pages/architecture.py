"""Architecture: how the network is built, what each layer costs, and what it computes."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.components import black_box, say
from dashboard.components.architecture import chosen_layer, costs, other_kind
from dashboard.components.architecture import graph as network_graph
from dashboard.components.look import find_view
from dashboard.wording.architecture import Ledger, headline

selection = session.visit().selection
view = find_view(selection)
if view is None:
    other_kind.draw(selection)
elif view.classifier.sealed:
    black_box.draw(view)
else:
    architecture = network_graph.trace(view)

    heading = st.empty()
    heading.header(say.plain(headline(view.model.title, Ledger(architecture))))
    # The picture of what the headline says; the graph of a deep network is longer than a screen.
    shares = st.empty()
    with shares.container():
        costs.depth(Ledger(architecture))
    early = network_graph.needs_times()
    timing = costs.wait_for_timing(view) if early else costs.kept_timing(view)
    drawing, layer = st.columns([3, 2], gap="large")
    with drawing:
        network_graph.draw(view, Ledger(architecture, timing))
    with layer:
        chosen_layer.panel(view, architecture)
        sums = st.container()

    ledger = Ledger(architecture, timing or (None if early else costs.wait_for_timing(view)))
    heading.header(say.plain(headline(view.model.title, ledger)))
    with sums:
        costs.totals(ledger)
    with shares.container():
        costs.depth(ledger)
    costs.table(view, ledger)
    costs.never_called(architecture)
    costs.fine_print(ledger)
