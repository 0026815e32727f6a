"""What units read against their activation functions, and the other charts of activations."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.charts import maps
from dashboard.charts.activations import bars, flow, patches, responses
from dashboard.charts.activations import strip as stage
from dashboard.records.activations import ActivationCurve, StageOutput, ValueSpread
from dashboard.records.network import LayerCall

PLACES = np.linspace(-4, 4, 257)
RELU = ActivationCurve("ReLU", "", PLACES, np.maximum(PLACES, 0)[None], 0.0, "nothing", None)


def test_the_curve_lies_over_the_histogram_with_its_kink_at_zero():
    edges = np.linspace(-4, 4, 129)
    counts = np.zeros(128, np.int64)
    counts[40:100] = 5
    figure = responses.against_curve(counts, edges, RELU, 3, 0.4)
    histogram, curve = figure.data
    assert histogram.y.sum() == pytest.approx(100)
    low, high = figure.layout.xaxis.range
    assert low < edges[40] and high > edges[100]
    np.testing.assert_allclose(curve.y, np.maximum(curve.x, 0), atol=1e-9)
    assert 0 in curve.x
    (off,) = figure.layout.shapes
    assert (off.x0, off.x1) == (low, 0)
    assert figure.layout.annotations[0].text == "off: 40 %"


def test_without_a_function_there_is_the_histogram_alone():
    figure = responses.against_curve(np.ones(4, np.int64), np.linspace(-1, 1, 5), None, 0, None)
    assert len(figure.data) == 1 and not figure.layout.shapes


def test_a_unit_that_is_constant_has_an_axis():
    counts = np.zeros(128, np.int64)
    counts[64] = 7
    low, high = responses.against_curve(counts, np.linspace(-1, 1, 129), RELU, 0, 1.0).layout.xaxis.range
    assert low < 0 < high


def test_a_function_with_weights_of_each_channel_shows_the_channels_own():
    values = np.stack([PLACES * slope for slope in (1.0, 2.0)])
    curve = ActivationCurve("PReLU", "", PLACES, values, 0.0, "", None)
    figure = responses.against_curve(np.ones(128, np.int64), np.linspace(-4, 4, 129), curve, 1, 0.5)
    np.testing.assert_allclose(figure.data[1].y, 2 * figure.data[1].x, atol=1e-6)


@pytest.mark.parametrize("slope", [1.0, 0.1, -1.0, 0.0])
def test_zero_of_the_shares_and_of_the_function_is_on_one_line(slope):
    values = np.where(PLACES < 0, slope * PLACES, PLACES)[None]
    curve = ActivationCurve("LeakyReLU", "", PLACES, values, 0.0, "", None)
    figure = responses.against_curve(np.ones(128, np.int64), np.linspace(-4, 4, 129), curve, 0, None)
    shares, function = (axis.range for axis in (figure.layout.yaxis, figure.layout.yaxis2))
    heights = [-low / (high - low) for low, high in (shares, function)]
    assert heights[0] == pytest.approx(heights[1]) and 0 <= heights[0] <= 0.5
    assert min(figure.layout.yaxis.tickvals) == 0 and 3 <= len(figure.layout.yaxis.tickvals) <= 6
    for axis, part in zip((shares, function), figure.data, strict=True):
        assert axis[0] <= min(part.y) and max(part.y) < axis[1]


def test_effects_leave_room_for_their_numbers_and_names_are_text():
    figure = responses.effects(["<b>one</b>", "two"], np.array([2.0, -1.0]))
    assert figure.layout.yaxis.ticktext[0] == "&lt;b&gt;one&lt;/b&gt;"
    low, high = figure.layout.xaxis.range
    assert low < -1 and high > 2
    assert list(figure.data[0].text) == ["2", "-1"]


def test_bars_of_units_carry_their_numbers():
    figure = bars.units(np.array([3.0, -1.0]), np.array([12, 5]), marked=5)
    assert list(figure.data[0].customdata) == [12, 5]
    assert figure.data[0].marker.opacity[1] == 1.0


def test_gradients_that_are_zero_leave_a_gap():
    figure = flow.gradients(["pixels", "a", "b"], [0.0, 0.1, 2.0])
    assert np.isnan(figure.data[0].y[0]) and figure.layout.yaxis.type == "log"


def test_many_layers_name_some_on_the_axis_and_all_on_hover():
    names = [f"layer<{number}>" for number in range(200)]
    figure = flow.spreads(names, [1.0] * 200, [0.5] * 200)
    assert len(figure.layout.xaxis.tickvals) <= flow.NAMES + 1
    assert len(figure.data[0].customdata) == 200
    assert figure.data[0].customdata[3] == "layer&lt;3&gt;"


def test_patches_are_counted_row_by_row():
    figure = patches.picture(np.zeros((28, 28, 3), np.uint8), (7, 7), marked=10)
    assert (figure.data[0].x[10], figure.data[0].y[10]) == (3.5, 1.5)
    frame = figure.layout.shapes[0]
    assert (frame.x0, frame.y0) == (3, 1)


@pytest.mark.parametrize(
    "planes", [np.ones((4, 5, 5)), np.ones((1, 1, 10)), np.zeros((1, 1, 1)), np.ones((9, 64, 64))]
)
def test_a_stage_is_a_picture(planes):
    call = LayerCall("a", "A", planes.shape[1:])
    one = StageOutput(call, ValueSpread(0, 1, 0, 1, 0), planes.astype(np.float32), np.arange(len(planes)))
    assert stage.picture(one).startswith(b"\x89PNG")


def test_a_map_is_drawn_in_rectangles_over_the_photo():
    import io

    from PIL import Image

    crop = np.full((28, 28, 3), 200, np.uint8)
    values = np.zeros((7, 7))
    values[2, 3] = 1
    drawn = np.asarray(
        Image.open(io.BytesIO(maps.cells(crop, values, limit=1.0, signed=False, strength=1.0)))
    )
    scale = drawn.shape[0] // 28
    inside = drawn[2 * 4 * scale : 3 * 4 * scale, 3 * 4 * scale : 4 * 4 * scale]
    assert len(np.unique(inside.reshape(-1, 3), axis=0)) == 1
    assert (drawn[0, 0] == 200).all()
    assert not (inside[0, 0] == 200).all()
