"""Each operator of the table against ONNX Runtime, in random configurations."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from models.checkpoints.onnx import building
from models.checkpoints.onnx.building import settle
from models.checkpoints.onnx.file import normalise
from models.checkpoints.onnx.operators import OPERATORS, SPLIT
from models.checkpoints.onnx.translation import check
from tests.models.checkpoints.onnx import graphs

CONFIGURATIONS = 6
CHANNELS, HEIGHT, WIDTH = 4, 9, 7


class Draw:
    """Random settings and tensors of one node, whose input is (N, 4, 9, 7) and is called `x`."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.tensors: list[onnx.TensorProto] = []

    def one(self, *options):
        return options[self.random.integers(len(options))]

    def pair(self, low, high):
        return [int(number) for number in self.random.integers(low, high + 1, 2)]

    def held(self, *shape, positive=False):
        values = self.random.normal(size=shape).astype(np.float32)
        return self.keep(np.abs(values) + np.float32(0.5) if positive else values)

    def keep(self, array):
        name = f"held{len(self.tensors)}"
        self.tensors.append(numpy_helper.from_array(np.asarray(array), name))
        return name


def conv(draw):
    group, kernel = draw.one(1, 2, 4), draw.pair(1, 3)
    same = draw.one("NOTSET", "NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID")
    dilations = [1, 1] if same.startswith("SAME") else draw.pair(1, 2)
    pads = {"pads": draw.pair(0, 2) + draw.pair(0, 2)} if same == "NOTSET" else {"auto_pad": same}
    inputs = ["x", draw.held(8, CHANNELS // group, *kernel), *draw.one([], [draw.held(8)])]
    return (
        "Conv",
        inputs,
        {"group": group, "strides": draw.pair(1, 2), "dilations": dilations, "kernel_shape": kernel, **pads},
    )


def conv_transpose(draw):
    group, strides = draw.one(1, 2), draw.pair(1, 3)
    pads = draw.pair(0, 1)
    inputs = ["x", draw.held(CHANNELS, 6 // group, 3, 3), *draw.one([], [draw.held(6)])]
    output = [min(1, stride - 1) for stride in strides]
    return (
        "ConvTranspose",
        inputs,
        {
            "group": group,
            "strides": strides,
            "pads": pads * 2,
            "output_padding": output,
            "kernel_shape": [3, 3],
        },
    )


def pool(operator):
    def make(draw):
        kernel = draw.pair(2, 3)
        how = draw.one("NOTSET", "NOTSET", "SAME_UPPER", "SAME_LOWER")
        pads = {"pads": draw.pair(0, 1) + draw.pair(0, 1)} if how == "NOTSET" else {"auto_pad": how}
        counted = {"count_include_pad": draw.one(0, 1)} if operator == "AveragePool" else {}
        return operator, ["x"], {"kernel_shape": kernel, "strides": draw.pair(1, 2), **pads, **counted}

    return make


def pair(operator, *, positive=False):
    def make(draw):
        shape = draw.one((1,), (CHANNELS, 1, 1), (1, CHANNELS, HEIGHT, WIDTH), (WIDTH,))
        held = draw.held(*shape, positive=True)
        names = ["x", held] if operator in ("Pow", "Div") else draw.one(["x", held], [held, "x"], ["x", "x"])
        return operator, names, {}

    return make


def reduction(operator):
    return lambda draw: (
        operator,
        ["x"],
        {"axes": draw.one([1], [2, 3], [-1], [1, 2, 3], [-2, -1]), "keepdims": draw.one(0, 1)},
    )


def gemm(draw):
    turned = draw.one(0, 1)
    weight = draw.held(5, CHANNELS) if turned else draw.held(CHANNELS, 5)
    settings = {"transB": turned, "alpha": draw.one(1.0, 0.5), "beta": draw.one(1.0, 2.0)}
    return "Gemm", ["mean", weight, *draw.one([], [draw.held(5)], [draw.held(1)])], settings


def slices(draw):
    axis, step = draw.one(1, 2, 3, -1), draw.one(1, 2)
    arrays = [[draw.one(0, 1, -3)], [draw.one(-1, 2**40)], [axis], [step]]
    return "Slice", ["x", *(draw.keep(np.array(array)) for array in arrays)], {}


def resize(draw):
    mode, how, near, scale = draw.one(
        ("nearest", "asymmetric", "floor", [1, 1, 1.5, 2]),
        ("nearest", "half_pixel", "round_prefer_floor", [1, 1, 2, 3]),
        ("linear", "half_pixel", "floor", [1, 1, 2, 2]),
        ("linear", "align_corners", "floor", [1, 1, 2, 3]),
    )
    settings = {"mode": mode, "coordinate_transformation_mode": how, "nearest_mode": near}
    return "Resize", ["x", "", draw.keep(np.array(scale, np.float32))], settings


def pad(draw):
    mode = draw.one("constant", "reflect", "edge")
    sides = [0, 0, *draw.pair(0, 2), 0, 0, *draw.pair(0, 2)]
    return "Pad", ["x", draw.keep(np.array(sides))], {"mode": mode}


def plain(operator, inputs=("x",), **settings):
    return lambda draw: (
        operator,
        [draw.held(*name) if isinstance(name, tuple) else name for name in inputs],
        {name: draw.one(*options) for name, options in settings.items()},
    )


def norm(draw):
    names = [
        draw.held(CHANNELS),
        draw.held(CHANNELS),
        draw.held(CHANNELS),
        draw.held(CHANNELS, positive=True),
    ]
    return "BatchNormalization", ["x", *names], {"epsilon": draw.one(1e-5, 1e-3)}


def layer_norm(draw):
    axis, shape = draw.one((-1, (WIDTH,)), (1, (CHANNELS, HEIGHT, WIDTH)), (-2, (HEIGHT, WIDTH)))
    return "LayerNormalization", ["x", draw.held(*shape), *draw.one([], [draw.held(*shape)])], {"axis": axis}


def shaped(operator, *options, key="shape"):
    return lambda draw: (operator, ["x", draw.keep(np.array(draw.one(*options)))], {})


MAKERS = {
    "Conv": conv,
    "ConvTranspose": conv_transpose,
    "Gemm": gemm,
    "MatMul": lambda draw: (
        "MatMul",
        draw.one(["x", draw.held(WIDTH, 5)], ["x", draw.held(1, CHANNELS, WIDTH, 3)]),
        {},
    ),
    "MaxPool": pool("MaxPool"),
    "AveragePool": pool("AveragePool"),
    "GlobalAveragePool": plain("GlobalAveragePool"),
    "GlobalMaxPool": plain("GlobalMaxPool"),
    "ReduceMean": reduction("ReduceMean"),
    "ReduceMax": reduction("ReduceMax"),
    "ReduceSum": lambda draw: (
        "ReduceSum",
        ["x", draw.keep(np.array(draw.one([1], [2, 3])))],
        {"keepdims": 1},
    ),
    "BatchNormalization": norm,
    "LayerNormalization": layer_norm,
    "InstanceNormalization": plain(
        "InstanceNormalization", ("x", (CHANNELS,), (CHANNELS,)), epsilon=(1e-5, 1e-2)
    ),
    "LRN": plain("LRN", size=(3, 5), alpha=(1e-4, 0.1), bias=(1.0, 2.0)),
    "Relu": plain("Relu"),
    "LeakyRelu": plain("LeakyRelu", alpha=(0.01, 0.3)),
    "PRelu": lambda draw: ("PRelu", ["x", draw.held(*draw.one((1,), (CHANNELS, 1, 1)))], {}),
    "Elu": plain("Elu", alpha=(1.0, 0.5)),
    "Gelu": plain("Gelu", approximate=("none", "tanh")),
    "Clip": lambda draw: (
        "Clip",
        ["x", *(draw.keep(np.float32(side)) for side in draw.one((0, 6), (-0.5, 0.5)))],
        {},
    ),
    "Sigmoid": plain("Sigmoid"),
    "HardSigmoid": plain("HardSigmoid", alpha=(0.2, 1 / 6), beta=(0.5,)),
    "HardSwish": plain("HardSwish"),
    "Tanh": plain("Tanh"),
    "Softplus": plain("Softplus"),
    "Softmax": plain("Softmax", axis=(1, -1, 2)),
    "LogSoftmax": plain("LogSoftmax", axis=(1, -1)),
    "Erf": plain("Erf"),
    **{operator: pair(operator) for operator in ("Add", "Sub", "Mul", "Div")},
    "Pow": lambda draw: ("Pow", ["x", draw.keep(np.float32(draw.one(2, 3)))], {}),
    "Sum": plain("Sum", ("x", "x", "x")),
    "Max": plain("Max", ("x", (CHANNELS, 1, 1))),
    "Min": plain("Min", ("x", (CHANNELS, 1, 1))),
    "Concat": plain("Concat", ("x", "x"), axis=(1, 2, -1)),
    "Flatten": plain("Flatten"),
    "Reshape": shaped(
        "Reshape", [0, -1], [-1, CHANNELS, HEIGHT * WIDTH], [0, 0, -1], [0, 2, 2, HEIGHT, WIDTH]
    ),
    "Transpose": plain("Transpose", perm=([0, 2, 3, 1], [0, 3, 1, 2])),
    "Squeeze": lambda draw: ("Squeeze", ["pooled", draw.keep(np.array(draw.one([2, 3], [-1], [2])))], {}),
    "Unsqueeze": shaped("Unsqueeze", [1], [-1], [2, 4]),
    "Slice": slices,
    "Gather": lambda draw: (
        "Gather",
        ["x", draw.keep(np.array(draw.one(1, [0, 2], -1)))],
        {"axis": draw.one(1, 2, -1)},
    ),
    "Expand": lambda draw: ("Expand", ["pooled", draw.keep(np.array([1, CHANNELS, 3, 2]))], {}),
    "Pad": pad,
    "Resize": resize,
    "DepthToSpace": plain("DepthToSpace", blocksize=(2,), mode=("CRD",)),
    "Sqrt": plain("Sqrt", ("positive",)),
    "Reciprocal": plain("Reciprocal", ("positive",)),
    "Neg": plain("Neg"),
    "Exp": plain("Exp"),
    "Log": plain("Log", ("positive",)),
    "Abs": plain("Abs"),
    "Identity": plain("Identity"),
    "Dropout": plain("Dropout"),
    "Cast": plain("Cast", to=(TensorProto.FLOAT,)),
}


def network(operator, seed):
    """A file of this operator between a picture and scores, so that all that it gives counts."""
    draw = Draw(sum(map(ord, operator)) * 1000 + seed)
    name, inputs, settings = MAKERS[operator](draw)
    nodes = [
        helper.make_node("Identity", ["picture"], ["x"], "first"),
        helper.make_node("GlobalAveragePool", ["x"], ["pooled"], "pooled"),
        helper.make_node("Flatten", ["pooled"], ["mean"], "mean"),
        helper.make_node("Sigmoid", ["x"], ["positive"], "positive"),
        helper.make_node(name, inputs, ["y"], "tried", **settings),
        helper.make_node("Flatten", ["y"], ["scores"], "flat"),
    ]
    reads = ("n", CHANNELS, HEIGHT, WIDTH)
    return graphs.network(nodes, draw.tensors, reads=reads, opsets=[helper.make_opsetid("", opset(operator))])


def opset(operator):
    """The newest in which settings are as above."""
    return 20 if operator in ("Gelu", "DepthToSpace") else graphs.OPSET


def test_every_operator_of_the_table_is_tried():
    assert set(MAKERS) == set(OPERATORS)


@pytest.mark.parametrize("operator", OPERATORS)
def test_an_operator_gives_what_onnx_runtime_gives(operator, monkeypatch):
    found = []
    monkeypatch.setattr(building, "check", lambda *given: found.append(check(*given)))
    for seed in range(CONFIGURATIONS):
        settled, _ = settle(*normalise(network(operator, seed), "0" * 64))
        assert settled.opaque == "", network(operator, seed).graph.node[4]
    assert max(found) < 1e-5


def test_a_split_becomes_a_layer_for_each_part():
    nodes = [
        helper.make_node("Split", ["picture"], ["a", "b"], "split", axis=1),
        helper.make_node("Sub", ["b", "a"], ["c"], "less"),
        helper.make_node("Flatten", ["c"], ["scores"], "flat"),
    ]
    settled, _ = settle(*normalise(graphs.network(nodes, reads=("n", 4, 5, 5)), "0" * 64))
    assert settled.opaque == ""
    assert [name for name, _ in building.build(settled).named_children()] == [
        "split_0",
        "split_1",
        "less",
        "flat",
    ]
    assert SPLIT not in OPERATORS


@pytest.mark.parametrize(
    ("node", "why"),
    [
        (graphs.node("Celu"), "no layer of PyTorch is known here for Celu"),
        (graphs.node("ReduceMean", axes=[0]), "ReduceMean mixes pictures"),
        (graphs.node("LpPool", kernel_shape=[2, 2]), "no layer of PyTorch is known here for LpPool"),
    ],
)
def test_what_is_not_in_the_table_stays_a_black_box_and_says_why(node, why):
    nodes = [node, helper.make_node("Flatten", ["scores"], ["row"], "flat")]
    settled, tensors = settle(*normalise(graphs.network(nodes, reads=(2, 3, 8, 8), gives=("row",)), "0" * 64))
    assert settled.opaque == why
    assert not tensors
