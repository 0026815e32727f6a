"""Where tree and network agree and where they differ, what it was made from, and what to take away."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard import cache
from dashboard.charts import maps
from dashboard.charts.surrogate import fidelity as charts
from dashboard.charts.surrogate import rules
from dashboard.components import cards, figure, say, tables
from dashboard.inspection.passes.pool import Item
from dashboard.inspection.surrogate.tree import FEWEST_IN_A_LEAF, SEED, class_agreements, disagreements
from dashboard.records.surrogate import Surrogate
from dashboard.results.surrogate import Imitation
from dashboard.wording.numbers import duration
from dashboard.wording.surrogate import limit
from models.datasets.names import PHOTOS
from models.runtime.errors import UserError

SHOWN = 12


def agreement(surrogate: Surrogate, depth: int, subject: Imitation) -> None:
    """Agreement on each answer of the network."""
    classes, rows = subject.view.classifier.classes, class_agreements(surrogate, depth)
    st.subheader("Agreement by answer of the network")
    figure.draw(
        charts.by_class(rows, classes),
        key="by-class",
        alt="Share of the pictures held out on which the tree agrees, for each answer of the network",
    )
    if len(rows) > charts.MOST_CLASSES:
        st.caption(f"The {charts.MOST_CLASSES} commonest of {len(rows):,} answers; the table has them all.")
    tables.take_away(
        {
            "Answer of the network": [classes[row.answer] for row in rows],
            "Pictures held out": [row.pictures for row in rows],
            "Tree agrees": [row.agreed for row in rows],
            "Tree says instead": ["" if row.instead is None else classes[row.instead] for row in rows],
        },
        "tree-agreement",
        "agreement-csv",
        of=subject.view.classifier.key,
    )


def gallery(surrogate: Surrogate, depth: int, subject: Imitation) -> None:
    """Pictures held out on which they differ, the surest of the tree first, each a step from its attribution."""
    differ = disagreements(surrogate, depth)
    st.subheader("Where they differ")
    if not len(differ):
        st.caption(f"Nowhere: on all {surrogate.held_out:,} pictures held out the two give the same answer.")
        return
    says, readings, classes = surrogate.says(depth), surrogate.readings, subject.view.classifier.classes
    st.caption(
        f"{len(differ):,} of {surrogate.held_out:,} pictures held out; those come first on which the tree is surest."
    )
    with st.container(horizontal=True, gap="small", key="differ"):
        for number, place in enumerate(int(index) for index in differ[:SHOWN]):
            item, label = subject.sample.pool.items[readings.numbers[place]], int(readings.labels[place])
            answers = {"Tree": classes[says[place]], "Network": classes[readings.answers[place]]}
            if label >= 0:
                answers["Label"] = classes[label]
            lines = [f"{who}: {what}" for who, what in answers.items()]
            cards.card(
                _picture(subject, item, readings.pictures[place]),
                [item.title, *lines],
                address=item.address,
                alt=f"{item.title}; {', '.join(lines)}",
                key=f"differ-{number}",
            )


def _picture(subject: Imitation, item: Item, small: np.ndarray) -> bytes:
    if subject.view.model.fits == PHOTOS:
        try:
            return cache.thumbnail(item.address)
        except UserError:  # it is gone since it was read
            pass
    return maps.input_picture(np.broadcast_to(small, (*small.shape[:2], 3)))


def fine_print(surrogate: Surrogate, depth: int, subject: Imitation) -> None:
    """How it is made and measured, and the tree to take away."""
    classes, readings = subject.view.classifier.classes, surrogate.readings
    with st.expander("How this is made, and the tree to take away", icon=":material/menu_book:"):
        st.markdown(
            say.plain(
                f"scikit-learn grows the tree on the network's answers to {surrogate.grown:,} pictures, never on their "
                f"labels, and {surrogate.held_out:,} other pictures measure it: {subject.sample.pool.title}. It asks "
                f"about {subject.kind.says}. Each question is the one that parts the answers best (Gini impurity), a "
                f"leaf stands for at least {FEWEST_IN_A_LEAF} pictures, and the seed is {SEED}. A tree explains the "
                f"network from {limit()} on: below that "
                "its rules are not the network's."
            )
        )
        st.markdown(
            "[Craven and Shavlik 1996, trees from trained networks]"
            "(https://proceedings.neurips.cc/paper/1995/hash/45f31d16b1058d586fc3be7207b58053-Abstract.html)"
        )
        st.caption(
            f"The network read the pictures in {duration(readings.seconds)}; the tree grew in "
            f"{duration(surrogate.seconds)}."
        )
        with st.container(horizontal=True):
            st.download_button(
                "Rules (text)",
                lambda: rules.rules_text(surrogate.tree, depth, classes),
                f"tree-rules-{subject.view.classifier.key.short}.txt",
                "text/plain",
                key="rules",
                icon=":material/download:",
                on_click="ignore",
                help="The tree of this depth in the form of scikit-learn's export_text.",
            )
            tables.take_away(
                rules.node_table(surrogate.tree, depth, classes),
                "tree-nodes",
                "nodes-csv",
                of=subject.view.classifier.key,
            )
        st.caption("The button at the corner of the drawing saves it as PNG.")
