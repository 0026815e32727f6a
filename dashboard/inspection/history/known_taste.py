"""What counts for a recommendation beside the taste that somebody was made up with."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.history.method import HistoryMethod, HistoryTask
from dashboard.inspection.history.run import recommend
from dashboard.records.history import TasteAgreement
from models.history.catalogue import PAD
from models.history.histories import Histories


def serves(
    vectors: NDArray[np.float64], taste: NDArray[np.bool_], history: Sequence[int], film: int
) -> NDArray[np.bool_]:
    """Whether each film of a history is of a liked genre that the recommended film is also of, (H,).

    Args:
        vectors: (F, G) how much each film is of each genre.
        taste: (G,) whether each genre is liked.
        history: places of films.
        film: place of the film that is recommended.
    """
    shared = (vectors[list(history)] > 0) & (vectors[film] > 0) & taste
    return np.asarray(shared.any(1))


def measure_agreement(
    module: nn.Module,
    histories: Histories,
    split: str,
    methods: Sequence[HistoryMethod],
    people: int,
    report: Callable[[float], None],
) -> TasteAgreement:
    """How often the film that counts most for a first recommendation is one that the known taste names.

    Args:
        module: shared with other threads; not changed.
        histories: with known tastes.
        split: of them.
        methods: that say which film counts most.
        people: how many, from the first on; those are left out of whom the taste tells nothing, because all films of
            the history are of such a genre, or none.
        report: told the share done, in [0, 1]; may raise to cancel.
    """
    network, vectors = isolate(module), histories.catalogue.vectors
    right, share, same = [], [], []
    for person in range(people):
        report(person / people)
        ids = torch.from_numpy(histories.chosen[split][person])
        film = int(recommend(network, ids).films[0])
        served = serves(vectors, histories.tastes[split][person], histories.history(split, person), film)
        if served.all() or not served.any():
            continue
        task = HistoryTask(network, ids[ids != PAD], film)
        first = [int(method.run(task).values.argmax()) for method in methods]
        right.append(served[first])
        share.append(served.mean())
        same.append(len(set(first)) == 1)
    return TasteAgreement(
        tuple(method.name for method in methods),
        np.array(right, bool).reshape(-1, len(methods)),
        np.array(share, np.float64),
        np.array(same, bool),
        people,
    )
