"""The texts of a run as ids of their words, in one tensor."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from models.datasets.split import Indices
from models.runtime.progress import Report
from models.text import TEXT_SETS
from models.text.classifier import padded
from models.text.tokenizer import PAD, Tokenizer
from models.training.config import Config
from models.training.data import TrainingData
from models.training.examples import Rows
from models.training.formats.texts import TextFormat

# Words of a vocabulary, and tokens of a text that are read.
MOST_WORDS, LONGEST = 6_000, 256


def load(config: Config, device: torch.device, report: Report) -> TrainingData:
    """Read and part a run's texts; see models.training.data.load. Words are those of what is learned from."""
    labelled = TEXT_SETS[config.dataset]
    texts = labelled.load(report)
    parts = config.split(texts.targets["train"])
    learned = [texts.texts["train"][place] for place in parts.train]
    tokenizer = Tokenizer.of(learned, most=MOST_WORDS, longest=LONGEST)

    def rows(split: str, places: Indices) -> Rows:
        targets = torch.from_numpy(texts.targets[split][places])
        return Rows(
            _ids([texts.texts[split][place] for place in places], tokenizer).to(device), targets.to(device)
        )

    return TrainingData(
        title=labelled.title,
        fits=labelled.name,
        classes=labelled.classes,
        format=TextFormat(tokenizer),
        train=rows("train", parts.train),
        validation=rows("train", parts.validation),
        test=rows("test", np.arange(labelled.counts["test"])),
        prepare=without_padding,
    )


def without_padding(ids: Tensor) -> Tensor:
    """The same texts, ids of shape (N, L), without the places at the end that are empty in all of them."""
    filled = (ids != PAD).any(0).nonzero()
    return ids[:, : int(filled.max()) + 1 if len(filled) else 1]


def _ids(texts: Sequence[str], tokenizer: Tokenizer) -> Tensor:
    return padded([tokenizer.encode(text) for text in texts])
