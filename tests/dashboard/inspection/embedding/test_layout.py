"""t-SNE is scikit-learn's, bounded, told about and ended; UMAP is handed through where it is installed."""

from __future__ import annotations

import subprocess
from typing import Any

import numpy as np
import pytest

from dashboard.inspection.embedding.layout import LAYOUTS, lay_out, most_perplexity
from dashboard.inspection.embedding.layout_process import SEED
from models.runtime import child
from models.runtime.errors import UserError


def clusters(each: int = 12) -> np.ndarray:
    generator = np.random.default_rng(0)
    centres = np.repeat(np.eye(3, 6) * 9, each, axis=0)
    return (centres + generator.normal(size=centres.shape)).astype(np.float32)


@pytest.mark.slow
def test_t_sne_is_scikit_learns_and_keeps_clusters_together():
    from sklearn.manifold import TSNE

    values, told = clusters(), list[float]()
    found = lay_out("tsne", values, 5, told.append)
    assert found.shape == (36, 2) and found.dtype == np.float32 and np.isfinite(found).all()
    assert told and told == sorted(told)
    expected = TSNE(2, perplexity=5, init="pca", random_state=SEED).fit_transform(values)
    kinds = np.repeat(np.arange(3), 12)
    for places in (found, expected):
        apart = np.linalg.norm(places[:, None] - places, axis=2) + np.diag([np.inf] * 36)
        assert (kinds[apart.argmin(1)] == kinds).all()
    np.testing.assert_allclose(found, expected, rtol=1e-2, atol=1e-2 * np.abs(expected).max())


@pytest.mark.parametrize("pictures", [5, 6, 31, 91, 2000])
def test_perplexity_is_bounded_by_the_number_of_pictures(pictures):
    most = most_perplexity(pictures)
    assert 1 <= most < pictures and 3 * most <= pictures - 1


@pytest.mark.slow
def test_the_fewest_pictures_have_places():
    fewest = LAYOUTS["tsne"].fewest
    found = lay_out("tsne", clusters()[:fewest], most_perplexity(fewest))
    assert found.shape == (fewest, 2) and np.isfinite(found).all()


def test_the_process_ends_when_nobody_waits_any_more(monkeypatch):
    started: list[subprocess.Popen[bytes]] = []
    start = child.start

    def noted(*args: Any, **options: Any) -> subprocess.Popen[bytes]:
        started.append(start(*args, **options))
        return started[-1]

    def give_up(share: float) -> None:
        raise InterruptedError

    monkeypatch.setattr(child, "start", noted)
    with pytest.raises(InterruptedError):
        lay_out("tsne", clusters(), 5, give_up)
    assert started[0].returncode is not None and started[0].returncode != 0


@pytest.mark.slow
def test_a_failure_is_one_sentence():
    with pytest.raises(UserError, match="t-SNE failed on these features"):
        lay_out("tsne", clusters()[:4], 7)


def test_umap_is_offered_where_it_can_be_imported(tmp_path, monkeypatch):
    """A stand-in with the library's signature: what is tested is the way there and back, not UMAP."""
    if LAYOUTS["umap"].installed:
        pytest.skip("umap-learn is installed here")
    (tmp_path / "umap.py").write_text(
        "class UMAP:\n"
        "    def __init__(self, n_components, n_neighbors, random_state):\n"
        "        assert (n_components, n_neighbors, random_state) == (2, 4, 0)\n"
        "    def fit_transform(self, values):\n"
        "        return values[:, :2]\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
    assert LAYOUTS["umap"].installed
    values = clusters()
    np.testing.assert_array_equal(lay_out("umap", values, 4), values[:, :2])
