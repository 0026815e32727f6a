"""A graph is computed a few pictures at a time, and what the runtime refuses is one of its errors."""

from __future__ import annotations

import onnx
import pytest
import torch
from onnx import TensorProto, helper

from models.runtime import inference
from models.runtime.inference import Session


def doubling() -> bytes:
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", 3]) for name in ("read", "given")]
    graph = helper.make_graph(
        [helper.make_node("Add", ["read", "read"], ["given"])], "twice", ends[:1], ends[1:]
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    content: bytes = model.SerializeToString()
    return content


def test_it_gives_what_the_graph_says(monkeypatch):
    numbers = torch.arange(21.0).view(7, 3)
    session = Session(doubling())
    assert torch.equal(session(numbers), 2 * numbers)
    session._numbers = 6  # two rows at once
    sizes, run = [], session._run

    def note(part: torch.Tensor) -> torch.Tensor:
        sizes.append(len(part))
        return run(part)

    monkeypatch.setattr(session, "_run", note)
    assert torch.equal(session(numbers.T.contiguous().T), 2 * numbers)
    assert sizes == [2, 2, 2, 1]


def test_what_it_refuses_is_one_of_its_errors():
    with pytest.raises(inference.errors()):
        Session(b"no graph")
    with pytest.raises(inference.errors()):
        Session(doubling())(torch.zeros(2, 4))
