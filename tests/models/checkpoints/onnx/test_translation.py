"""A graph as layers of torch: under whose names they stand, and which nodes become one."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
import torch
from onnx import helper
from torch import nn

from models.checkpoints.keras.modules import Add
from tests.models.checkpoints.onnx import graphs

PICTURES = torch.rand(3, 3, 8, 8, generator=torch.Generator().manual_seed(0))


def product(matrix="onnx::MatMul_17", bias="mixer.project.bias", *, first="product", shape=(5,)):
    """A product with a matrix and a bias added behind it, as exporters write a linear layer of lists of tokens."""
    added = [first, bias] if first == "product" else [first, "product"]
    nodes = [
        helper.make_node("MatMul", ["picture", matrix], ["product"], "/mixer/project/MatMul"),
        helper.make_node("Add", added, ["added"], "/mixer/project/Add"),
        helper.make_node("ReduceMax", ["added"], ["scores"], "/ReduceMax", axes=[1, 2], keepdims=0),
    ]
    return graphs.network(nodes, [graphs.tensor(matrix, 8, 5), graphs.tensor(bias, *shape)])


def layers(model):
    return {name: type(layer) for name, layer in graphs.translated(model).named_modules() if name}


@pytest.mark.parametrize("first", ["product", "mixer.project.bias"])
def test_a_product_and_its_bias_are_one_linear_layer_with_the_name_of_the_bias(first):
    model = product(first=first)
    (wanted,) = graphs.run(model, {"picture": PICTURES.numpy()})
    module = graphs.translated(model)
    np.testing.assert_allclose(module(PICTURES).numpy(), wanted, atol=1e-5)
    linear = module.get_submodule("mixer.project")
    assert isinstance(linear, nn.Linear)
    assert linear.bias is not None
    assert [name for name, layer in module.named_children()] == ["mixer", "ReduceMax"]


def test_what_else_is_added_is_a_layer_of_its_own():
    found = layers(product(shape=(8, 1)))
    assert [name for name, kind in found.items() if kind is nn.Linear] == ["mixer.project"]
    assert Add in found.values()


def test_a_product_that_something_else_reads_keeps_its_bias_apart():
    model = product()
    model.graph.node.insert(
        2, helper.make_node("Add", ["added", "product"], ["both"], "/mixer/project/Add_1")
    )
    model.graph.node[3].input[0] = "both"
    (wanted,) = graphs.run(model, {"picture": PICTURES.numpy()})
    module = graphs.translated(onnx.ModelProto.FromString(model.SerializeToString()))
    np.testing.assert_allclose(module(PICTURES).numpy(), wanted, atol=1e-5)
    assert all(layer.bias is None for layer in module.modules() if isinstance(layer, nn.Linear))


def test_layers_have_the_names_that_weights_and_nodes_tell():
    assert layers(graphs.convolution()) == {
        "conv": nn.Conv2d,
        "relu": nn.ReLU,
        "pool": nn.AdaptiveAvgPool2d,
        "Flatten": nn.Flatten,
        "fc": nn.Linear,
        "softmax": nn.Softmax,
    }


def test_a_mask_that_is_made_of_constants_is_one():
    """As Swin's shifted windows have it, with more numbers than tell sizes."""
    side, constant = 40, onnx.numpy_helper.from_array
    tensors = [
        constant(np.array([side, side]), "shape"),
        constant(np.array([[0, 1], [2, 3]]), "places"),
        constant(np.array([5, 7], np.float32), "updates"),
    ]
    nodes = [
        helper.make_node("ConstantOfShape", ["shape"], ["zeros"], "zeros"),
        helper.make_node("ScatterND", ["zeros", "places", "updates"], ["mask"], "mask"),
        helper.make_node("Add", ["picture", "mask"], ["masked"], "add"),
        helper.make_node("Flatten", ["masked"], ["scores"], "flat"),
    ]
    pictures = torch.rand(2, 1, side, side, generator=torch.Generator().manual_seed(0))
    model = graphs.network(nodes, tensors, reads=("n", 1, side, side))
    (wanted,) = graphs.run(model, {"picture": pictures.numpy()})
    module = graphs.translated(model)
    np.testing.assert_allclose(module(pictures).numpy(), wanted, atol=1e-6)
    assert [name for name, _ in module.named_children()] == ["add", "flat"]
