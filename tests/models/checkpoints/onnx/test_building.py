"""A graph is built for the pictures that it takes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.checkpoints.limits import RefusalError
from models.checkpoints.onnx.building import build
from models.checkpoints.onnx.file import normalise
from tests.models.checkpoints.onnx import graphs


def test_another_size_than_its_own_is_refused():
    network, _ = normalise(graphs.convolution(), "0" * 64)
    with pytest.raises(RefusalError, match="reads pictures of 8 x 8 and no others"):
        build(network, (9, 9))
    build(replace(network, free=True), (9, 9))
