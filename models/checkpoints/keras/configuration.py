"""The configuration of a Keras network, as Keras 2 and 3 write it, as one record of layers and what each reads."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from models.checkpoints.keras.settings import INSTEAD, Settings, damaged, shown
from models.checkpoints.limits import RefusalError

MOST_LAYERS = 5_000
# Networks within networks.
DEEPEST = 8
SEQUENTIAL = "Sequential"
NETWORKS = (SEQUENTIAL, "Functional", "Model")
INPUT = "InputLayer"
# Operations of Keras 2, which are layers in its files.
OLDER_OPERATIONS = ("TFOpLambda", "SlicingOpLambda")
LAYER_SAYS = {"trainable", "layers", "dtype", "rate"}
ONE_EACH = "make one network that reads one picture and gives one row of numbers, and save that"


@dataclass(frozen=True)
class Reference:
    """What a layer gives: its name, which of its calls, which of several tensors."""

    layer: str
    call: int
    tensor: int


@dataclass(frozen=True)
class Call:
    """One use of a layer.

    Attributes:
        args: what it is given in turn: references, and constants of all kinds.
        named: the same by name.
    """

    args: tuple[Any, ...]
    named: Mapping[str, Any]

    @property
    def read(self) -> tuple[Reference, ...]:
        """All that it reads of other layers."""
        return tuple(references([self.args, dict(self.named)]))


@dataclass(frozen=True)
class Layer:
    """One layer of a network.

    Attributes:
        settings: what the file says of it.
        module: of Keras that its class is from; empty where the file does not tell.
        calls: its uses, in turn.
        network: that it is, where it is one.
    """

    settings: Settings
    module: str
    calls: tuple[Call, ...]
    network: Network | None = None

    @property
    def is_operation(self) -> bool:
        """Whether it is a mere operation, such as x * 2, that keeps no weights and no place among layers."""
        if self.settings.kind in OLDER_OPERATIONS:
            return True
        if self.module:
            return ".ops." in self.module
        # Where modules are left out, as in .h5 files: layers say whether they may be trained, operations do not.
        return self.settings.release > 2 and self.calls != () and not LAYER_SAYS & set(self.settings.values)

    def turn(self, wanted: Reference) -> int:
        """Which of its calls is meant; Keras 2 counts the making of a network within as its first."""
        within = self.network is not None and self.settings.release <= 2
        return wanted.call - (within and wanted.call == len(self.calls))


@dataclass(frozen=True)
class Network:
    """A network: one picture in, one tensor out.

    Attributes:
        name: as in the file.
        sequential: whether it is a list of layers; such a one keeps no folder for its input.
        layers: in the order of the file, which is also the order in which weights are filed.
        size: (height, width, channels) or what else goes in, in the file's order; None where any size does.
        entry: what is its input.
        exit: what is its output.
    """

    name: str
    sequential: bool
    layers: tuple[Layer, ...]
    size: tuple[int | None, ...]
    entry: Reference
    exit: Reference


def references(value: Any) -> Iterator[Reference]:
    """All references in nested containers, in turn."""
    if isinstance(value, Reference):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from references(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from references(one)


def parse(content: object, release: int, depth: int = 0) -> Network:
    """The network of a configuration.

    Args:
        content: of config.json, or of an .h5 file's `model_config`.
        release: of Keras that wrote it: its first number.
        depth: of networks around it.

    Raises:
        RefusalError: if it is none, has several inputs or outputs, or is nested too deep.
    """
    if depth > DEEPEST:
        raise damaged(f"networks within networks lie more than {DEEPEST} deep")
    match content:
        case {"class_name": str(kind), "config": dict(config) | list(config)}:
            pass
        case _:
            raise damaged("its configuration names no network")
    if kind not in NETWORKS:
        raise RefusalError(
            f"is a network of a class of its own ({shown(kind)}), whose code is not in the file; build the same "
            "with keras.Model(inputs, outputs) or keras.Sequential, copy the weights, and save that as .keras"
        )
    settings = {"layers": config} if isinstance(config, list) else config
    layers = settings.get("layers")
    if not isinstance(layers, list) or not 0 < len(layers) <= MOST_LAYERS:
        raise damaged(f"it lists no layers, or more than {MOST_LAYERS:,}")
    _refuse_quantised(kind, settings)
    parsed = [_layer(entry, release, depth) for entry in layers]
    names = [layer.settings.layer for layer in parsed]
    if len(set(names)) < len(names):
        raise damaged("two of its layers have one name")
    name = shown(settings.get("name") or kind)
    if kind == SEQUENTIAL:
        return _sequential(name, parsed, settings.get("build_input_shape"))
    return _functional(name, parsed, settings)


def _sequential(name: str, layers: list[Layer], built: object) -> Network:
    first = layers[0]
    if first.settings.kind != INPUT:
        values = first.network
        shape = (
            first.settings.values.get("batch_input_shape")
            or first.settings.values.get("batch_shape")
            or built
        )
        size = values.size if values is not None and shape is None else _size(shape)
        settings = Settings("input", INPUT, {"batch_shape": [None, *size]})
        layers = [Layer(settings, "", ()), *layers]
    else:
        size = _input_size(first)
    chained = [layers[0]]
    for before, layer in itertools.pairwise(layers):
        reads = Call((Reference(before.settings.layer, 0, 0),), {})
        chained.append(Layer(layer.settings, layer.module, (reads,), layer.network))
    ends = (Reference(chained[0].settings.layer, 0, 0), Reference(chained[-1].settings.layer, 0, 0))
    return Network(name, True, tuple(chained), size, *ends)


def _functional(name: str, layers: list[Layer], settings: Mapping[str, Any]) -> Network:
    entries, exits = (_ends(settings.get(f"{what}_layers")) for what in ("input", "output"))
    if len(entries) != 1 or len(exits) != 1:
        raise RefusalError(
            f"has {len(entries)} inputs and {len(exits)} outputs ({shown(name)}), and a page shows one picture and "
            f"one answer; {ONE_EACH}"
        )
    first = next((layer for layer in layers if layer.settings.layer == entries[0].layer), None)
    if first is None:
        raise damaged("its input is none of its layers")
    return Network(name, False, tuple(layers), _input_size(first), entries[0], exits[0])


def _ends(value: object) -> list[Reference]:
    """The references of input_layers or output_layers: one triple, a list of them, or by name."""
    if isinstance(value, dict):
        return [end for one in value.values() for end in _ends(one)]
    if isinstance(value, list) and len(value) == 3 and isinstance(value[0], str):
        return [_reference(value)]
    if isinstance(value, list):
        return [end for one in value for end in _ends(one)]
    raise damaged("it does not say what goes in and what comes out")


def _input_size(layer: Layer) -> tuple[int | None, ...]:
    values = layer.settings.values
    shape = values.get("batch_shape") or values.get("batch_input_shape")
    return _size(
        [None, *values["shape"]] if shape is None and isinstance(values.get("shape"), list) else shape
    )


def _size(shape: object) -> tuple[int | None, ...]:
    """The sizes of an input, without the batch's, which is no promise."""
    if not isinstance(shape, list) or not 2 <= len(shape) <= 5:
        raise RefusalError(
            "does not say what goes in: it was saved before it saw a picture; call it on one, and save it again"
        )
    if not all(size is None or (type(size) is int and 0 < size <= 2**20) for size in shape[1:]):
        raise damaged("the size of its input is none")
    return tuple(shape[1:])


def _layer(entry: object, release: int, depth: int) -> Layer:
    match entry:
        case {"class_name": str(kind), "config": dict(config) | list(config)}:
            pass
        case _:
            raise damaged("one of its layers has no class")
    assert isinstance(entry, dict)
    values = {"layers": config} if isinstance(config, list) else config
    name = entry.get("name") or values.get("name")
    if not isinstance(name, str) or not 0 < len(name) <= 200:
        raise damaged(f"a layer of class {shown(kind)} has no name")
    module = entry.get("module", "")
    settings = Settings(name, kind, values, release)
    if (
        module is None
        or (isinstance(module, str) and module and module.partition(".")[0] != "keras")
        or ">" in kind
    ):
        raise RefusalError(
            f"uses a class of its maker's own, {shown(kind)} in layer {shown(name)}, whose code is not in the file; "
            f"{INSTEAD}"
        )
    if not isinstance(module, str):
        raise damaged(f"{settings.title} is of no module")
    network = None
    if kind in NETWORKS:
        network = parse(entry, release, depth + 1)
    _refuse_quantised(settings.title, values)
    nodes = entry.get("inbound_nodes", [])
    if not isinstance(nodes, list):
        raise damaged(f"{settings.title} does not say what it reads")
    return Layer(settings, module, tuple(_call(node) for node in nodes), network)


def _refuse_quantised(title: str, values: Mapping[str, Any]) -> None:
    """Refuse weights that are kept as whole numbers, which the dtype policy tells."""
    dtype = values.get("dtype")
    kind = dtype.get("class_name") if isinstance(dtype, dict) else ""
    if (
        values.get("quantization_config")
        or (isinstance(kind, str) and kind not in ("", "DTypePolicy", "Policy"))
        or (isinstance(dtype, str) and dtype.startswith(("int", "uint")) and values.get("units"))
    ):
        raise RefusalError(
            f"has quantised weights ({shown(title)}: {shown(kind or dtype)}); save the network as it was before "
            "quantize()"
        )


def _call(node: object) -> Call:
    """One use of a layer: {"args", "kwargs"} as Keras 3 writes it, or a list of [name, call, tensor, named]."""
    if isinstance(node, dict):
        args, named = node.get("args", []), node.get("kwargs", {})
        if not isinstance(args, list) or not isinstance(named, dict):
            raise damaged("it does not say what its layers read")
        return Call(tuple(map(_value, args)), {key: _value(value) for key, value in named.items()})
    if not isinstance(node, list) or not node:
        raise damaged("it does not say what its layers read")
    tensors = [node] if isinstance(node[0], str) else node
    read = [_reference(tensor) for tensor in tensors]
    named = tensors[0][3] if isinstance(tensors[0], list) and len(tensors[0]) > 3 else {}
    if not isinstance(named, dict):
        raise damaged("it does not say what its layers read")
    args = (read[0],) if len(read) == 1 else (read,)
    return Call(args, {key: _older_value(value) for key, value in named.items()})


def _value(value: Any) -> Any:
    """An argument, with tensors as references and slices as slices."""
    match value:
        case {"class_name": "__keras_tensor__", "config": {"keras_history": [*history]}}:
            return _reference(history)
        case {"class_name": "__slice__", "config": dict(config)}:
            return slice(*(config.get(part) for part in ("start", "stop", "step")))
        case list():
            return [_value(one) for one in value]
        case dict():
            return {key: _value(one) for key, one in value.items()}
    return value


def _older_value(value: Any) -> Any:
    """An argument by name as Keras 2 writes it: a tensor is [name, call, tensor]."""
    match value:
        case [str(), int(), int()]:
            return _reference(value)
        case ["_CONSTANT_VALUE", _, constant, *_]:
            return constant
        case {"start": _, "stop": _, "step": _}:
            return slice(value["start"], value["stop"], value["step"])
        case list():
            return [_older_value(one) for one in value]
    return value


def _reference(value: object) -> Reference:
    match value:
        case [str(name), int(call), int(tensor), *_]:
            return Reference(name, call, tensor)
    raise damaged("it does not say what its layers read")
