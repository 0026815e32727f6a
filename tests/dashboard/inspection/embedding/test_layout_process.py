"""The process that lays out: rows of one file in, places in another."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import numpy as np

from dashboard.inspection.embedding.layout_process import SEED, main


def test_tsne_keeps_two_clusters_apart(tmp_path):
    generator = np.random.default_rng(0)
    values = np.concatenate([generator.normal(0, 0.1, (15, 4)), generator.normal(9, 0.1, (15, 4))])
    np.save(tmp_path / "in.npy", values)
    main("tsne", 5, tmp_path / "in.npy", tmp_path / "out.npy")
    places = np.load(tmp_path / "out.npy")
    assert (places.shape, places.dtype) == ((30, 2), np.float32)
    apart = np.linalg.norm(places[:15].mean(0) - places[15:].mean(0))
    assert apart > max(
        np.linalg.norm(half - half.mean(0), axis=1).max() for half in (places[:15], places[15:])
    )


def test_umap_is_asked_for_two_axes_and_always_the_same(tmp_path, monkeypatch):
    asked = []

    class UMAP:
        def __init__(self, **options: int) -> None:
            asked.append(options)

        def fit_transform(self, values: np.ndarray) -> np.ndarray:
            return values[:, :2]

    monkeypatch.setitem(sys.modules, "umap", SimpleNamespace(UMAP=UMAP))
    np.save(tmp_path / "in.npy", np.eye(3))
    main("umap", 7, tmp_path / "in.npy", tmp_path / "out.npy")
    assert asked == [{"n_components": 2, "n_neighbors": 7, "random_state": SEED}]
    assert np.load(tmp_path / "out.npy").tolist() == np.eye(3)[:, :2].tolist()
