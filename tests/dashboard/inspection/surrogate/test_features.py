"""What a tree may ask about: values against torch, names by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

from dashboard.inspection.surrogate.features import EXCITING, FEATURES
from dashboard.records.surrogate import Readings
from models.preprocessing import Preprocessing
from tests.dashboard.inspection.surrogate.pictures import read_as

SMALL = Preprocessing((28, 28), 28, (0.1,), (0.3,))
CLASSES = [f"class {index}" for index in range(10)]


def digits(count: int = 6) -> Readings:
    readings = read_as(np.zeros((count, 0)), np.zeros(count))
    pictures = np.random.default_rng(4).integers(0, 256, (count, 28, 28, 1)).astype(np.uint8)
    return Readings(**vars(readings) | {"pictures": pictures})


def test_patches_are_means_of_pixels():
    readings = digits()
    found = FEATURES["patches"].of(readings, CLASSES)
    ink = torch.tensor(readings.pictures[..., 0]).float()[:, None] / 255
    np.testing.assert_allclose(found.values, functional.avg_pool2d(ink, 4).flatten(1).numpy(), rtol=1e-5)
    assert len(found.names) == 49
    assert found.names[2 * 7 + 3] == "ink at row 3, column 4"
    assert found.short[48] == "row 7, col 7"


def test_pixels_are_named_where_they_are():
    readings = digits()
    found = FEATURES["pixels"].of(readings, CLASSES)
    place = found.names.index("ink at row 5, column 28")
    np.testing.assert_allclose(found.values[:, place], readings.pictures[:, 4, 27, 0] / 255, rtol=1e-6)
    assert found.values.shape == (6, 784)


def test_a_unit_is_named_by_what_excites_it_most():
    count = 400
    labels = np.arange(count) % 4
    values = np.zeros((count, 3))
    values[labels == 2, 0] = 1 + np.arange(count // 4)
    values[:, 1] = np.arange(count)
    found = FEATURES["layer"].of(read_as(values, np.zeros(count), labels), CLASSES, "fc1")
    assert found.names == (
        "unit 0 of fc1 (excited by class 2)",
        "unit 1 of fc1 (excited by class 2 and others)",
        "unit 2 of fc1 (never excited)",
    )
    assert found.short == ("unit 0 (class 2)", "unit 1 (class 2, …)", "unit 2")
    assert count // 4 > EXCITING


def test_without_labels_the_networks_answers_name_a_unit():
    answers = np.arange(400) % 2
    found = FEATURES["layer"].of(read_as(answers[:, None] * 1.0, answers), CLASSES, "fc1")
    assert found.names == ("unit 0 of fc1 (excited by class 1)",)


@pytest.mark.parametrize(
    ("preprocessing", "fitting"),
    [
        (SMALL, ["pixels", "patches", "layer"]),
        (Preprocessing((30, 30), 30, (0.1,), (0.3,)), ["pixels", "layer"]),
        (Preprocessing((32, 32), 32, (0.1,) * 3, (0.3,) * 3), ["layer"]),
        (Preprocessing((224, 224), 256, (0.5,) * 3, (0.5,) * 3), ["layer"]),
    ],
)
def test_pixels_are_for_small_grey_pictures(preprocessing, fitting):
    assert [name for name, kind in FEATURES.items() if kind.fits(preprocessing)] == fitting
