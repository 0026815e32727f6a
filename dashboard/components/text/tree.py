"""A tree that asks which words stand in a text, and how well it imitates the network."""

from __future__ import annotations

import streamlit as st

from dashboard.charts.palette import CLASSES
from dashboard.charts.surrogate.drawing import tree_figure
from dashboard.components import figure, say
from dashboard.components.figure import SAVABLE
from dashboard.components.palette import ink
from dashboard.components.surrogate import dial
from dashboard.components.wait import wait, wait_unless_stopped
from dashboard.inspection.text.surrogate import word_counts
from dashboard.results import text as results
from dashboard.results.text import TextPool, TextSubject
from dashboard.wording import surrogate as wording
from models.text import TEXT_SETS


def draw(subject: TextSubject) -> None:
    """What the tree is worth, its drawing with this text's way, and that way in words."""
    classifier, labelled = subject.classifier, TEXT_SETS[subject.classifier.fits]
    features = wait_unless_stopped(results.features(classifier, labelled))
    if features is None:
        return
    pool = TextPool.of(labelled)
    if reason := results.tree_refusal(classifier, pool, features):
        say.note(reason)
        return
    surrogate = wait(results.tree(classifier, pool, features))
    depth = dial.depth(surrogate)
    st.subheader(
        say.plain(wording.headline(classifier.title, surrogate, depth, classifier.classes, things="texts"))
    )
    dial.draw(surrogate, depth, things="texts")
    path = list(dict.fromkeys(int(node) for node in results.path(subject, surrogate)[: depth + 1]))
    figure.draw(
        tree_figure(surrogate.tree, depth, path, classifier.classes, CLASSES, ink()),
        key="text-tree",
        alt=f"Decision tree of {surrogate.tree.leaves(depth)} leaves, with the way of this text",
        config=SAVABLE,
    )
    values = word_counts([subject.tokens], classifier.tokenizer).values[0]
    rules = wording.steps(surrogate.tree, path, values, classifier.classes, things="texts")
    st.markdown("\n".join(f"{number}. {say.plain(rule)}" for number, rule in enumerate(rules, 1)))
    outcome = wording.outcome(
        surrogate, depth, path[-1], subject.prediction.winner, classifier.classes, thing="text"
    )
    st.markdown(f"**{say.plain(outcome)}**")
    st.caption(
        "At each node a bar with the shares of the network's answers. The orange line is this text's way."
    )
