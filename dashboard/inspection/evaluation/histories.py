"""One pass of a network over histories: for whom it names the next choice among the first ten."""

from __future__ import annotations

import torch

from dashboard.records.history import HitRates
from models.history.baseline import known_odds, popularity
from models.history.catalogue import PAD
from models.history.classifier import Recommender
from models.history.histories import Histories
from models.history.ranking import hits


def hit_rates(network: Recommender, histories: Histories, split: str) -> HitRates:
    """Hits of a network, beside what needs none and what nobody can know.

    Args:
        network: shared with other threads; not changed.
        histories: of its catalogue.
        split: which of them; all are read at once.
    """
    chosen, targets = histories.chosen[split], histories.targets[split]
    with torch.no_grad():
        scores = network.module(torch.from_numpy(chosen)).double().numpy()
    return HitRates(
        hits(scores, chosen, targets),
        hits(popularity(histories), chosen, targets),
        hits(known_odds(histories, split), chosen, targets),
        (chosen != PAD).sum(1),
    )
