"""The tree, drawn, and the way of the chosen photo through it in words."""

from __future__ import annotations

import streamlit as st

from dashboard.charts import maps
from dashboard.charts.palette import CLASSES
from dashboard.charts.surrogate import drawing as charts
from dashboard.charts.surrogate.layout import READABLE
from dashboard.components import figure, say
from dashboard.components.figure import SAVABLE
from dashboard.components.palette import ink
from dashboard.components.picture import show
from dashboard.components.surrogate import subject as subjects
from dashboard.records.surrogate import Surrogate
from dashboard.results.surrogate import Imitation
from dashboard.wording import surrogate as findings

WIDTH = 160


def draw(surrogate: Surrogate, depth: int, subject: Imitation) -> None:
    """The drawing with the photo's way lit, and below it the way as numbered rules."""
    view = subject.view
    values = subject.kind.values(subjects.photo(subject))
    way = list(dict.fromkeys(int(node) for node in surrogate.tree.walk(values)[0, : depth + 1]))
    st.subheader("The tree")
    figure.draw(
        charts.tree_figure(surrogate.tree, depth, way, view.classifier.classes, CLASSES, ink()),
        key="tree",
        alt=f"Decision tree of {surrogate.tree.leaves(depth)} leaves, with the way of {view.picture.title}",
        config=SAVABLE,
    )
    folded = (
        ""
        if surrogate.tree.leaves(depth) <= READABLE
        else f"{surrogate.tree.leaves(depth):,} leaves are too many to read at once: drawn is the way of the chosen "
        "photo, and beside it each branch that it does not take. "
    )
    st.caption(
        folded
        + "At each node: the mean of the pictures that come there, and a bar with the shares of the network's "
        "answers to them. The orange line is the way of the chosen photo."
    )
    st.subheader(say.plain(f"The way of {view.picture.title}"))
    left, right = st.columns([1, 4], gap="large")
    with left:
        show(
            maps.input_picture(view.seen.crop),
            width=WIDTH,
            alt=f"{view.picture.title}, as the network sees it",
        )
    with right:
        rules = findings.steps(surrogate.tree, way, values[0], view.classifier.classes)
        st.markdown("\n".join(f"{number}. {say.plain(rule)}" for number, rule in enumerate(rules, 1)))
        outcome = findings.outcome(surrogate, depth, way[-1], view.prediction.winner, view.classifier.classes)
        st.markdown(f"**{say.plain(outcome)}**")
