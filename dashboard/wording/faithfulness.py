"""Which of several maps to believe, made from how well each of them says what the network uses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dashboard.inspection.attribution import METHODS
from dashboard.inspection.faithfulness.ranking import NOISE, best, is_edge_detector, sort_maps
from dashboard.records.attribution import Faithfulness
from dashboard.wording.numbers import percent


def headline(measured: Sequence[Faithfulness], name: str) -> str:
    """Which map points best at what the network uses, and which are edge detectors.

    Args:
        measured: the measures of at least one map.
        name: of the explained class.
    """
    edges = [METHODS[scores.method].title for scores in sort_maps(measured) if is_edge_detector(scores)]
    if not edges:
        return _comparison(measured, name)
    survive = (
        f"With random weights {' and '.join(edges)} hardly change{'s' * (len(edges) == 1)}: "
        f"{'an edge detector' if len(edges) == 1 else 'edge detectors'}."
    )
    if len(edges) == len(measured):
        return f"Not clear. {survive} That shows the photo's edges and not what the network uses."
    return f"{_comparison(measured, name)} {survive}"


def rank(scores: Faithfulness, ahead: Sequence[Faithfulness]) -> str:
    """What a map is among the others, in a word or two.

    Args:
        scores: its measures.
        ahead: those of the maps that point best.
    """
    if is_edge_detector(scores):
        return "Edge detector"
    if not any(scores is other for other in ahead):
        return "Behind" if ahead else "Not clear"
    return "Best" if len(ahead) == 1 else "Level with the best"


def _comparison(measured: Sequence[Faithfulness], name: str) -> str:
    """What the areas say of the maps, of which at least one is no edge detector."""
    ahead = best(measured)
    if not ahead:
        return "Not clear: by none of these maps does showing the first pixels bring more than hiding them leaves."
    first, *level = ahead
    title = METHODS[first.method].title
    if len(measured) == 1:
        return f"{title} alone is measured: {_cost(first, name)}. Choose a second method to compare."
    if level:
        others = ", ".join(METHODS[scores.method].title for scores in level)
        return f"Not clear: {title} and {others} lie within {NOISE} of each other. By {title}, {_cost(first, name)}."
    behind = [
        scores for scores in sort_maps(measured) if scores is not first and not is_edge_detector(scores)
    ]
    second = f", before {METHODS[behind[0].method].title} with {behind[0].lead:.2f}" if behind else ""
    return (
        f"{title} points best at what this network uses here, by insertion minus deletion area {first.lead:.2f}"
        f"{second}: {_cost(first, name)}."
    )


def _cost(scores: Faithfulness, name: str) -> str:
    """What hiding and showing the first tenth of a map's pixels does."""
    start, hidden, alone = (
        percent(float(np.interp(share, scores.shares, values)))
        for share, values in ((0.0, scores.deletion), (0.1, scores.deletion), (0.1, scores.insertion))
    )
    return (
        f"hiding the first tenth of its pixels takes {name} from {start} to {hidden}, and that tenth alone, on a "
        f"blurred photo, gives {alone}"
    )
