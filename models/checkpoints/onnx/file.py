"""An ONNX file, checked before anything computes it, and brought to one form: its graph, and its tensors by name."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models.checkpoints.limits import CUT_SHORT, LIMITS, Limits, RefusalError
from models.checkpoints.onnx.network import BYTES, COLOURS, FINALS, UNIT, Layout, OnnxNetwork, input_shape
from models.checkpoints.onnx.pipe import DTYPES
from models.checkpoints.onnx.sizes import SIZES, Shape, attributes, measure, title
from models.checkpoints.safetensors_header import check_name, check_shape

# Nodes of a graph.
MOST_NODES = 20_000
# Tensors of so many numbers at most stay in the graph, where they tell sizes.
FEW = 64
# Whole numbers tell places and sizes, and so many at most do.
MANY = 65_536
# Numbers of pictures that a graph is looked at with; where so many fit, any does.
BATCHES, ENOUGH = (1, 3, 2, 4, 8, 16, 32, 64), 2
# Where the graph does not say how large pictures are.
USUAL_SIDE = 224
# Whose operators are known. Others need code that somebody wrote for them.
DOMAINS = ("", "ai.onnx", "ai.onnx.ml")
BRANCHES = ("If", "Loop", "Scan", "SequenceMap")
QUANTISED = re.compile(r"QLinear|.*Integer$|(Dynamic)?QuantizeLinear|DequantizeLinear")
# What exporters call a graph that nobody gave a name.
UNNAMED = ("", "graph", "main", "main_graph", "torch_jit", "torch-jit-export", "tf2onnx", "paddle2onnx")
# What hands numbers on as they are.
IDLE = ("Cast", "CastLike", "Flatten", "Identity", "Reshape", "Squeeze", "Transpose", "Unsqueeze")
ONE_FILE = (
    "keeps its weights in a file beside it; make one file of it: torch.onnx.export(..., external_data=False), or "
    "onnx.save(onnx.load('network.onnx'), 'one.onnx'), and drop that"
)
GONE = "keeps its weights in a file that is not beside it; put that there, or make one file of it"
LIBRARY = "export it without operators of its own, for CPU and in float32"
# White in pictures, from what the first node that weighs them does: a larger divisor or mean, or a smaller factor.
DIVISOR, MEAN, FACTOR = 10, 1, 0.1


def read(
    source: Path, limits: Limits = LIMITS, *, trusted: bool = False
) -> tuple[OnnxNetwork, dict[str, np.ndarray[Any, Any]]]:
    """The network of a file, a black box if it is quantised, and its tensors by name.

    Args:
        source: the file.
        limits: of what it may hold.
        trusted: whether tensors may be read from files beside it.

    Raises:
        RefusalError: if it is damaged, or no network that can be shown or bounded.
    """
    import onnx

    content = source.read_bytes()
    try:
        model = onnx.ModelProto.FromString(content)
    except Exception:  # of protobuf, which is there because onnx needs it
        raise RefusalError(f"is a damaged ONNX file; {CUT_SHORT}") from None
    file = hashlib.sha256(content).hexdigest()
    del content
    if trusted and any(tensor.external_data for tensor in model.graph.initializer):
        try:
            onnx.load_external_data_for_model(model, str(source.parent))
        except Exception as error:  # it has a kind of its own, and reads nothing from any other folder
            raise RefusalError(GONE) from error
    return normalise(model, file, limits)


def normalise(
    model: Any, file: str, limits: Limits = LIMITS
) -> tuple[OnnxNetwork, dict[str, np.ndarray[Any, Any]]]:
    """As read(), of what was parsed. The model is changed.

    Args:
        model: whole.
        file: its digest.
        limits: of what it may hold.
    """
    _check(model, limits)
    graph = model.graph
    _lift_constants(graph)
    arrays = _take_tensors(graph, limits)
    output = _scores(graph)
    _keep_what_leads_to(graph, output, arrays)
    reads = _input(graph)
    sizes = [dim.dim_value if dim.HasField("dim_value") else 0 for dim in reads.type.tensor_type.shape.dim]
    layout, given, free = _layout(sizes)
    batch, shape, work = _batch(model, sizes[0], given, layout)
    final = _take_final(graph, _version(model), len(shape))
    if not 0 < math.prod(shape[1:]) == max(shape[1:], default=1):
        raise RefusalError(
            f"gives {' x '.join(map(str, shape[1:]))} numbers for a picture and no row of classes; export it with its "
            "head"
        )
    early = next(_early(graph, reads.name), None)
    white = reads.type.tensor_type.elem_type in _types("uint8") or (
        early is not None and _is_for_bytes(early, arrays, graph)
    )
    quantised = sum(bool(QUANTISED.match(node.op_type)) for node in graph.node)
    network = OnnxNetwork(
        graph=model.SerializeToString(),
        file=file,
        name=_name(model),
        producer=_plain(model.producer_name),
        depth=len(graph.node),
        layout=layout,
        given=given,
        free=free,
        batch=batch,
        outputs=math.prod(shape[1:]),
        final=final,
        prepares="" if early is None else title(early),
        largest=BYTES if white else UNIT,
        work=work // max(1, batch),
        opaque=f"it is quantised ({quantised:,} nodes compute with whole numbers)" if quantised else "",
    )
    return network, arrays


def _name(model: Any) -> str:
    """What the network is called, where its maker called it anything."""
    name, producer = _plain(model.graph.name), _plain(model.producer_name)
    return f"{producer} graph".strip() if name.lower() in UNNAMED else name


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)[:80].strip()


def _check(model: Any, limits: Limits) -> None:
    """Refuse what is no plain graph; says what it is, and the way out."""
    graph = model.graph
    if not graph.node or not model.opset_import:
        raise RefusalError(f"is a damaged ONNX file: it has no graph; {CUT_SHORT}")
    if len(graph.node) > MOST_NODES:
        raise RefusalError(f"has more than {MOST_NODES:,} nodes; simplify the graph before you drop it")
    if model.functions:
        raise RefusalError(
            "has functions of its own; put them in their places: onnx.inliner.inline_local_functions(model), and save "
            "that"
        )
    domains = {node.domain for node in graph.node} - set(DOMAINS)
    if domains:
        raise RefusalError(f"has operators of another domain ({_plain(min(domains))}); {LIBRARY}")
    for node in graph.node:
        if node.op_type in BRANCHES or any(
            attribute.HasField("g") or attribute.graphs for attribute in node.attribute
        ):
            raise RefusalError(
                f"decides when it runs what it computes ({title(node)}), which cannot be bounded; export it for "
                "pictures of one size, without branches and loops"
            )
    if graph.sparse_initializer:
        raise RefusalError("holds sparse tensors; export it with plain ones")
    if len(graph.initializer) > limits.max_tensors:
        raise RefusalError(f"holds more than {limits.tensors}; simplify the graph before you drop it")


def _lift_constants(graph: Any) -> None:
    """Make the tensors of constant nodes tensors of the graph."""
    from onnx import NodeProto, numpy_helper

    kept = []
    for node in graph.node:
        if node.op_type != "Constant":
            kept.append(node)
            continue
        settings = attributes(node)
        (name,) = node.output
        if "value" in settings:
            tensor = settings["value"]
            tensor.name = name
            graph.initializer.append(tensor)
            continue
        kind, value = next(iter(settings.items()), ("", None))
        if kind not in ("value_float", "value_floats", "value_int", "value_ints"):
            raise RefusalError(f"has a constant that is no number ({title(node)}); {LIBRARY}")
        array = np.array(value, np.float32 if "float" in kind else np.int64)
        graph.initializer.append(numpy_helper.from_array(array, name))
    kept = [NodeProto.FromString(node.SerializeToString()) for node in kept]
    del graph.node[:]
    graph.node.extend(kept)


def _take_tensors(graph: Any, limits: Limits) -> dict[str, np.ndarray[Any, Any]]:
    """Take the weights out of a graph: tensors of many numbers, of which it keeps the name alone, and lists of few."""
    from onnx import TensorProto, helper, numpy_helper

    arrays: dict[str, np.ndarray[Any, Any]] = {}
    total = 0
    for tensor in graph.initializer:
        check_name(tensor.name, limits)
        if tensor.external_data or tensor.data_location == TensorProto.EXTERNAL:
            raise RefusalError(ONE_FILE)
        shape = tuple(tensor.dims)
        check_shape(shape, limits)
        count = math.prod(shape)
        total += count
        if min(shape, default=0) < 0 or total > limits.max_elements:
            raise RefusalError(f"holds more than {limits.elements}; drop a smaller network")
        few = count <= (MANY if tensor.data_type in _types("bool", "int32", "int64") else FEW)
        if few and not (shape and tensor.data_type in _types("float16", "float32", "float64")):
            continue
        try:
            dtype = helper.tensor_dtype_to_np_dtype(tensor.data_type)
            if dtype.name not in DTYPES:
                raise RefusalError(f"holds numbers of a type that is not read here ({dtype.name}); {LIBRARY}")
            array = np.array(numpy_helper.to_array(tensor))
        except (KeyError, TypeError, ValueError):
            raise RefusalError(
                f"is damaged: its tensor {_plain(tensor.name)} is cut short; {CUT_SHORT}"
            ) from None
        arrays[tensor.name] = array
        if not few:
            _empty(tensor)
    return arrays


def _empty(tensor: Any) -> None:
    """Leave of a tensor its name, type and shape."""
    from onnx import TensorProto

    for field in ("raw_data", "float_data", "int32_data", "int64_data", "double_data", "uint64_data"):
        tensor.ClearField(field)
    tensor.data_location = TensorProto.EXTERNAL
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "tensors"


def _types(*names: str) -> set[int]:
    from onnx import helper

    return {helper.np_dtype_to_tensor_dtype(np.dtype(name)) for name in names}


def _scores(graph: Any) -> str:
    """Name of the one tensor of scores among the outputs: numbers with a fraction, not labels."""
    from models.outputs import NAMES  # which needs torch

    makers = {name: node for node in graph.node for name in node.output}
    floats = _types("float16", "float32", "float64")
    names = []
    for output in graph.output:
        maker = makers.get(output.name)
        if maker is not None and maker.op_type == "ZipMap":
            names.append(maker.input[0])
        elif output.type.tensor_type.elem_type in floats:
            names.append(output.name)
    chosen = [name for known in NAMES for name in names if name == known] or names
    if not names or (len(names) > 1 and chosen == names):
        many = "several rows of numbers" if names else "no numbers with a fraction"
        found = ", ".join(_plain(name) for name in names[:5])
        raise RefusalError(
            f"gives {many}{f' ({found})' if found else ''}; export it with the scores of its classes as its one output"
        )
    return str(chosen[0])


def _keep_what_leads_to(graph: Any, output: str, arrays: dict[str, np.ndarray[Any, Any]]) -> None:
    """Drop all nodes and tensors from which nothing gets to an output, and make it the only one."""
    from onnx import NodeProto

    wanted, kept = {output}, []
    for node in reversed(graph.node):
        if wanted.intersection(node.output):
            kept.append(NodeProto.FromString(node.SerializeToString()))
            wanted.update(filter(None, node.input))
    tensors = [tensor for tensor in graph.initializer if tensor.name in wanted]
    held = {tensor.name for tensor in tensors}
    inputs = [entry for entry in graph.input if entry.name in wanted and entry.name not in held]
    made = {name for node in kept for name in node.output}
    if len(wanted - made - held - {entry.name for entry in inputs}) > 0:
        raise RefusalError(f"is damaged: a node reads what nobody gives; {CUT_SHORT}")
    for field, entries in (("node", kept[::-1]), ("initializer", tensors), ("input", inputs)):
        copies = [type(entry).FromString(entry.SerializeToString()) for entry in entries]
        graph.ClearField(field)
        getattr(graph, field).extend(copies)
    for name in set(arrays) - held:
        del arrays[name]
    del graph.value_info[:]
    _set_output(graph, output)


def _set_output(graph: Any, name: str) -> None:
    from onnx import helper

    del graph.output[:]
    graph.output.append(helper.make_empty_tensor_value_info(name))


def _input(graph: Any) -> Any:
    """The one input."""
    names = [_plain(entry.name) for entry in graph.input]
    if len(names) != 1:
        found = ", ".join(names[:5]) or "none"
        raise RefusalError(
            f"reads {len(names)} inputs ({found}), and a photo is one; export it for one picture"
        )
    (entry,) = graph.input
    if entry.type.tensor_type.elem_type not in _types("float16", "float32", "float64", "uint8"):
        raise RefusalError(
            f"reads {names[0]}, which are no pixels; export it for pictures as numbers with a fraction"
        )
    return entry


def _layout(sizes: Sequence[int]) -> tuple[Layout, tuple[int, int, int], bool]:
    """How pictures lie in the input, their channels, height and width, and whether their size is free.

    Args:
        sizes: of the input with the pictures' axis; 0 where any is taken.
    """
    rest = list(sizes[1:])
    if len(rest) == 3:
        last = rest[2] in (1, COLOURS) and rest[0] not in (1, COLOURS)
        channels, height, width = (rest[2], rest[0], rest[1]) if last else rest
        free = not (height and width)
        given = channels or COLOURS, height or width or USUAL_SIDE, width or height or USUAL_SIDE
        return ("last" if last else "first"), given, free
    if len(rest) == 2 and all(rest):
        return "plane", (1, rest[0], rest[1]), False
    if len(rest) == 1 and rest[0]:
        for channels in (1, COLOURS):
            side = math.isqrt(rest[0] // channels)
            if side * side * channels == rest[0]:
                return "flat", (channels, side, side), False
    shape = ", ".join(str(size) if size else "any" for size in sizes)
    raise RefusalError(
        f"reads numbers of shape ({shape}), which are no pictures; wanted are (N, C, H, W), (N, H, W, C), or the "
        "pixels of a square in a row"
    )


def _batch(model: Any, fixed: int, given: tuple[int, int, int], layout: Layout) -> tuple[int, Shape, int]:
    """Pictures that a graph takes at once, 0 for any number; the shape of what comes out of as many, or of one; work.

    Exporters write a number into some graphs that say that they take any.
    """
    if fixed:
        return fixed, *_scores_shape(model, given, layout, fixed)
    fitting: dict[int, tuple[Shape, int]] = {}
    problem = None
    for count in BATCHES:
        try:
            shape, work = _scores_shape(model, given, layout, count)
        except RefusalError as error:
            problem = problem or error
            continue
        if shape[:1] == (count,):
            fitting[count] = shape, work
        if len(fitting) == ENOUGH:
            return 0, *fitting[min(fitting)]
    if not fitting:
        raise problem or RefusalError(f"answers neither one picture nor any number of them; {SIZES}")
    return min(fitting), *fitting[min(fitting)]


def _scores_shape(model: Any, given: tuple[int, int, int], layout: Layout, count: int) -> tuple[Shape, int]:
    found = measure(model, input_shape(layout, given, count))
    return found.shapes[model.graph.output[0].name], found.work


def _version(model: Any) -> int:
    return next((entry.version for entry in model.opset_import if entry.domain in DOMAINS[:2]), 1)


def _take_final(graph: Any, version: int, rank: int) -> str:
    """Take the activation of the last node off, so that what comes out is the logits; its operator, or empty."""
    (output,) = (entry.name for entry in graph.output)
    node = next((node for node in graph.node if output in node.output), None)
    if node is None or node.op_type not in FINALS or rank != 2:
        return ""
    axis = attributes(node).get("axis", -1 if version >= 13 else 1)
    uses = sum(name == output for other in graph.node for name in other.input)
    if uses or (node.op_type != "Sigmoid" and axis not in (1, -1)):
        return ""
    before, final = node.input[0], str(node.op_type)
    if all(before not in other.output for other in graph.node):
        return ""
    graph.node.remove(node)
    _set_output(graph, before)
    return final


def _early(graph: Any, name: str) -> Iterator[Any]:
    """The nodes near the input that bring pixels to other numbers, before anything that weighs them."""
    held = {tensor.name for tensor in graph.initializer}
    for _ in graph.node:
        readers = [node for node in graph.node if name in node.input]
        if len(readers) != 1:
            return
        (node,) = readers
        if node.op_type in ("Div", "Mul", "Sub") and held.intersection(node.input):
            yield node
        elif node.op_type not in IDLE:
            return
        name = node.output[0]


def _is_for_bytes(node: Any, arrays: Mapping[str, Any], graph: Any) -> bool:
    """Whether a node that brings pixels to other numbers reads them from 0 to 255."""
    from onnx import numpy_helper

    tensors = {tensor.name: tensor for tensor in graph.initializer if not tensor.external_data}
    found: Iterable[Any] = (
        arrays[name] if name in arrays else numpy_helper.to_array(tensors[name])
        for name in node.input
        if name in arrays or name in tensors
    )
    value = float(np.abs(np.asarray(next(iter(found)), np.float64)).max(initial=0))
    return {"Div": value > DIVISOR, "Sub": value > MEAN, "Mul": 0 < value < FACTOR}[
        node.op_type
    ] and value <= BYTES
