"""What is kept of a graph comes back whole, and tells what is said of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.checkpoints.architectures import file_architecture, read_note, usual_preprocessing
from models.checkpoints.onnx.file import normalise
from models.checkpoints.onnx.network import input_shape
from tests.models.checkpoints.onnx import graphs


@pytest.fixture(scope="module")
def network():
    return normalise(graphs.convolution(), "ab" * 32)[0]


def test_a_note_is_the_network_again(network):
    assert read_note(network.to_note()) == network


def test_the_digest_of_the_file_tells_it_from_others(network):
    assert "ab" * 32 in repr(network)
    assert repr(replace(network, file="cd" * 32)) != repr(network)


@pytest.mark.parametrize(
    ("changes", "mean", "said"),
    [
        ({}, 0.0, "brought to 0 to 1"),
        ({"largest": 255.0, "prepares": "Div scale"}, 0.0, "its node Div scale reads pixels from 0 to 255"),
        ({"producer": "pytorch", "outputs": 1000}, 0.485, "ImageNet's mean and spread"),
        ({"producer": "pytorch", "given": (1, 28, 28)}, 0.1307, "MNIST's mean and spread"),
    ],
)
def test_the_range_of_pixels_is_guessed_and_said(network, changes, mean, said):
    told = replace(network, **changes)
    assert said in told.pixels
    reads = usual_preprocessing(*file_architecture(told))
    assert reads.size == told.given[1:]
    assert reads.mean[0] == pytest.approx(mean)
    assert reads.std[0] == pytest.approx({0.0: 1 / told.largest, 0.485: 0.229, 0.1307: 0.3081}[mean])


def test_pictures_in_a_row_are_as_many_numbers():
    assert input_shape("flat", (3, 4, 5), 2) == (2, 60)
    assert input_shape("last", (3, 4, 5), 2) == (2, 4, 5, 3)
