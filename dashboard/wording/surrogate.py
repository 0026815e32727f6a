"""What a tree that imitates a network says, and what that is worth, in sentences."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from dashboard.inspection.surrogate import verdict
from dashboard.records.surrogate import DEEPEST, Surrogate, Tree
from dashboard.wording.numbers import level, percent, short_title


def headline(
    title: str, surrogate: Surrogate, depth: int, classes: tuple[str, ...], *, things: str = "pictures"
) -> str:
    """How often tree and network agree, on which answer least, against what costs nothing.

    Args:
        title: of the network.
        surrogate: the tree.
        depth: at which it is cut.
        classes: names by class index.
        things: what the network reads.
    """
    fidelity, nothing = surrogate.fidelity[depth], surrogate.fidelity[0]
    always = classes[int(surrogate.tree.answers(surrogate.nodes[:1, 0])[0])]
    name, worst, fails = short_title(title), fidelity.worst, not verdict.explains(fidelity)
    least = (
        ""
        if worst is None or worst.agreed == worst.pictures
        else f", least for those it calls {classes[worst.answer]} ({percent(worst.share)})"
    )
    questions = "one question" if depth == 1 else f"at most {depth} questions"
    agrees = (
        f"a tree of {questions} answers like {'it' if fails else name} for {percent(fidelity.held_out)} of "
        f"{surrogate.held_out:,} {things} held out{least}; always naming {always} would for "
        f"{percent(nothing.held_out)}."
    )
    if not fails:
        return agrees[0].upper() + agrees[1:]
    return f"This tree does not explain {name}: {agrees}"


def shortfall(surrogate: Surrogate, depth: int) -> str:
    """Why the tree of a depth does not explain the network, and which depth does; empty where it explains."""
    if verdict.explains(surrogate.fidelity[depth]):
        return ""
    least = verdict.shallowest(surrogate)
    best = max(surrogate.fidelity, key=lambda fidelity: fidelity.held_out)
    other = (
        f"A tree of depth {least} does."
        if least is not None
        else f"No tree up to depth {DEEPEST} does with these features; the best reaches {percent(best.held_out)}."
    )
    return f"Its rules are not the network's: it takes {limit()} to explain. {other}"


def limit() -> str:
    """From where on a tree explains."""
    return (
        f"a fidelity of {percent(verdict.FAITHFUL)} and {verdict.SUBSTANTIAL:g} beyond chance (kappa), and of at least "
        f"{percent(verdict.EVERY_ANSWER)} for each answer"
    )


def steps(
    tree: Tree,
    path: Sequence[int],
    values: Sequence[float],
    classes: Sequence[str],
    *,
    things: str = "pictures",
) -> list[str]:
    """A way through the tree as rules in words.

    Args:
        tree: the tree.
        path: nodes, from the root on.
        values: (F,) of what goes that way.
        classes: names by class index.
        things: what the network reads.
    """
    rules = []
    for node, onward in itertools.pairwise(path):
        name, threshold = tree.names[tree.feature[node]], float(tree.threshold[node])
        value, limit = (level(number, tree.decimals) for number in (values[tree.feature[node]], threshold))
        side = "not above" if onward == tree.left[node] else "above"
        counts = tree.counts[onward]
        commonest = classes[int(tree.classes[counts.argmax()])]
        rules.append(
            f"{name} is {value}, {side} {limit}: {counts.sum():,} {things} are left, and the network "
            f"calls {percent(counts.max() / counts.sum())} of them {commonest}"
        )
    return rules


def outcome(
    surrogate: Surrogate, depth: int, end: int, winner: int, classes: Sequence[str], *, thing: str = "photo"
) -> str:
    """Where the way of a photo or text ends, against what the network says.

    Args:
        surrogate: the tree.
        depth: at which it is cut.
        end: the node where the way ends.
        winner: class index of the network's answer.
        classes: names by class index.
        thing: what went that way.
    """
    says = int(surrogate.tree.classes[surrogate.tree.counts[end].argmax()])
    if says != winner:
        return (
            f"The tree says {classes[says]}, the network {classes[winner]}: on this {thing} the rules are not the "
            "network's."
        )
    worth = (
        ""
        if verdict.explains(surrogate.fidelity[depth])
        else ", though this tree does not explain it elsewhere"
    )
    return f"The tree says {classes[says]}, and so does the network{worth}."
