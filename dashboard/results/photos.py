"""A network's answers to the photos that somebody dropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from dashboard import pictures
from dashboard.inspection.prediction import predict_many, see
from dashboard.results.result import Result
from dashboard.view import View

# Pictures are read in batches of this many.
BATCH = 8


@dataclass(frozen=True)
class Row:
    """One picture and what the network says of it."""

    address: str
    name: str
    first: str
    strength: float
    second: str


def photo_table(view: View, own: Sequence[str], owner: str) -> Result[list[Row]]:
    """The network's answers.

    Args:
        view: the network.
        own: addresses of the photos.
        owner: who dropped them; only they see the names of their files.
    """

    def work(report: Callable[[float], None]) -> list[Row]:
        rows: list[Row] = []
        for start in range(0, len(own), BATCH):
            report(start / len(own))
            rows += _rows(view, own[start : start + BATCH], owner)
        return rows

    return Result(
        view.classifier.key,
        "table of photos",
        (tuple(own), owner, view.digit),
        work,
        f"Classifying {len(own)} photos",
        "slow",
    )


def _rows(view: View, addresses: Sequence[str], owner: str) -> list[Row]:
    inputs = [
        see(view.classifier, pictures.find(address).open(digit=view.digit)).inputs for address in addresses
    ]
    rows = []
    for address, prediction in zip(addresses, predict_many(view.classifier, np.stack(inputs)), strict=True):
        first, *others = prediction.ranking()
        rows.append(
            Row(
                address,
                pictures.find(address, owner).title,
                prediction.classes[first],
                prediction.strength(first),
                prediction.classes[others[0]] if others else "",
            )
        )
    return rows
