"""Arrays arrive as they were sent, and what was not asked for does not."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest

from models.checkpoints.onnx import pipe


def test_words_and_arrays_arrive_as_they_were_sent():
    stream = io.BytesIO()
    arrays: list[pipe.Array] = [
        np.arange(6, dtype=np.float32).reshape(2, 3).T,
        np.zeros((0, 3), np.int64),
        np.array(True),
    ]
    pipe.write(stream, {"names": ["a"]}, arrays)
    stream.seek(0)
    words, arrived = pipe.read(stream, 100)
    assert words == {"names": ["a"]}
    for sent, got in zip(arrays, arrived, strict=True):
        assert got.dtype == sent.dtype
        np.testing.assert_array_equal(got, sent)


@pytest.mark.parametrize("said", [["float32", [30]], ["float32", [-1]], ["object", [1]], ["U4", [1]]])
def test_too_much_and_what_is_no_number_is_not_taken(said):
    stream = io.BytesIO(json.dumps({"words": {}, "arrays": [said]}).encode() + b"\n" + bytes(200))
    with pytest.raises(ValueError, match="not asked for"):
        pipe.read(stream, 100)


def test_an_end_in_the_middle_is_an_end():
    stream = io.BytesIO()
    pipe.write(stream, {}, [np.zeros(4)])
    for length in (0, 3, len(stream.getvalue()) - 1):
        with pytest.raises(EOFError):
            pipe.read(io.BytesIO(stream.getvalue()[:length]), 100)
