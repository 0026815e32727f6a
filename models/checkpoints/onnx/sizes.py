"""Sizes of all that a graph of ONNX computes, worked out before anybody runs it, and bounded."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.checkpoints.limits import MOST_ALL, MOST_NUMBERS, MOST_WORK, RefusalError

Shape = tuple[int, ...]
# Tensors of so many numbers at most are computed here, where they tell the sizes of others; a rule makes more for who
# wants them.
FEW = 1024
MOST_MADE = 2**22
# Each pass finds the sizes of what hangs on sizes that the one before found.
PASSES = 32
SIZES = "export the network for pictures of one size, with constant shapes"


@dataclass(frozen=True)
class Measure:
    """What a graph computes of so many pictures.

    Attributes:
        shapes: name -> shape of each tensor.
        constants: name -> numbers of what follows from sizes alone.
        total: numbers that all nodes give.
        work: multiplications.
    """

    shapes: Mapping[str, Shape]
    constants: Mapping[str, np.ndarray[Any, Any]]
    total: int
    work: int


def measure(model: Any, given: Shape) -> Measure:
    """Work out the sizes in a graph.

    Args:
        model: of one input; its large tensors may lie elsewhere. Not changed.
        given: shape of what goes in.

    Raises:
        RefusalError: if a size cannot be known before it runs, or is beyond what a page can compute.
    """
    from onnx import numpy_helper, shape_inference

    fixed = type(model)()
    fixed.CopyFrom(model)
    graph = fixed.graph
    dims = graph.input[0].type.tensor_type.shape.dim
    for dim, size in zip(dims, given, strict=True):
        dim.dim_value = size
    del graph.value_info[:]
    for output in graph.output:
        output.type.tensor_type.ClearField("shape")
    constants = {
        tensor.name: numpy_helper.to_array(tensor)
        for tensor in graph.initializer
        if not tensor.external_data and math.prod(tensor.dims) <= FEW
    }
    held = {tensor.name: tuple(tensor.dims) for tensor in graph.initializer}
    for _ in range(PASSES):
        try:
            inferred = shape_inference.infer_shapes(fixed, data_prop=True).graph
        except Exception as error:
            raise RefusalError(f"is damaged: its sizes do not fit each other; {SIZES}") from error
        folded = {name: tuple(array.shape) for name, array in constants.items()}
        shapes = {
            **held,
            **folded,
            **_known(inferred.value_info),
            **_known(inferred.output),
            **_known(inferred.input),
        }
        if not _fold(graph, shapes, constants, numpy_helper):
            break
    return Measure(shapes, constants, *_count(model.graph.node, shapes))


def _known(entries: Any) -> dict[str, Shape]:
    """Shapes that are known whole."""
    shapes = {}
    for entry in entries:
        kind = entry.type.tensor_type
        if kind.HasField("shape") and all(dim.HasField("dim_value") for dim in kind.shape.dim):
            shapes[entry.name] = tuple(dim.dim_value for dim in kind.shape.dim)
    return shapes


def _fold(graph: Any, shapes: Mapping[str, Shape], constants: dict[str, Any], helper: Any) -> bool:
    """Take what follows from sizes out of a graph's nodes; whether there was any."""
    kept = []
    for node in graph.node:
        array = _computed(node, shapes, constants)
        if array is None:
            kept.append(node)
        else:
            constants[node.output[0]] = array
            graph.initializer.append(helper.from_array(array, node.output[0]))
    if len(kept) == len(graph.node):
        return False
    kept = [type(node).FromString(node.SerializeToString()) for node in kept]
    del graph.node[:]
    graph.node.extend(kept)
    return True


def _computed(node: Any, shapes: Mapping[str, Shape], constants: Mapping[str, Any]) -> Any:
    """What a node gives, where that is few numbers and follows from sizes and constants; else None."""
    if node.op_type in ("Shape", "Size"):
        shape = shapes.get(node.input[0])
        if shape is None:
            return None
        if node.op_type == "Size":
            return np.array(math.prod(shape), np.int64)
        settings = attributes(node)
        return np.array(shape[settings.get("start", 0) : settings.get("end")], np.int64)
    rule = FOLDED.get(node.op_type)
    names = [name for name in node.input if name]
    if rule is None or len(node.output) != 1 or not all(name in constants for name in names):
        return None
    if math.prod(shapes.get(node.output[0], ())) > FEW:
        return None
    values = [constants[name] if name else None for name in node.input]
    try:
        with np.errstate(all="ignore"):
            array = np.asarray(rule(values, attributes(node)))
    except (ArithmeticError, IndexError, KeyError, TypeError, ValueError):
        return None
    return array if array.size <= FEW else None


def attributes(node: Any) -> dict[str, Any]:
    """What is said of a node beside its inputs, by name; texts as text."""
    from onnx import helper

    values = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
    return {
        name: value.decode("utf-8", "replace") if isinstance(value, bytes) else value
        for name, value in values.items()
    }


def axes_of(values: Sequence[Any], settings: Mapping[str, Any], place: int = 1) -> tuple[int, ...] | None:
    """Axes that a node names, by an input in newer files and by an attribute in older ones; None where by none."""
    if len(values) > place and values[place] is not None:
        return tuple(int(axis) for axis in np.ravel(values[place]))
    return tuple(settings["axes"]) if "axes" in settings else None


def _cast(values: Sequence[Any], settings: Mapping[str, Any]) -> Any:
    from onnx import helper

    return values[0].astype(helper.tensor_dtype_to_np_dtype(settings["to"]))


def _slice(values: Sequence[Any], settings: Mapping[str, Any]) -> Any:
    array = values[0]
    starts, ends, axes, steps = (
        (*values[1:], None, None)[:4]
        if len(values) > 1
        else (settings["starts"], settings["ends"], settings.get("axes"), None)
    )
    axes = range(len(starts)) if axes is None else axes
    steps = [1] * len(starts) if steps is None else steps
    parts = [slice(None)] * array.ndim
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        low = -array.shape[axis] - 1
        parts[axis] = slice(int(start), None if step < 0 and end <= low else int(end), int(step))
    return array[tuple(parts)]


def _reshape(values: Sequence[Any], settings: Mapping[str, Any]) -> Any:
    array = values[0]
    shape = [array.shape[place] if size == 0 else int(size) for place, size in enumerate(values[1])]
    return array.reshape(shape)


def _unsqueeze(values: Sequence[Any], settings: Mapping[str, Any]) -> Any:
    return np.expand_dims(values[0], axes_of(values, settings) or ())


def _filled(values: Sequence[Any], settings: Mapping[str, Any]) -> Any:
    from onnx import numpy_helper

    shape = tuple(map(int, values[0]))
    if math.prod(shape) > MOST_MADE:
        raise ValueError("too many numbers")
    value = numpy_helper.to_array(settings["value"]) if "value" in settings else np.zeros(1, np.float32)
    return np.full(shape, value.ravel()[0])


def _range(values: Sequence[Any], settings: Mapping[str, Any]) -> Any:
    start, end, step = (array.item() for array in values)
    if (end - start) / step > MOST_MADE:
        raise ValueError("too many numbers")
    return np.arange(start, end, step).astype(values[0].dtype)


def _expand(values: Sequence[Any], settings: Mapping[str, Any]) -> Any:
    if math.prod(map(int, values[1])) > MOST_MADE:
        raise ValueError("too many numbers")
    return values[0] * np.ones(tuple(map(int, values[1])), values[0].dtype)


def _scatter(values: Sequence[Any], settings: Mapping[str, Any]) -> Any:
    array, places, updates = values
    if settings.get("reduction", "none") != "none":
        raise ValueError("it adds to what is there")
    array = array.copy()
    array[tuple(np.moveaxis(places, -1, 0))] = updates
    return array


def _divide(one: Any, other: Any) -> Any:
    """As ONNX divides whole numbers: towards zero."""
    if np.issubdtype(one.dtype, np.integer):
        return np.trunc(one / other).astype(one.dtype)
    return one / other


def _elementwise(function: Callable[..., Any]) -> Callable[[Sequence[Any], Mapping[str, Any]], Any]:
    return lambda values, settings: function(*values)


def _reduced(function: Callable[..., Any]) -> Callable[[Sequence[Any], Mapping[str, Any]], Any]:
    return lambda values, settings: function(
        values[0], axis=axes_of(values, settings), keepdims=bool(settings.get("keepdims", 1))
    )


# Operator -> numbers that it makes of few numbers.
FOLDED: Mapping[str, Callable[[Sequence[Any], Mapping[str, Any]], Any]] = {
    "Add": _elementwise(np.add),
    "Cast": _cast,
    "Ceil": _elementwise(np.ceil),
    "Concat": lambda values, settings: np.concatenate(values, settings["axis"]),
    "ConstantOfShape": _filled,
    "Div": _elementwise(_divide),
    "Equal": _elementwise(np.equal),
    "Expand": _expand,
    "Floor": _elementwise(np.floor),
    "Gather": lambda values, settings: np.take(values[0], values[1], settings.get("axis", 0)),
    "Greater": _elementwise(np.greater),
    "Identity": lambda values, settings: values[0],
    "Less": _elementwise(np.less),
    "Max": lambda values, settings: np.maximum.reduce(np.broadcast_arrays(*values)),
    "Min": lambda values, settings: np.minimum.reduce(np.broadcast_arrays(*values)),
    "Mod": _elementwise(np.mod),
    "Mul": _elementwise(np.multiply),
    "Neg": _elementwise(np.negative),
    "Not": _elementwise(np.logical_not),
    "Pow": _elementwise(np.power),
    "Range": _range,
    "ReduceProd": _reduced(np.prod),
    "ReduceSum": _reduced(np.sum),
    "Reshape": _reshape,
    "ScatterND": _scatter,
    "Slice": _slice,
    "Sqrt": _elementwise(np.sqrt),
    "Squeeze": lambda values, settings: np.squeeze(values[0], axes_of(values, settings)),
    "Sub": _elementwise(np.subtract),
    "Transpose": lambda values, settings: np.transpose(values[0], settings.get("perm")),
    "Unsqueeze": _unsqueeze,
    "Where": _elementwise(np.where),
}


def _count(nodes: Any, shapes: Mapping[str, Shape]) -> tuple[int, int]:
    """Numbers that all nodes give, and multiplications.

    Raises:
        RefusalError: if one is not known, or there are too many.
    """
    total = work = 0
    for node in nodes:
        for name in filter(None, node.output):
            if name not in shapes:
                raise RefusalError(
                    f"has a node whose size is known only when it runs ({title(node)}); {SIZES}"
                )
            count = math.prod(shapes[name])
            if count > MOST_NUMBERS:
                raise RefusalError(
                    f"gives {count:,} numbers for one picture in {title(node)}, and a page can hold {MOST_NUMBERS:,}; "
                    "make it for smaller pictures"
                )
            total += count
        work += _work(node, shapes)
    if total > MOST_ALL:
        raise RefusalError(
            f"gives {total:,} numbers in all for one picture, and a page can hold {MOST_ALL:,}; make it for smaller "
            "pictures"
        )
    if work > MOST_WORK:
        raise RefusalError(
            f"multiplies {work:,} times for one picture, and a page can wait for {MOST_WORK:,}; make it for smaller "
            "pictures"
        )
    return total, work


# Operator -> which of its inputs is a kernel (outputs, inputs of a group, ...).
KERNELS = {"Conv": 1, "ConvInteger": 1, "QLinearConv": 3}
PRODUCTS = ("MatMul", "MatMulInteger", "QLinearMatMul", "Gemm")
RECURRENT = ("LSTM", "GRU", "RNN")


def _work(node: Any, shapes: Mapping[str, Shape]) -> int:
    """Multiplications of a node; of one that is not known, as many as numbers that go in and come out."""
    read = [shapes.get(name, ()) for name in node.input]
    gives = sum(math.prod(shapes[name]) for name in node.output if name)
    if node.op_type in KERNELS and len(read) > KERNELS[node.op_type]:
        return gives * math.prod(read[KERNELS[node.op_type]][1:])
    if node.op_type == "ConvTranspose":
        return math.prod(read[0]) * math.prod(read[1][1:])
    if node.op_type in PRODUCTS:
        inner = read[0][:1] if attributes(node).get("transA") else read[0][-1:]
        return gives * math.prod(inner)
    if node.op_type in RECURRENT:
        return math.prod(read[0][:2]) * (math.prod(read[1]) + math.prod(read[2]))
    if node.op_type in ("MaxPool", "AveragePool", "LpPool"):
        return gives * int(math.prod(attributes(node).get("kernel_shape", ())))
    return gives + sum(map(math.prod, read))


def title(node: Any) -> str:
    """A node's operator and name, as a sentence says them."""
    name = "".join(letter if letter.isprintable() else "?" for letter in node.name)[:80]
    return f"{node.op_type[:40]} {name}".strip()
