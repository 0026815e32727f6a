"""What the process answers: the graph's scores, however pictures lie in it and however many it takes at once."""

from __future__ import annotations

import io
import subprocess
import sys

import numpy as np
import onnx
import pytest

from models.checkpoints.onnx import pipe, session
from models.checkpoints.onnx.file import normalise
from models.checkpoints.onnx.network import FINALS
from tests.models.checkpoints.onnx import graphs
from tests.models.checkpoints.onnx.graphs import run
from tests.paths import ROOT

# The process with smaller bounds: 64 MB for what stays, and 96 MB for a pass.
BOUNDED = """
import dataclasses, os, sys
from models.checkpoints.onnx import session
session.LIMITS = dataclasses.replace(session.LIMITS, memory=64 * 2**20)
session.MOST_PASS = 96 * 2**20
session.main(sys.stdin.buffer, sys.stdout.buffer)
"""


def questions(model, *batches):
    """A network, and what the process is asked: it, and these pictures."""
    network, tensors = normalise(model, "0" * 64)
    asked = io.BytesIO()
    words = {"names": list(tensors), "layout": network.layout, "given": network.given, "batch": network.batch}
    graph = np.frombuffer(network.graph, np.uint8)
    pipe.write(asked, {**words, "pictures": 8, "threads": 1}, [graph, *tensors.values()])
    for pictures in batches:
        pipe.write(asked, {}, [pictures])
    asked.seek(0)
    return network, asked


def answers(model, *batches):
    """What the process would answer to these pictures, in this one."""
    network, asked = questions(model, *batches)
    answered = io.BytesIO()
    session.main(asked, answered)
    answered.seek(0)
    assert pipe.read(answered, 0) == ({}, [])
    return network, [pipe.read(answered, 2**20) for _ in batches]


def pictures(count, *shape):
    return np.random.default_rng(0).random((count, *shape), dtype=np.float32)


@pytest.mark.parametrize("final", ["", *FINALS])
def test_the_scores_before_the_last_activation_are_those_of_the_file(final):
    inputs = pictures(3, 3, 8, 8)
    (plain,) = run(graphs.convolution(final=""), {"picture": inputs})
    network, [(words, (scores,))] = answers(graphs.convolution(final=final), inputs)
    assert (words, network.final) == ({}, final)
    np.testing.assert_allclose(scores, plain, atol=1e-6)


def test_a_graph_for_two_pictures_answers_three():
    inputs = pictures(3, 3, 8, 8)
    (plain,) = run(graphs.convolution(final=""), {"picture": inputs})
    _, [(_, (scores,))] = answers(graphs.convolution(final="", reads=(2, 3, 8, 8)), inputs)
    np.testing.assert_allclose(scores, plain, atol=1e-6)


def test_a_row_of_pixels_has_colours_innermost():
    model = graphs.dense(inputs=27, classes=3)
    inputs = pictures(2, 3, 3, 3)
    weight, bias = (onnx.numpy_helper.to_array(tensor) for tensor in model.graph.initializer)
    _, [(_, (scores,))] = answers(model, inputs)
    np.testing.assert_allclose(scores, inputs.transpose(0, 2, 3, 1).reshape(2, -1) @ weight + bias, atol=1e-6)


def test_pictures_of_another_size_are_an_error_and_the_next_are_answered():
    good = pictures(1, 3, 8, 8)
    _, [(first, nothing), (second, (scores,))] = answers(graphs.convolution(), pictures(1, 3, 9, 9), good)
    assert "error" in first
    assert not nothing
    assert (second, scores.shape) == ({}, (1, 5))


def test_what_onnx_runtime_does_not_compute_is_a_refusal():
    network, tensors = normalise(graphs.convolution(), "0" * 64)
    model = onnx.ModelProto.FromString(network.graph)
    model.opset_import[0].version = 99
    asked, answered = io.BytesIO(), io.BytesIO()
    words = {
        "names": list(tensors),
        "layout": "first",
        "given": [3, 8, 8],
        "batch": 0,
        "pictures": 1,
        "threads": 1,
    }
    pipe.write(asked, words, [np.frombuffer(model.SerializeToString(), np.uint8), *tensors.values()])
    asked.seek(0)
    session.main(asked, answered)
    answered.seek(0)
    words, _ = pipe.read(answered, 0)
    assert "refusal" in words


@pytest.mark.slow
@pytest.mark.parametrize(("tensors", "refused"), [(2, False), (10, True)])
def test_a_pass_that_takes_more_memory_than_its_bound_is_a_refusal(tensors, refused):
    _, asked = questions(graphs.held(tensors), pictures(1, 3, 8, 8))
    done = subprocess.run(
        [sys.executable, "-c", BOUNDED], input=asked.read(), stdout=subprocess.PIPE, cwd=ROOT, check=True
    )
    answered = io.BytesIO(done.stdout)
    assert pipe.read(answered, 0) == ({}, [])
    words, _ = pipe.read(answered, 2**10)
    assert words == ({"refusal": session.TOO_MUCH} if refused else {})
