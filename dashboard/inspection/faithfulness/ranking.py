"""The one rule by which maps are ranked, and what counts as a difference."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.records.attribution import Faithfulness

# A map whose ranks agree so well with those of a network that knows nothing does not show what this one knows.
EDGE_DETECTOR = 0.5
# Areas that differ by less do not tell two maps apart; the choice of a hidden pixel's colour moves them more.
NOISE = 0.02


def is_edge_detector(measures: Faithfulness) -> bool:
    """Whether a map hardly changes when the network's weights are replaced by random ones."""
    return measures.agreement is not None and measures.agreement >= EDGE_DETECTOR


def sort_maps(measures: Sequence[Faithfulness]) -> list[Faithfulness]:
    """The maps by their insertion area minus their deletion area, edge detectors last."""
    return sorted(measures, key=lambda measure: (is_edge_detector(measure), -measure.lead))


def best(measures: Sequence[Faithfulness]) -> list[Faithfulness]:
    """The maps that point best at what the network uses: one, or several that NOISE does not tell apart.

    Edge detectors are not among them, nor are maps whose first pixels bring no more than hiding them leaves.
    """
    able = [
        measure for measure in sort_maps(measures) if not is_edge_detector(measure) and measure.lead >= NOISE
    ]
    return [measure for measure in able if able[0].lead - measure.lead < NOISE]
