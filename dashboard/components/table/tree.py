"""A tree that asks about columns, and how well it imitates the network."""

from __future__ import annotations

import streamlit as st

from dashboard.charts.palette import CLASSES
from dashboard.charts.surrogate.drawing import tree_figure
from dashboard.components import figure, say
from dashboard.components.figure import SAVABLE
from dashboard.components.palette import ink
from dashboard.components.surrogate import dial
from dashboard.components.wait import wait, wait_unless_stopped
from dashboard.results import table_rows as results
from dashboard.results.table import TableSubject
from dashboard.wording import surrogate as wording

# Pixels of the curve beside the row, where headlines are tall.
CURVE = 320


def draw(subject: TableSubject) -> None:
    """What the tree is worth, its drawing with this row's way, and that way in words."""
    classifier = subject.classifier
    if reason := wait(results.tree_refusal(classifier)):
        say.note(reason)
        return
    surrogate = wait_unless_stopped(results.tree(classifier))
    if surrogate is None:
        return
    depth, values = dial.depth(surrogate), results.features(subject)
    st.subheader(
        say.plain(wording.headline(classifier.title, surrogate, depth, classifier.classes, things="rows"))
    )
    dial.draw(surrogate, depth, things="rows", height=CURVE)
    nodes = surrogate.tree.walk(values[None])[0]
    path = list(dict.fromkeys(int(node) for node in nodes[: depth + 1]))
    figure.draw(
        tree_figure(surrogate.tree, depth, path, classifier.classes, CLASSES, ink()),
        key="table-tree",
        alt=f"Decision tree of {surrogate.tree.leaves(depth)} leaves, with the way of this row",
        config=SAVABLE,
    )
    rules = wording.steps(surrogate.tree, path, values.tolist(), classifier.classes, things="rows")
    st.markdown("\n".join(f"{number}. {say.plain(rule)}" for number, rule in enumerate(rules, 1)))
    outcome = wording.outcome(
        surrogate, depth, path[-1], subject.prediction.winner, classifier.classes, thing="row"
    )
    st.markdown(f"**{say.plain(outcome)}**")
    st.caption(
        "At each node a bar with the shares of the network's answers. The orange line is this row's way."
    )
