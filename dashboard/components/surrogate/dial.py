"""The depth of the tree, and beside it how well a tree of that depth imitates the network."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.charts.surrogate import fidelity as charts
from dashboard.components import figure, key_figures, say
from dashboard.components.key_figures import KeyFigure
from dashboard.components.palette import categories, ink
from dashboard.inspection.passes.pool import FEW
from dashboard.inspection.surrogate import verdict
from dashboard.parameters import DEPTH
from dashboard.records.surrogate import DEEPEST, Surrogate
from dashboard.wording.numbers import percent
from dashboard.wording.surrogate import limit, shortfall


def depth(surrogate: Surrogate) -> int:
    """The depth of the address, or the knee of the curve."""
    default = verdict.knee(surrogate)
    text, number = DEPTH.text(session.settings()), DEPTH.parse(session.settings())
    if number is not None and 1 <= number <= DEEPEST:
        return number
    if text is not None:
        say.warning(f"A depth is a number from 1 to {DEEPEST}, not {text!r}; {default} is shown.")
    return default


def draw(surrogate: Surrogate, depth: int, *, things: str = "pictures", height: int = charts.HEIGHT) -> None:
    """The dial with its numbers, and the curve over all depths.

    Args:
        surrogate: the tree.
        depth: at which it is cut.
        things: what the network reads.
        height: of the curve, in pixels.
    """
    fidelity, nothing = surrogate.fidelity[depth], surrogate.fidelity[0]
    low, high = verdict.margin(fidelity.held_out, surrogate.held_out)
    if surrogate.held_out < FEW:
        say.note(
            f"{surrogate.held_out} {things} held out: a hint, not a statistic. Of all such {things} the fidelity lies "
            f"between {percent(low)} and {percent(high)}."
        )
    dial, curve = st.columns([2, 3], gap="large")
    with dial:
        st.slider(
            "Depth: questions the tree may ask",
            1,
            DEEPEST,
            key=session.control("depth", depth),
            on_change=lambda: session.choose_parameter(DEPTH, session.entry("depth")),
            help="A deeper tree imitates better and is harder to read. Without a choice it is the knee of the "
            "curve: behind it, more questions bring less.",
        )
        key_figures.draw(
            KeyFigure(
                "Fidelity",
                percent(fidelity.held_out),
                f"Share of {surrogate.held_out:,} {things} held out to which tree and network give the same answer. "
                f"Of all such {things} it lies between {percent(low)} and {percent(high)}, with 95 % confidence.",
            ),
            KeyFigure(
                "Always one class",
                percent(nothing.held_out),
                "The same share for the network's commonest answer, given every time: no tree at all.",
            ),
            KeyFigure(
                "Beyond chance",
                f"{fidelity.kappa:.2f}",
                "Cohen's kappa: 0 where tree and network agree as often as two who name the same classes equally "
                "often by chance, 1 where they always agree.",
            ),
            KeyFigure("Leaves", f"{fidelity.leaves:,}", "Rules: ways from the root to an answer."),
            *_by_the_labels(fidelity.right, surrogate.network_right, things),
        )
    with curve:
        over_depth(surrogate, depth, height)
    _verdict(surrogate, depth)


def over_depth(surrogate: Surrogate, depth: int, height: int = charts.HEIGHT) -> None:
    """The curve over all depths, with the one that is looked at."""
    share = percent(surrogate.fidelity[depth].held_out)
    figure.draw(
        charts.over_depth(surrogate.fidelity, depth, verdict.FAITHFUL, categories(), ink(), height=height),
        key="fidelity",
        alt=f"Agreement of tree and network over the depth; {share} at depth {depth}",
    )


def _by_the_labels(tree: float | None, network: float | None, things: str) -> list[KeyFigure]:
    """How often both are right, where labels tell."""
    if tree is None or network is None:
        return []
    text = f"By the labels, on the {things} held out. The tree never saw a label."
    return [
        KeyFigure("Tree is right", percent(tree), text),
        KeyFigure("Network is right", percent(network), f"By the labels, on the same {things}."),
    ]


def _verdict(surrogate: Surrogate, depth: int) -> None:
    """What the tree is worth at that depth, with the limit that decides."""
    sentence = shortfall(surrogate, depth)
    if sentence:
        say.warning(sentence)
    else:
        st.markdown(f":material/check_circle: **Explains**: it reaches {limit()}.")
