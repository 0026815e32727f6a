"""A graph in a process of its own: right, shared by copies, made room for, and ended when it takes too long."""

from __future__ import annotations

import copy
import resource
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from models.checkpoints.onnx import black_box, pipe, session
from models.runtime.errors import UserError
from models.trial import measure_contract
from tests.models.checkpoints.onnx import graphs
from tests.models.checkpoints.onnx.graphs import black_box as built
from tests.models.checkpoints.onnx.graphs import run

pytestmark = pytest.mark.slow


@pytest.fixture
def pictures():
    return torch.rand(3, 3, 8, 8, generator=torch.Generator().manual_seed(0))


def processes(*modules):
    return [module._session._process for module in modules]


def test_it_gives_what_the_file_says_and_its_last_activation_is_read(pictures):
    module = built(graphs.convolution())
    (wanted,) = run(graphs.convolution(), {"picture": pictures.numpy()})
    np.testing.assert_allclose(module(pictures).numpy(), wanted, atol=1e-6)
    contract = measure_contract(module, pictures)
    assert (contract.meaning, contract.final, contract.gradient) == ("probabilities", "final", False)
    assert contract.obstacle == black_box.SEALED


def test_copies_ask_the_same_process_and_forgetting_starts_another(pictures):
    module = built(graphs.convolution(final=""))
    before = module(pictures)
    private = copy.deepcopy(module)
    assert torch.equal(private(pictures), before)
    assert processes(private) == processes(module)
    private.reset_parameters()
    assert not torch.allclose(private(pictures), before)
    assert torch.equal(module(pictures), before)


def test_the_process_asked_longest_ago_makes_room(pictures):
    modules = [built(graphs.convolution(classes=classes)) for classes in (2, 3, 4)]
    for module in modules:
        module(pictures)
    first, second, third = processes(*modules)
    assert first is None
    assert second.poll() is None
    assert third.poll() is None
    assert modules[0](pictures).shape == (3, 2)
    assert second.poll() is not None


def test_a_process_ends_with_its_network(pictures):
    module = built(graphs.convolution())
    module(pictures)
    (process,) = processes(module)
    del module
    assert process.wait(30) is not None


def test_one_that_takes_too_long_is_ended_with_a_sentence(pictures, monkeypatch):
    module = built(graphs.convolution())
    module(pictures)
    monkeypatch.setattr(black_box, "PATIENCE", 0.0)
    monkeypatch.setattr(black_box, "PACE", 2.0**60)
    # It never answers, because it waits for the rest of what it was told to read.
    monkeypatch.setattr(
        pipe, "write", lambda stream, words, arrays=(): stream.write(b'{"') and stream.flush()
    )
    with pytest.raises(UserError, match=r"could not be computed: ONNX Runtime took more than 0 seconds; "):
        module(pictures)
    monkeypatch.undo()
    assert module(pictures).shape == (3, 5)


def test_one_that_asks_for_too_much_memory_is_ended_with_a_sentence(pictures, monkeypatch):
    module = built(graphs.convolution())
    module(pictures)
    (process,) = processes(module)
    monkeypatch.setattr(pipe, "read", lambda stream, most: ({"refusal": session.TOO_MUCH}, []))
    with pytest.raises(
        UserError, match=r"^tiny asks for more memory than a network of its size may; export it"
    ):
        module(pictures)
    assert process.poll() is not None
    monkeypatch.undo()
    assert module(pictures).shape == (3, 5)


@pytest.mark.skipif(sys.platform != "linux", reason="tells memory by /proc")
def test_what_a_process_takes_does_not_grow_with_questions(pictures):
    module = built(graphs.convolution())

    def ask(times):
        for _ in range(times):
            module(pictures)
        (process,) = processes(module)
        pages = Path(f"/proc/{process.pid}/statm").read_text().split()[1]
        return int(pages) * resource.getpagesize()

    before = ask(50)
    assert ask(300) - before < 4 * 2**20


def test_pictures_of_another_size_are_no_reason_to_start_anew(pictures):
    module = built(graphs.convolution())
    with pytest.raises(RuntimeError, match="it was made for pictures of 3 x 8 x 8"):
        module(torch.rand(1, 3, 9, 9))
    assert module(pictures).shape == (3, 5)


def test_quantised_graphs_are_computed(pictures):
    from onnx import helper

    nodes = [
        helper.make_node("DynamicQuantizeLinear", ["picture"], ["q", "s", "z"], "quantise"),
        helper.make_node("DequantizeLinear", ["q", "s", "z"], ["a"], "back"),
        helper.make_node("ReduceMax", ["a"], ["scores"], "max", axes=[2, 3], keepdims=0),
    ]
    scores = built(graphs.network(nodes))(pictures)
    assert torch.allclose(scores, pictures.amax((2, 3)), atol=1 / 255)
