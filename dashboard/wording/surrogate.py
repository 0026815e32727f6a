"""What a tree that imitates a network says, and what that is worth, in sentences."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from dashboard.inspection.surrogate import verdict
from dashboard.records.surrogate import DEEPEST, Surrogate, Tree
from dashboard.wording.numbers import level, percent

# Where no depth explains the network, the tree that can be read at once is shown.
READABLE_DEPTH = 3


def usual_depth(found: Surrogate) -> int:
    """The least depth at which the tree explains the network, or one that can be read."""
    return verdict.shallowest(found) or READABLE_DEPTH


def headline(found: Surrogate, depth: int, classes: tuple[str, ...]) -> str:
    """How often the two agree, against what costs nothing."""
    one, nothing = found.fidelity[depth], found.fidelity[0]
    always = classes[int(found.tree.answers(found.nodes[:1, 0])[0])]
    questions = "one question" if depth == 1 else f"at most {depth} questions"
    agrees = (
        f"a tree of {questions} answers like the network for {percent(one.held_out)} of {found.held_out:,} "
        f"pictures held out; always naming {always} would for {percent(nothing.held_out)}."
    )
    if verdict.explains(one):
        return agrees[0].upper() + agrees[1:]
    return f"This tree does not explain the network: {agrees}"


def shortfall(found: Surrogate, depth: int) -> str:
    """Why the tree of a depth does not explain the network, and which depth does; empty where it explains."""
    if verdict.explains(found.fidelity[depth]):
        return ""
    least = verdict.shallowest(found)
    best = max(found.fidelity, key=lambda one: one.held_out)
    other = (
        f"A tree of depth {least} does."
        if least is not None
        else f"No tree up to depth {DEEPEST} does with these features; the best reaches {percent(best.held_out)}."
    )
    return f"Its rules are not the network's: it takes {limit()} to explain. {other}"


def limit() -> str:
    """From where on a tree explains."""
    return f"a fidelity of {percent(verdict.FAITHFUL)} and {verdict.SUBSTANTIAL:g} beyond chance (kappa)"


def steps(tree: Tree, way: Sequence[int], values: Sequence[float], classes: Sequence[str]) -> list[str]:
    """A way through the tree as rules in words.

    Args:
        tree: the tree.
        way: nodes, from the root on.
        values: (F,) of the photo.
        classes: names by class index.
    """
    said = []
    for node, onward in itertools.pairwise(way):
        name, threshold = tree.names[tree.feature[node]], float(tree.threshold[node])
        value, limit = (level(number, tree.decimals) for number in (values[tree.feature[node]], threshold))
        side = "not above" if onward == tree.left[node] else "above"
        counts = tree.counts[onward]
        commonest = classes[int(tree.classes[counts.argmax()])]
        said.append(
            f"{name} is {value}, {side} {limit}: {counts.sum():,} pictures are left, and the network "
            f"calls {percent(counts.max() / counts.sum())} of them {commonest}"
        )
    return said


def outcome(found: Surrogate, depth: int, end: int, winner: int, classes: Sequence[str]) -> str:
    """Where a photo's way ends, against what the network says.

    Args:
        found: the tree.
        depth: at which it is cut.
        end: the node where the way ends.
        winner: class index of the network's answer.
        classes: names by class index.
    """
    says = int(found.tree.classes[found.tree.counts[end].argmax()])
    if says != winner:
        return (
            f"The tree says {classes[says]}, the network {classes[winner]}: on this photo the rules are not the "
            "network's."
        )
    worth = (
        "" if verdict.explains(found.fidelity[depth]) else ", though this tree does not explain it elsewhere"
    )
    return f"The tree says {classes[says]}, and so does the network{worth}."
