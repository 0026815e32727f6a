"""A graph of ONNX as modules of torch under the graph's names, where every operator of it is in the table."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from models.checkpoints.keras.modules import Graph
from models.checkpoints.keras.piece import Step
from models.checkpoints.limits import RefusalError
from models.checkpoints.onnx.black_box import FINAL
from models.checkpoints.onnx.network import Layout, OnnxNetwork, input_shape
from models.checkpoints.onnx.operators import (
    OPERATORS,
    SPLIT,
    Array,
    Function,
    Given,
    Made,
    UntranslatedError,
)
from models.checkpoints.onnx.sizes import FOLDED, Measure, attributes, measure

# A graph that takes any number of pictures is looked at with these, so that what hangs on it shows.
COUNTS = (2, 3)
# Numbers that are made of constants before anything runs.
MOST_COMPUTED = 2**22
WHOLE = ("float32", "bool", "int64", "int32")


@dataclass(frozen=True, eq=False)
class Translation:
    """A network in torch.

    Attributes:
        module: its weights not worth anything.
        tensors: name of a parameter or buffer -> the graph's numbers.
    """

    module: nn.Module
    tensors: Mapping[str, Array]


class Scope(nn.Module):
    """Layers under a common name, which are run by the graph."""


def translate(
    network: OnnxNetwork, tensors: Mapping[str, Array], size: tuple[int, int] | None = None
) -> Translation:
    """The network in torch.

    Args:
        network: whose graph is translated.
        tensors: name -> numbers that the graph knows by name alone; without them, only the structure is worth anything.
        size: height and width of pictures; None for the network's own.

    Raises:
        UntranslatedError: if an operator, or what it is told, is not in the table.
    """
    return _Translator(network, tensors, size or network.given[1:]).translate()


class _Translator:
    def __init__(self, network: OnnxNetwork, tensors: Mapping[str, Array], size: tuple[int, int]) -> None:
        self.network = network
        model = onnx.ModelProto.FromString(network.graph)
        self.graph = model.graph
        self.version = next(entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx"))
        given = network.given[0], *size
        counts = (network.batch,) if network.batch else COUNTS
        self.measures = [_measured(model, network.layout, given, count) for count in counts]
        self.shapes = self.measures[0].shapes
        self.constants = _constants(self.graph, tensors, self.measures)
        self.readers: dict[str, list[Any]] = {}
        for node in self.graph.node:
            for name in node.input:
                self.readers.setdefault(name, []).append(node)
        # How many nodes stand in a layer, those in layers within it among them.
        self.paths = Counter(
            ".".join(parts[:depth])
            for parts in (
                _path(node)[0].split(".") for node in self.graph.node if not self._is_constant(node)
            )
            for depth in range(1, len(parts) + 1)
        )
        self.root: dict[str, nn.Module] = {}
        self.names: set[str] = set()
        self.steps: list[Step] = []
        self.values: dict[str, int] = {}
        self.held: dict[str, Array] = {}

    def translate(self) -> Translation:
        (entry,) = self.graph.input
        self.values[entry.name] = 0
        if self.network.layout != "first":
            self._run(
                "input", Function(self.network.layout, partial(lay, layout=self.network.layout)), entry.name
            )
        for node in self.graph.node:
            counts = len(self.measures) > 1 and self._counts(node.output[0])
            if node.input and not counts and all(name in self.constants for name in filter(None, node.input)):
                self._compute(node)
            elif not self._is_constant(node) and node.output[0] not in self.values:
                self._translate(self._with_bias(node))
        (output,) = self.graph.output
        if self.network.final:
            self._run(self.network.final.lower(), FINAL[self.network.final](), output.name)
        steps = _with_ends(self.steps, self.values[output.name])
        return Translation(Graph(self.root, steps, self.values[output.name]), self.held)

    def _is_constant(self, node: Any) -> bool:
        return all(name in self.constants for name in node.output)

    def _compute(self, node: Any) -> None:
        """Add what a node makes of constants alone to them, such as a bias that is looked up in a table of places."""
        if self._is_constant(node):
            return
        rule = FOLDED.get(node.op_type)
        if rule is None or len(node.output) != 1 or math.prod(self.shapes[node.output[0]]) > MOST_COMPUTED:
            raise UntranslatedError(f"{node.op_type} makes much of what is constant")
        try:
            values = [self.constants[name] if name else None for name in node.input]
            self.constants[node.output[0]] = np.asarray(rule(values, attributes(node)))
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise UntranslatedError(f"{node.op_type} makes something else of what is constant") from error

    def _run(self, name: str, module: nn.Module, value: str) -> None:
        """Put a module behind a value, in its place."""
        self._step(name, module, [self.values[value]], value)

    def _step(self, name: str, module: nn.Module, reads: Sequence[int], value: str) -> str:
        place = self._add(name, module)
        self.steps.append(Step(place, tuple(reads), len(self.steps) + 1))
        self.values[value] = len(self.steps)
        return place

    def _with_bias(self, node: Any) -> Any:
        """A product with a learnt matrix and the bias behind it as one; any other node as it is."""
        matrix = self.constants.get(node.input[1]) if node.op_type == "MatMul" else None
        readers = self.readers.get(node.output[0], [])
        if matrix is None or matrix.ndim != 2 or [reader.op_type for reader in readers] != ["Add"]:
            return node
        (bias,) = (name for name in readers[0].input if name != node.output[0])
        if bias not in self.constants or self.constants[bias].shape != matrix.shape[1:]:
            return node
        joined = type(node).FromString(node.SerializeToString())
        joined.input.append(bias)
        joined.output[0] = readers[0].output[0]
        return joined

    def _translate(self, node: Any) -> None:
        if node.op_type not in (*OPERATORS, SPLIT):
            raise UntranslatedError(f"no layer of PyTorch is known here for {node.op_type[:40]}")
        names = list(node.input)
        if node.op_type == SPLIT:
            self._split(node)
            return
        given = Given(
            node.op_type,
            attributes(node),
            tuple(self.shapes.get(name, ()) for name in names),
            tuple(self.constants.get(name) for name in names),
            self.shapes[node.output[0]],
            self.version,
            tuple(map(bool, names)),
            self._counts(names[0]),
            self._counts(node.output[0]),
        )
        made: Made = OPERATORS[node.op_type](given)
        missing = [names[place] for place in made.reads if names[place] not in self.values]
        if missing:
            raise UntranslatedError(f"{node.op_type} reads a constant where pictures are wanted")
        # What was learnt stands beside each picture, and reads them to know how many.
        reads = [self.values[names[place]] for place in made.reads] or [0]
        place = self._step(self._name(node), made.module, reads, node.output[0])
        state = made.module.state_dict()
        for name, array in (made.tensors or {}).items():
            if tuple(state[name].shape) != array.shape:
                raise UntranslatedError(f"{node.op_type} has weights of an unusual shape")
            self.held[f"{place}.{name}"] = array
        for name in set(state) - set(made.tensors or ()):
            raise UntranslatedError(f"{node.op_type} lacks its {name}")

    def _counts(self, name: str) -> frozenset[int]:
        """Axes of a tensor that hang on the number of pictures."""
        one, other = (self.measures[place].shapes.get(name, ()) for place in (0, -1))
        if len(self.measures) == 1:
            return frozenset({0} if one and one[0] == self.network.batch else ())
        return frozenset(axis for axis, (few, many) in enumerate(zip(one, other, strict=True)) if few != many)

    def _split(self, node: Any) -> None:
        """Each part by itself."""
        axis = attributes(node).get("axis", 0) % len(self.shapes[node.input[0]])
        if axis in self._counts(node.input[0]) or node.input[0] not in self.values:
            raise UntranslatedError("Split mixes pictures")
        start = 0
        for number, output in enumerate(node.output):
            length = self.shapes[output][axis]
            pick = partial(narrow, axis=axis, start=start, length=length)
            part = Function(f"{start} to {start + length} of axis {axis}", pick)
            self._step(f"{self._name(node)}_{number}", part, [self.values[node.input[0]]], output)
            start += length

    def _name(self, node: Any) -> str:
        """What a layer was called where it was made, as its weights or the node tell."""
        for name in node.input[1:]:
            layer, dot, what = name.rpartition(".")
            if (
                dot
                and what in (TENSORS if node.op_type in WEIGHED else TENSORS[:1])
                and name in self.constants
            ):
                return str(layer)
        path, last = _path(node)
        if path and path not in self.names and (node.op_type in WEIGHED or self.paths[path] == 1):
            return path
        # An operation within a layer of several has that layer's name before its own.
        return ".".join(filter(None, (path, last.replace(".", "_"))))

    def _add(self, name: str, module: nn.Module) -> str:
        """Put a module under a name, or one like it where that is taken; the name."""
        base, number = ".".join(map(_free, name.split("."))), 1
        name = base
        while name in self.names or any(
            _is_within(*pair) for other in self.names for pair in ((name, other), (other, name))
        ):
            number += 1
            name = f"{base.replace('.', '_')}_{number}"
        *scopes, last = name.split(".")
        within = self.root
        for scope in scopes:
            found = within.setdefault(scope, Scope())
            within = found._modules  # type: ignore[assignment]  # no layer in it is None
        within[last] = module
        self.names.add(name)
        return name


# Operators of which a layer has one.
WEIGHED = ("Conv", "ConvTranspose", "Gemm", "MatMul", "BatchNormalization", "LayerNormalization", "PRelu")


# What a layer's own tensors are called; another operation may have what is called a bias.
TENSORS = ("weight", "bias")


def _path(node: Any) -> tuple[str, str]:
    """The layer that a node stands in, and its own name; TorchScript's `/layer1/layer1.0/conv1/Conv` tells both."""
    parts = [part for part in str(node.name or node.op_type).split("/") if part] or [str(node.op_type)]
    *scopes, last = parts
    path: list[str] = []
    for scope in scopes:
        if path and scope.startswith(f"{path[-1]}."):
            path[-1] = scope
        else:
            path.append(scope)
    return ".".join(path), last


def _is_within(name: str, other: str) -> bool:
    return name.startswith(f"{other}.")


def _free(name: str) -> str:
    """A part of a name that can be shown, and that no module has for something else."""
    name = "".join(letter if letter.isprintable() else "_" for letter in name)[:80] or "_"
    return f"{name}_" if hasattr(nn.Module, name) or name in ("steps", "last", "training") else name


def lay(inputs: Tensor, layout: Layout) -> Tensor:
    """Pictures, (N, C, H, W), as a graph reads them."""
    last = inputs.permute(0, 2, 3, 1)
    return {"last": last, "plane": inputs[:, 0], "flat": last.flatten(1), "first": inputs}[layout]


def narrow(inputs: Tensor, axis: int, start: int, length: int) -> Tensor:
    """A part of an axis."""
    return inputs.narrow(axis, start, length)


def _measured(model: Any, layout: Layout, given: tuple[int, ...], count: int) -> Measure:
    try:
        return measure(model, input_shape(layout, (given[0], given[1], given[2]), count))
    except RefusalError as refusal:
        raise UntranslatedError(f"its sizes hang on the number of pictures ({refusal})") from refusal


def _constants(graph: Any, tensors: Mapping[str, Array], measures: Sequence[Measure]) -> dict[str, Array]:
    """All that is constant; of whole numbers that differ with the number of pictures, -1 in their place."""
    constants: dict[str, Array] = {}
    for tensor in graph.initializer:
        name, shape = tensor.name, tuple(tensor.dims)
        if not tensor.external_data:
            constants[name] = numpy_helper.to_array(tensor)
        elif name in tensors:
            constants[name] = tensors[name]
        else:
            dtype = onnx.helper.tensor_dtype_to_np_dtype(tensor.data_type)
            constants[name] = np.broadcast_to(np.zeros((), dtype), shape)
        if constants[name].dtype.name not in WHOLE:
            raise UntranslatedError(f"it computes in {constants[name].dtype.name}")
    first, last = measures[0].constants, measures[-1].constants
    for name in first:
        if name in constants or name not in last:
            continue
        one, other = first[name], last[name]
        if one.shape != other.shape:
            continue
        same = one == other
        if not np.all(same) and np.issubdtype(one.dtype, np.integer):
            one = np.where(same, one, -1)
        elif not np.all(same):
            continue
        constants[name] = one
    return constants


def _with_ends(steps: Sequence[Step], last: int) -> tuple[Step, ...]:
    """The same steps, each with the numbers of values that nobody reads after it."""
    ends: dict[int, int] = {}
    for place, step in enumerate(steps):
        for number in step.reads:
            ends[number] = place
    done: dict[int, list[int]] = {}
    for number, place in ends.items():
        if number != last:
            done.setdefault(place, []).append(number)
    return tuple(
        Step(step.module, step.reads, step.gives, tuple(done.get(place, ())))
        for place, step in enumerate(steps)
    )


# How far answers may be from ONNX Runtime's, as a share of the largest, or of one.
SAME = 1e-4
# Pictures that they are compared on; fewer where one takes long, as its multiplications tell.
PICTURES, LEAST, LONG = 8, 2, 2**35
SEED = 0


def check(network: OnnxNetwork, tensors: Mapping[str, Array], translation: Translation) -> float:
    """Compare a translation with ONNX Runtime; the largest difference, as a share of the largest score or of one.

    Args:
        network: whose sizes were bounded.
        tensors: name -> numbers that its graph knows by name alone.
        translation: with these weights in it.

    Raises:
        UntranslatedError: if it cannot be run, or differs.
    """
    from models.checkpoints.onnx.session import answer

    count = max(LEAST, min(PICTURES, LONG // max(1, network.work)))
    draws = np.random.default_rng(SEED)
    pictures = draws.normal(size=(count, *network.given)).astype(np.float32)
    pictures[::2] = draws.random((len(pictures[::2]), *network.given), dtype=np.float32)
    pictures *= np.float32(network.largest)
    wanted = torch.from_numpy(answer(network, tensors, pictures)).reshape(count, -1)
    if network.final:
        wanted = FINAL[network.final]()(wanted)
    try:
        with torch.no_grad():
            found = translation.module(torch.from_numpy(pictures)).reshape(count, -1)
    except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as error:
        raise UntranslatedError("its translation does not run") from error
    if found.shape != wanted.shape:
        raise UntranslatedError("its translation answers with another number of scores")
    difference = float((found - wanted).abs().max()) / max(1.0, float(wanted.abs().max()))
    if not difference <= SAME or not math.isfinite(difference):
        raise UntranslatedError(f"its translation differs from ONNX Runtime by {difference:.1g}")
    return difference
