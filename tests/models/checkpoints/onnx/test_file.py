"""What an ONNX file is told to be, and what is refused before anything computes it."""

from __future__ import annotations

import re
import resource
import time

import numpy as np
import onnx
import pytest
from onnx import helper

from models.checkpoints import reading
from models.checkpoints.limits import RefusalError
from models.checkpoints.onnx.file import GONE, ONE_FILE, normalise, read
from models.runtime.errors import UserError
from tests.models.checkpoints.onnx import graphs


def taken(model):
    return normalise(model, "0" * 64)


@pytest.mark.parametrize("what", graphs.REFUSED)
def test_what_cannot_be_shown_or_bounded_is_refused_with_its_way_out(what):
    make, sentence = graphs.REFUSED[what]
    with pytest.raises(RefusalError, match=f"^{sentence}$"):
        taken(make())


@pytest.mark.parametrize("what", graphs.TAKEN)
def test_what_is_just_within_the_bounds_is_taken(what):
    network, _ = taken(graphs.TAKEN[what]())
    assert network.outputs


def test_layout_size_head_and_weights_are_read_from_the_graph():
    network, tensors = taken(graphs.convolution())
    assert (network.layout, network.given, network.batch, network.outputs) == ("first", (3, 8, 8), 0, 5)
    assert network.final == "Softmax"
    assert {name: array.shape for name, array in tensors.items()} == {
        "conv.weight": (16, 3, 3, 3),
        "conv.bias": (16,),
        "fc.weight": (5, 16),
        "fc.bias": (5,),
    }
    # The large ones are in the graph by name alone, and the softmax is taken off.
    kept = onnx.ModelProto.FromString(network.graph).graph
    assert [tensor.name for tensor in kept.initializer if tensor.external_data] == [
        "conv.weight",
        "fc.weight",
    ]
    assert [node.op_type for node in kept.node][-1] == "Gemm"
    # 8 x 8 places of 16 channels of 27 numbers, and 16 of 5; what is no product counts what it reads and gives.
    assert network.work == 8 * 8 * 16 * 27 + 5 * 16 + 2 * 1024 + (1024 + 16) + 2 * 16 + 2 * 5


@pytest.mark.parametrize(
    ("reads", "layout", "given"),
    [
        ((1, 3, 32, 48), "first", (3, 32, 48)),
        ((None, 32, 48, 3), "last", (3, 32, 48)),
        ((None, 28, 28, 1), "last", (1, 28, 28)),
        ((None, 3, 3, 3), "first", (3, 3, 3)),
        ((None, 28, 28), "plane", (1, 28, 28)),
        ((None, 784), "flat", (1, 28, 28)),
        ((None, 3072), "flat", (3, 32, 32)),
        ((None, 3, "h", "w"), "first", (3, 224, 224)),
    ],
)
def test_pictures_lie_as_the_input_says(reads, layout, given):
    nodes = [helper.make_node("ReduceMax", ["picture"], ["scores"], "max", axes=list(range(1, len(reads))))]
    network, _ = taken(graphs.network(nodes, reads=reads))
    assert (network.layout, network.given, network.batch) == (layout, given, reads[0] or 0)
    assert network.free is ("h" in reads)


def test_the_scores_of_scikit_learn_are_found_behind_labels_and_dictionaries():
    network, tensors = taken(graphs.dense())
    assert (network.outputs, network.final, network.layout) == (10, "Softmax", "flat")
    assert set(tensors) == {"coefficient", "intercepts"}
    assert network.depth == 2


@pytest.mark.parametrize(
    ("operator", "value", "white"),
    [("Div", 255, 255), ("Mul", 1 / 255, 255), ("Sub", 0.5, 1), ("Sub", 127.5, 255)],
)
def test_what_brings_pixels_to_other_numbers_tells_their_range(operator, value, white):
    model = graphs.convolution()
    constant = onnx.numpy_helper.from_array(np.array(value, np.float32), "constant")
    model.graph.initializer.append(constant)
    for node in model.graph.node:
        node.input[:] = ["scaled" if name == "picture" else name for name in node.input]
    model.graph.node.insert(0, helper.make_node(operator, ["picture", "constant"], ["scaled"], "scale"))
    network, _ = taken(model)
    assert (network.largest, network.prepares) == (white, f"{operator} scale")


def test_a_number_of_pictures_that_was_written_into_a_graph_is_kept():
    model = graphs.convolution(final="")
    model.graph.initializer.append(onnx.numpy_helper.from_array(np.array([2, 5]), "shape"))
    model.graph.node.append(helper.make_node("Reshape", ["scores", "shape"], ["shaped"], "shape"))
    model.graph.output[0].name = "shaped"
    network, _ = taken(model)
    assert network.batch == 2


def test_quantised_nodes_are_said():
    nodes = [
        helper.make_node("DynamicQuantizeLinear", ["picture"], ["q", "s", "z"], "quantise"),
        helper.make_node("DequantizeLinear", ["q", "s", "z"], ["a"], "back"),
        helper.make_node("ReduceMax", ["a"], ["scores"], "max", axes=[2, 3], keepdims=0),
    ]
    network, _ = taken(graphs.network(nodes))
    assert network.opaque == "it is quantised (2 nodes compute with whole numbers)"


def test_a_file_that_is_cut_short_is_damaged(tmp_path):
    content = graphs.convolution().SerializeToString()
    (tmp_path / "cut.onnx").write_bytes(content[: len(content) // 2])
    with pytest.raises(RefusalError, match=r"^is (a )?damaged"):
        read(tmp_path / "cut.onnx")


def test_weights_beside_a_file_are_read_where_an_operator_named_it(tmp_path):
    onnx.save(graphs.convolution(), tmp_path / "x.onnx", save_as_external_data=True, size_threshold=64)
    with pytest.raises(RefusalError, match="external_data=False"):
        read(tmp_path / "x.onnx")
    _, tensors = read(tmp_path / "x.onnx", trusted=True)
    assert tensors["conv.weight"].shape == (16, 3, 3, 3)


@pytest.mark.parametrize("place", ["../secret", "{}/secret", "gone"])
def test_nothing_is_read_from_any_other_place(tmp_path, place):
    folder, model = tmp_path / "within", graphs.convolution()
    folder.mkdir()
    tensor = model.graph.initializer[0]
    (tmp_path / "secret").write_bytes(tensor.raw_data)
    onnx.external_data_helper.set_external_data(tensor, place.format(tmp_path))
    tensor.ClearField("raw_data")
    (folder / "x.onnx").write_bytes(model.SerializeToString())
    for trusted, sentence in ((False, ONE_FILE), (True, GONE)):
        with pytest.raises(RefusalError) as refused:
            read(folder / "x.onnx", trusted=trusted)
        assert str(refused.value) == sentence


@pytest.mark.slow
@pytest.mark.usefixtures("forked_children")
@pytest.mark.parametrize("what", graphs.REFUSED)
def test_a_file_that_is_refused_costs_little_and_leaves_nothing(tmp_path, what):
    make, sentence = graphs.REFUSED[what]
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(make().SerializeToString())
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    with pytest.raises(UserError) as refused:
        reading.read(source, "my network.onnx", target)
    assert re.fullmatch(rf"my network\.onnx {sentence}\.", str(refused.value)), str(refused.value)
    assert time.process_time() - begun < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024
    assert [path.name for path in tmp_path.iterdir()] == ["source"]
