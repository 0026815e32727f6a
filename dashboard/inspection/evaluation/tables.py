"""One pass of a network over labelled rows of a table: its logits."""

from __future__ import annotations

import time

import numpy as np
import torch

from dashboard.records.evaluation import Answers
from models.table.classifier import TableClassifier
from models.table.tables import Rows


def answers(network: TableClassifier, rows: Rows, split: str) -> Answers:
    """What a network answers to each of some labelled rows.

    Args:
        network: shared with other threads; not changed.
        rows: labelled, at least one; all of them are read at once.
        split: which of them.
    """
    started = time.perf_counter()
    with torch.no_grad():
        logits = network.module(network.encode(rows.values[split])).float().numpy()
    return Answers(logits, rows.targets[split], np.arange(len(logits)), time.perf_counter() - started)
