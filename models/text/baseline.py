"""What networks for texts are held against: weighted counts of words and a logistic regression on them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.baseline import Baseline, read_baseline
from models.text.entries import FOLDER
from models.text.tokenizer import words


def measure_baseline(
    train: tuple[Sequence[str], NDArray[np.int64]], test: tuple[Sequence[str], NDArray[np.int64]]
) -> Baseline:
    """Fit tf-idf with a logistic regression on some texts, and count how many others it tells right.

    Args:
        train: texts to learn from, and the class index of each, shape (N,).
        test: texts to measure on, and the class index of each.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    # The words are those of the networks: the usual pattern would make "don" of "don't".
    counts = TfidfVectorizer(analyzer=words, sublinear_tf=True, min_df=2)
    pipe = make_pipeline(counts, LogisticRegression(C=100.0, max_iter=1000))
    pipe.fit(train[0], train[1])
    right = pipe.predict(test[0]) == test[1]
    return Baseline("tf-idf with logistic regression", int(right.sum()), len(right))


def shipped_baseline(texts: str) -> Baseline | None:
    """What it was measured to reach on the labelled set of that name; None where nobody measured."""
    return read_baseline(file_of(texts))


def file_of(texts: str) -> Path:
    """Where it lies for the labelled set of that name; made by `python -m models.training.shipped`."""
    return FOLDER / f"{texts}-baseline.json"
