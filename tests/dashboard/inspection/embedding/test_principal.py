"""Principal axes against closed forms and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.inspection.embedding.principal import principal_axes


def cloud(pictures: int, width: int, seed: int = 0) -> np.ndarray:
    generator = np.random.default_rng(seed)
    scales = 3.0 / np.arange(1, width + 1)
    return (generator.normal(size=(pictures, width)) * scales + 7).astype(np.float32)


def test_a_cross_has_its_own_axes():
    values = np.array([[3, 0, 5], [-3, 0, 5], [0, 1, 5], [0, -1, 5]], np.float32)
    found = principal_axes(values, 2)
    np.testing.assert_allclose(found.mean, [0, 0, 5])
    np.testing.assert_allclose(found.axes, [[1, 0, 0], [0, 1, 0]], atol=1e-12)
    np.testing.assert_allclose(found.shares, [0.9, 0.1])
    np.testing.assert_allclose(found.coordinates(values), values[:, :2], atol=1e-12)


@pytest.mark.parametrize("shape", [(200, 12), (12, 200), (30, 30)])
def test_as_scikit_learn(shape):
    from sklearn.decomposition import PCA

    values = cloud(*shape)
    found, theirs = principal_axes(values, 5), PCA(5, svd_solver="full").fit(values.astype(float))
    np.testing.assert_allclose(found.shares, theirs.explained_variance_ratio_, rtol=1e-6)
    ours, other = found.coordinates(values), theirs.transform(values.astype(float))
    signs = np.sign((ours * other).sum(0))
    np.testing.assert_allclose(ours * signs, other, atol=1e-5)
    np.testing.assert_allclose(found.axes @ found.axes.T, np.eye(5), atol=1e-9)
    assert (found.axes[np.arange(5), np.abs(found.axes).argmax(1)] > 0).all()


def test_a_photo_that_is_one_of_the_pictures_lies_where_its_picture_lies():
    values = cloud(50, 8)
    found = principal_axes(values, 2)
    np.testing.assert_allclose(found.coordinates(values[7]), found.coordinates(values)[7])


@pytest.mark.parametrize("width", [1, 3, 400])
def test_two_pictures_lie_on_one_axis(width):
    values = cloud(2, width)
    found = principal_axes(values, 2)
    np.testing.assert_allclose(found.shares, [1, 0])
    places = found.coordinates(values)
    np.testing.assert_allclose(
        abs(places[0, 0] - places[1, 0]), np.linalg.norm(values[0].astype(float) - values[1]), rtol=1e-9
    )
    assert not places[:, 1].any()


def test_nothing_varies():
    found = principal_axes(np.ones((9, 4), np.float32), 3)
    assert found.shares.tolist() == [0, 0, 0] and not found.axes.any()


def test_rounding_is_no_axis():
    line = np.outer(np.arange(10, dtype=np.float32), np.arange(1, 6, dtype=np.float32))
    found = principal_axes(line, 5)
    np.testing.assert_allclose(found.shares, [1, 0, 0, 0, 0], atol=1e-12)
    assert not found.coordinates(line)[:, 1:].any()


def test_large_numbers_do_not_overflow():
    found = principal_axes(cloud(20, 6) * np.float32(1e30), 2)
    assert np.isfinite(found.axes).all() and np.isfinite(found.shares).all()
