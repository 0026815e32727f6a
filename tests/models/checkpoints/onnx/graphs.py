"""Small graphs of ONNX, whole or with something wrong with them."""

from __future__ import annotations

import itertools

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from models.checkpoints.onnx.black_box import BlackBox
from models.checkpoints.onnx.building import build, settle
from models.checkpoints.onnx.file import normalise
from models.classifier import frozen

OPSET = 17


def black_box(model):
    """A file as a network that ONNX Runtime computes, whatever its operators."""
    network, tensors = normalise(model, "0" * 64)
    held = {name: torch.tensor(array) for name, array in tensors.items()}
    return BlackBox(network, None).with_tensors(held).eval()


def translated(model):
    """A file as layers of torch."""
    network, tensors = settle(*normalise(model, "0" * 64))
    assert not network.opaque
    module = build(network)
    module.load_state_dict({name: torch.tensor(array) for name, array in tensors.items()})
    return frozen(module)


def run(model, inputs) -> list[np.ndarray]:
    """What a file gives, by the text of the standard."""
    return [np.asarray(output) for output in ReferenceEvaluator(model).run(None, inputs)]


def tensor(name, *shape, seed=0):
    """Random numbers under a name."""
    values = np.random.default_rng(seed + sum(map(ord, name))).normal(size=shape) / 4
    return numpy_helper.from_array(values.astype(np.float32), name)


def network(nodes, tensors=(), *, reads=("n", 3, 8, 8), gives=("scores",), kind=TensorProto.FLOAT, **more):
    """A file of these nodes, which read `picture`."""
    inputs = [helper.make_tensor_value_info("picture", kind, list(reads))]
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in gives]
    graph = helper.make_graph(list(nodes), "tiny", inputs, outputs, list(tensors))
    opsets = more.pop("opsets", [helper.make_opsetid("", OPSET)])
    return helper.make_model(graph, ir_version=8, opset_imports=opsets, producer_name="test", **more)


def convolution(*, final="Softmax", reads=("n", 3, 8, 8), classes=5):
    """A convolution, a mean over places, a dense layer, and its activation."""
    nodes = [
        helper.make_node("Conv", ["picture", "conv.weight", "conv.bias"], ["a"], "/conv/Conv", pads=[1] * 4),
        helper.make_node("Relu", ["a"], ["b"], "/relu/Relu"),
        helper.make_node("GlobalAveragePool", ["b"], ["c"], "/pool/GlobalAveragePool"),
        helper.make_node("Flatten", ["c"], ["d"], "/Flatten"),
        helper.make_node(
            "Gemm", ["d", "fc.weight", "fc.bias"], ["e" if final else "scores"], "/fc/Gemm", transB=1
        ),
    ]
    if final:
        nodes.append(helper.make_node(final, ["e"], ["scores"], f"/{final}"))
    channels = reads[1] if isinstance(reads[1], int) else 3
    tensors = (
        tensor("conv.weight", 16, channels, 3, 3),
        tensor("conv.bias", 16),
        tensor("fc.weight", classes, 16),
        tensor("fc.bias", classes),
    )
    return network(nodes, tensors, reads=reads)


def opaque(**settings):
    """The same with an activation that has no layer of torch here."""
    model = convolution(**settings)
    model.graph.node[1].op_type = "Celu"
    return model


def dense(inputs=784, classes=10):
    """What scikit-learn's network with a list of dictionaries behind it is written as: labels come first."""
    nodes = [
        helper.make_node("MatMul", ["picture", "coefficient"], ["a"], "MatMul"),
        helper.make_node("Add", ["a", "intercepts"], ["b"], "Add"),
        helper.make_node("Softmax", ["b"], ["probabilities"], "Softmax", axis=-1),
        helper.make_node("ArgMax", ["probabilities"], ["label"], "ArgMax", axis=1, keepdims=0),
        helper.make_node(
            "ZipMap",
            ["probabilities"],
            ["scores"],
            "ZipMap",
            domain="ai.onnx.ml",
            classlabels_int64s=range(classes),
        ),
    ]
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", 1)]
    tensors = (tensor("coefficient", inputs, classes), tensor("intercepts", classes))
    model = network(nodes, tensors, reads=(None, inputs), opsets=opsets)
    del model.graph.output[:]
    model.graph.output.append(helper.make_tensor_value_info("label", TensorProto.INT64, [None]))
    dictionaries = helper.make_map_type_proto(
        TensorProto.INT64, helper.make_tensor_type_proto(TensorProto.FLOAT, [])
    )
    model.graph.output.append(helper.make_value_info("scores", helper.make_sequence_type_proto(dictionaries)))
    return model


def node(operator, name="it", domain="", **attributes):
    """A node between the picture and the scores."""
    return helper.make_node(operator, ["picture"], ["scores"], name, domain=domain, **attributes)


def beside():
    """Weights that lie in another file."""
    model = convolution()
    onnx.external_data_helper.set_external_data(model.graph.initializer[0], "weights.bin")
    model.graph.initializer[0].ClearField("raw_data")
    return model


def _branch():
    body = helper.make_graph([], "body", [], [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])])
    return network([node("If", then_branch=body, else_branch=body)])


def _wide(side):
    """A picture made so large that it holds side x side numbers in each of its three channels."""
    scale = numpy_helper.from_array(np.array([1, 1, side / 8, side / 8], np.float32), "scale")
    nodes = [
        helper.make_node("Resize", ["picture", "", "scale"], ["wide"], "up", mode="nearest"),
        helper.make_node("GlobalMaxPool", ["wide"], ["a"], "pool"),
        helper.make_node("Flatten", ["a"], ["scores"], "flat"),
    ]
    return network(nodes, [scale])


def held(tensors, side=1448):
    """So many tensors of 24 MB for one picture, all of which are there until the last is made."""
    scale = numpy_helper.from_array(np.array([1, 1, side / 8, side / 8], np.float32), "scale")
    names = [f"wide{number}" for number in range(tensors)]
    nodes = [
        helper.make_node("Resize", ["picture", "", "scale"], names[:1], "up", mode="nearest"),
        *(helper.make_node("Relu", [one], [other], other) for one, other in itertools.pairwise(names)),
        helper.make_node("Max", names, ["all"], "max"),
        helper.make_node("GlobalMaxPool", ["all"], ["a"], "pool"),
        helper.make_node("Flatten", ["a"], ["scores"], "flat"),
    ]
    return network(nodes, [scale])


def _worked(side):
    """A kernel of 1,024 channels over 256 x 256 places, which the file does not hold but makes."""
    channels = 1024
    shape = numpy_helper.from_array(np.array([channels, channels, side, side]), "shape")
    first = numpy_helper.from_array(np.array([channels, 3, 1, 1]), "first")
    nodes = [
        helper.make_node("ConstantOfShape", ["first"], ["few"], "few"),
        helper.make_node("ConstantOfShape", ["shape"], ["many"], "many"),
        helper.make_node("Conv", ["picture", "few"], ["a"], "one"),
        helper.make_node("Conv", ["a", "many"], ["b"], "two", pads=[side // 2] * 4),
        helper.make_node("GlobalMaxPool", ["b"], ["c"], "pool"),
        helper.make_node("Flatten", ["c"], ["scores"], "flat"),
    ]
    return network(nodes, [shape, first], reads=("n", 3, 256, 256))


def _unknown():
    return network(
        [
            helper.make_node("NonZero", ["picture"], ["a"], "places"),
            helper.make_node("Cast", ["a"], ["scores"], "cast", to=TensorProto.FLOAT),
        ]
    )


def _two():
    model = convolution(final="")
    model.graph.input.append(helper.make_tensor_value_info("mask", TensorProto.FLOAT, [1, 5]))
    model.graph.node.append(helper.make_node("Add", ["scores", "mask"], ["masked"], "add"))
    model.graph.output[0].name = "masked"
    return model


def _rows():
    model = convolution()
    model.graph.output[0].name = "e"
    model.graph.output.append(helper.make_tensor_value_info("d", TensorProto.FLOAT, None))
    return model


def _function():
    model = convolution()
    model.functions.append(helper.make_function("own", "F", ["x"], ["x"], [], []))
    return model


# What is refused -> the file, and the sentence behind its name.
REFUSED = {
    "weights beside it": (
        beside,
        "keeps its weights in a file beside it; make one file of it: .*external_data=False.*",
    ),
    "branch": (_branch, r"decides when it runs what it computes \(If it\), which cannot be bounded; .*"),
    "another domain": (
        lambda: network([node("Own", domain="com.mine")], opsets=[helper.make_opsetid("com.mine", 1)]),
        r"has operators of another domain \(com.mine\); .*",
    ),
    "function": (_function, "has functions of its own; put them in their places: .*"),
    "unknown size": (_unknown, r"has a node whose size is known only when it runs \(NonZero places\); .*"),
    "numbers of one node": (
        lambda: _wide(4736),
        r"gives 67,289,\d{3} numbers for one picture in Resize up, and a page can hold 67,108,864; .*",
    ),
    "multiplications": (
        lambda: _worked(3),
        r"multiplies 618,\d{3},\d{3},\d{3} times for one picture, and a page can wait for 549,755,813,888; .*",
    ),
    "two inputs": (_two, r"reads 2 inputs \(picture, mask\), and a photo is one; .*"),
    "several rows": (_rows, r"gives several rows of numbers \(e, d\); .*"),
    "whole numbers": (
        lambda: network([node("ArgMax", axis=1)], gives=()),
        r".*(damaged|gives no numbers with a fraction).*",
    ),
    "no pictures": (
        lambda: network([node("Relu")], reads=("n", 7)),
        r"reads numbers of shape \(any, 7\), which are no pictures; .*",
    ),
    "map": (
        lambda: network([node("Relu")]),
        "gives 3 x 8 x 8 numbers for a picture and no row of classes; .*",
    ),
    "text": (
        lambda: network([node("Relu")], kind=TensorProto.INT64),
        "reads picture, which are no pixels; .*",
    ),
}
# Just within the bounds of those above.
TAKEN = {"numbers of one node": lambda: _wide(4728), "multiplications": lambda: _worked(1)}
