"""Many texts as the numbers that a network's last layer reads, and which of them lie nearest to one."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import torch

from dashboard.inspection.embedding.nearest import METRICS, nearest_neighbours
from dashboard.inspection.engine.progress import Progress, each, ignore
from dashboard.inspection.text.reading import texts_at_once
from dashboard.records.embedding import Neighbours
from dashboard.records.text import TextFeatures
from models.text.classifier import padded
from models.text.networks import TextNetwork
from models.text.tokenizer import PAD, Tokens

METRIC = METRICS["cosine"]


def text_features(
    network: TextNetwork, texts: Sequence[Tokens], labels: np.ndarray, progress: Progress = ignore
) -> TextFeatures:
    """What the last layer reads of each text, and the network's scores.

    Args:
        network: shared with other threads; not changed.
        texts: N of them, at least one.
        labels: (N,) class indices.
        progress: told the share done before each batch; what it raises ends the pass.
    """
    started = time.perf_counter()
    # Texts of one length go together, so that little padding is read.
    batches = _batches(texts)
    values, logits = [], []
    for rows in each(batches, progress, len):
        ids = padded([texts[row] for row in rows])
        with torch.no_grad():
            features = network.features(network.embed(ids), ids != PAD)
            values.append(features.float().numpy())
            logits.append(network.head(network.dropout(features)).float().numpy())
    back = np.argsort(np.concatenate(batches))
    return TextFeatures(
        np.concatenate(values)[back], np.concatenate(logits)[back], labels, time.perf_counter() - started
    )


def _batches(texts: Sequence[Tokens]) -> list[list[int]]:
    """Rows of texts that go into one pass, the shortest first."""
    batches: list[list[int]] = [[]]
    for row in sorted(range(len(texts)), key=lambda row: len(texts[row])):
        # It is the longest so far.
        if len(batches[-1]) >= texts_at_once(len(texts[row])):
            batches.append([])
        batches[-1].append(row)
    return batches


def nearest_texts(features: TextFeatures, own: np.ndarray, *, count: int, among: np.ndarray) -> Neighbours:
    """The texts nearest to one, by the angle between their features.

    Args:
        features: of many texts.
        own: (D,), of the one.
        count: how many; fewer where there are not so many.
        among: (N,) bool, which may be named: not the text itself.
    """
    return nearest_neighbours(features.values, own, metric=METRIC, count=count, among=among)
