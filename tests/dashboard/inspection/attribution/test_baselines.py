"""What stands for nothing there, in colours."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dashboard.inspection.attribution import METHODS
from dashboard.inspection.attribution.baselines import BASELINES, baseline
from models.preprocessing import Preprocessing
from tests.networks import generators

GREY = Preprocessing((28, 28), 28, (0.1307,), (0.3081,))
RGB = Preprocessing((32, 32), 36, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
every_preprocessing = pytest.mark.parametrize("preprocessing", [GREY, RGB], ids=["grey", "RGB"])


def photo(preprocessing: Preprocessing) -> torch.Tensor:
    shape = (preprocessing.channels, *preprocessing.size)
    return torch.tensor(preprocessing.normalised(np.random.default_rng(0).random(shape)))[None]


def colours(inputs: torch.Tensor, preprocessing: Preprocessing) -> np.ndarray:
    shape = (preprocessing.channels, 1, 1)
    scaled = inputs[0].numpy() * np.reshape(preprocessing.std, shape)
    return np.asarray(scaled + np.reshape(preprocessing.mean, shape))


@every_preprocessing
@pytest.mark.parametrize("name", BASELINES)
def test_same_shape_and_kind_and_the_photo_stays(name, preprocessing):
    inputs = photo(preprocessing)
    before = generators()
    made = baseline(name, inputs, preprocessing)
    assert (made.shape, made.dtype) == (inputs.shape, torch.float32)
    assert torch.equal(made, baseline(name, inputs, preprocessing))
    made.zero_()
    assert torch.equal(inputs, photo(preprocessing))
    assert generators() == before


@every_preprocessing
@pytest.mark.parametrize(("name", "shade"), [("black", 0.0), ("white", 1.0)])
def test_flat_colours(name, shade, preprocessing):
    made = baseline(name, photo(preprocessing), preprocessing)
    assert np.allclose(colours(made, preprocessing), shade, atol=1e-6)
    assert (preprocessing.display(made[0]) == round(255 * shade)).all()


@every_preprocessing
def test_mean_is_the_mean_colour_of_the_training_data(preprocessing):
    made = colours(baseline("mean", photo(preprocessing), preprocessing), preprocessing)
    assert np.allclose(made, np.reshape(preprocessing.mean, (-1, 1, 1)))


@every_preprocessing
def test_noise_is_uniform_over_all_colours(preprocessing):
    made = colours(baseline("noise", photo(preprocessing), preprocessing), preprocessing)
    assert made.min() >= -1e-6 and made.max() <= 1 + 1e-6
    assert made.mean() == pytest.approx(0.5, abs=0.05)
    assert made.std() == pytest.approx(12**-0.5, abs=0.03)


@every_preprocessing
def test_blur_keeps_the_colour_and_loses_the_detail(preprocessing):
    inputs = photo(preprocessing)
    made, given = (colours(one, preprocessing) for one in (baseline("blur", inputs, preprocessing), inputs))
    assert np.allclose(made.mean((1, 2)), given.mean((1, 2)), atol=0.03)
    assert made.std() < 0.25 * given.std()


@pytest.mark.parametrize("side", [2, 3, 5, 8, 224])
def test_blur_of_any_size(side):
    flat = torch.ones(1, 1, side, side)
    assert torch.allclose(baseline("blur", flat, GREY), flat)


@every_preprocessing
def test_average_is_the_photos_own_mean_colour(preprocessing):
    inputs = photo(preprocessing)
    made, given = (
        colours(one, preprocessing) for one in (baseline("average", inputs, preprocessing), inputs)
    )
    assert np.allclose(made, given.mean((1, 2), keepdims=True), atol=1e-6)


def test_every_form_that_asks_for_a_baseline_offers_all():
    fields = [method.parameters.__dataclass_fields__.get("baseline") for method in METHODS.values()]
    offered = [field.metadata["choices"] for field in fields if field is not None]
    assert len(offered) > 5
    assert set(offered) == {tuple(BASELINES)}


@pytest.mark.parametrize("name", BASELINES)
def test_what_no_picture_fills_is_there_in_every_baseline(name):
    four = RGB.with_planes("rgb1")
    made = baseline(name, photo(four), four)
    torch.testing.assert_close(made[:, 3], torch.ones_like(made[:, 3]))
