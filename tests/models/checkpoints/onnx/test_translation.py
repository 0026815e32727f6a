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
