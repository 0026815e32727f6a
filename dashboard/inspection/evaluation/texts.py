"""One pass of a network over labelled texts: its logits, batch by batch."""

from __future__ import annotations

import time

import numpy as np
import torch

from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.progress import Progress, each, ignore
from dashboard.records.evaluation import Answers
from models.text.classifier import TextClassifier, padded
from models.text.texts import Texts

# Texts of a batch: the pass over as many of the longest takes some 30 MB.
BATCH_SIZE = 64


def answers(network: TextClassifier, texts: Texts, split: str, progress: Progress = ignore) -> Answers:
    """What a network answers to each of some labelled texts.

    Args:
        network: shared with other threads; not changed.
        texts: labelled, at least one.
        split: which of them.
        progress: told the share done before each batch; what it raises ends the pass.
    """
    started = time.perf_counter()
    module, labels = isolate(network.module), texts.targets[split]
    tokens = [network.encode(text) for text in texts.texts[split]]
    # Alike in length, so that little of a batch is empty.
    order = np.argsort([len(text) for text in tokens], kind="stable")
    logits = np.empty((len(tokens), len(network.classes)), np.float32)
    for places in each(np.split(order, range(BATCH_SIZE, len(order), BATCH_SIZE)), progress, len):
        with torch.no_grad():
            logits[places] = module(padded([tokens[place] for place in places])).float().numpy()
    return Answers(logits, labels, np.arange(len(tokens)), time.perf_counter() - started)
