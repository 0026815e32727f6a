"""Lays rows of numbers out in two axes: `python -m dashboard.inspection.embedding.layout_process`, its own process.

A process can be ended at any time, which the loops of these libraries cannot, and what it prints tells how far it is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

# Of scikit-learn's t-SNE, as by default.
ITERATIONS = 1000
SEED = 0


def tsne(values: np.ndarray, perplexity: int) -> Any:
    """scikit-learn's t-SNE, started from the principal axes."""
    from sklearn.manifold import TSNE

    return TSNE(
        2, perplexity=perplexity, init="pca", max_iter=ITERATIONS, random_state=SEED, verbose=2
    ).fit_transform(values)


def umap(values: np.ndarray, neighbours: int) -> Any:
    """umap-learn's UMAP."""
    from umap import UMAP

    return UMAP(n_components=2, n_neighbors=neighbours, random_state=SEED).fit_transform(values)


WAYS: dict[str, Callable[[np.ndarray, int], Any]] = {"tsne": tsne, "umap": umap}


def main(way: str, number: int, source: Path, target: Path) -> None:
    """Lay out the rows of one .npy file and write their places, (N, 2) float32, into another."""
    np.save(target, np.asarray(WAYS[way](np.load(source), number), dtype=np.float32))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]))
