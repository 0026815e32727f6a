"""A tree's rules as text, in the form of scikit-learn's `export_text`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from dashboard.records.surrogate import Tree

DECIMALS = 3


def rules_text(tree: Tree, depth: int, classes: Sequence[str]) -> str:
    """The tree of that depth, a line for each branch and each leaf.

    Args:
        tree: grown at least so deep, or to its end.
        depth: at which it is cut.
        classes: names by class index.
    """
    return "".join(f"{line}\n" for line in _lines(tree, 0, depth, classes, 0))


def _lines(tree: Tree, node: int, depth: int, classes: Sequence[str], indent: int) -> Iterator[str]:
    stem = "|   " * indent + "|---"
    if tree.ends(node, depth):
        yield f"{stem} class: {' '.join(classes[int(tree.answers(np.array(node)))].split())}"
        return
    name = " ".join(tree.names[tree.feature[node]].split())
    threshold = f"{tree.threshold[node]:.{DECIMALS}f}"
    for sign, child in (("<=", tree.left[node]), ("> ", tree.right[node])):
        yield f"{stem} {name} {sign} {threshold}"
        yield from _lines(tree, int(child), depth, classes, indent + 1)


def node_table(tree: Tree, depth: int, classes: Sequence[str]) -> dict[str, list[object]]:
    """The nodes of the tree of that depth as columns: what each asks, where it leads, and who comes to it."""
    nodes = [int(node) for node in np.flatnonzero(tree.depth <= depth)]
    asked = [not tree.ends(node, depth) for node in nodes]
    columns: dict[str, list[object]] = {
        "Node": list(nodes),
        "Depth": [int(tree.depth[node]) for node in nodes],
        "Feature": [
            tree.names[tree.feature[node]] if ask else "" for node, ask in zip(nodes, asked, strict=True)
        ],
        "Threshold": [
            float(tree.threshold[node]) if ask else "" for node, ask in zip(nodes, asked, strict=True)
        ],
        "At most": [int(tree.left[node]) if ask else "" for node, ask in zip(nodes, asked, strict=True)],
        "Above": [int(tree.right[node]) if ask else "" for node, ask in zip(nodes, asked, strict=True)],
        "Answer": [classes[int(tree.answers(np.array(node)))] for node in nodes],
        "Pictures": [int(tree.counts[node].sum()) for node in nodes],
    }
    for place, known in enumerate(tree.classes):
        # Two classes may have one name.
        columns[f"Answered {classes[int(known)]} (class {known})"] = [
            int(tree.counts[node, place]) for node in nodes
        ]
    return columns
