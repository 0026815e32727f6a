"""Whether words stand in for each other: what they change one by one, and all at once."""

from __future__ import annotations

import torch

from dashboard.inspection.attribution.outcome import FLOOR_SHARE
from dashboard.inspection.text.method import TextTask
from dashboard.records.text import Redundancy
from models.text.networks import TextNetwork
from models.text.tokenizer import Tokens


def redundancy(network: TextNetwork, tokens: Tokens, target: int, versus: int | None = None) -> Redundancy:
    """What each word changes alone, and what all change together, with an unknown word in their place.

    Args:
        network: shared with other threads; not changed.
        tokens: of a text with at least one.
        target: class index.
        versus: class index for "why target rather than versus", or None.
    """
    task = TextTask.of(network, tokens, target=target, versus=versus)
    count = len(tokens)
    rows = [torch.zeros(1, count), torch.ones(1, count), 1 - torch.eye(count)]
    nothing, everything, *without = task.answers(torch.cat(rows) > 0).tolist()
    alone = [everything - score for score in without]
    place = max(range(count), key=lambda place: abs(alone[place]))
    with torch.no_grad():
        logits = task.network(task.ids)
    together = everything - nothing
    return Redundancy(
        together=together,
        alone=sum(alone),
        largest=alone[place],
        place=place,
        noteworthy=abs(together) > FLOOR_SHARE * float(logits.max() - logits.min()),
    )
