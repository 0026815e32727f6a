"""How a network is built: every call of a forward pass, its cost, its block and what it reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from dashboard.inspection.engine.dataflow import DataflowTracer, ModuleCall, Step
from dashboard.inspection.engine.dry_run import call_names
from dashboard.inspection.engine.isolation import isolate
from dashboard.records.architecture import (
    OUTSIDE,
    Architecture,
    Block,
    Node,
    Setting,
    Shape,
    SkippedModule,
    TracedCall,
)

Path = tuple[tuple[str, bool], ...]


def architecture(module: nn.Module, inputs: Tensor) -> Architecture:
    """Run one picture through an isolated copy and note every call, its cost, and every flow of data.

    Args:
        module: a network that returns logits of shape (N, classes); not changed.
        inputs: (1, C, H, W), normalised; or what else the network reads, a batch of one.
    """
    network = isolate(module)
    pass_ = DataflowTracer(network)
    # An input that wants a gradient keeps a whole encoder layer off its fused path, as it does for a Survey. Places in
    # a vocabulary have none.
    with torch.enable_grad():
        pass_.run(inputs.detach().clone().requires_grad_(inputs.is_floating_point()))
    return _record(pass_, network, tuple(inputs.shape[1:]))


def _record(run: DataflowTracer, network: nn.Module, input_shape: Shape) -> Architecture:
    names = dict(zip(run.finished, call_names([call.name for call in run.finished]), strict=True))
    _share_out(run, network)
    paths = {call: _path(call, names) for call in run.finished}
    steps = [step for step in run.steps if step.merged is None]
    lists = _interrupted_lists([paths[step.owner] if step.owner else () for step in steps])
    blocks = {call: tuple(name for name, _ in path if name not in lists) for call, path in paths.items()}
    places = {step: place for place, step in enumerate(steps)}
    edges = {
        (places[source.representative()], places[step])
        for step in steps
        for source in step.sources
        if source.representative() is not step
    }
    tensors = [*network.parameters(), *network.buffers()]
    return Architecture(
        calls=tuple(_call(call, names[call], blocks[call]) for call in run.finished),
        nodes=tuple(_node(step, names, blocks) for step in steps),
        edges=tuple(sorted(edges)),
        blocks=_blocks(network, [path for call, path in paths.items()], lists),
        skipped=_skipped_modules(run, network),
        parameters=sum(parameter.numel() for parameter in network.parameters()),
        bytes=sum(tensor.numel() * tensor.element_size() for tensor in tensors),
        input_shape=input_shape,
    )


def _share_out(run: DataflowTracer, network: nn.Module) -> None:
    """Give each parameter to the call that reads it first, or to its owner's where nobody was seen to read it."""
    called = {id(call.module): call for call in reversed(run.finished)}
    for name, parameter in network.named_parameters():
        owner, _, own = name.rpartition(".")
        reader = run.readers.get(name) or called.get(id(network.get_submodule(owner)))
        if reader is None:
            continue
        reader.parameters += parameter.numel()
        label = own if reader.name == owner else name.removeprefix(f"{reader.name}.")
        reader.weights.append((label, tuple(parameter.shape)))


def _path(call: ModuleCall, names: Mapping[ModuleCall, str]) -> Path:
    """The blocks that a call lies in, outermost first, each with whether it is a call; the call itself where it is one.

    They follow the call's qualified name. A prefix that nobody calls is a list of layers.
    """
    around = {opened.name: names[opened] for opened in call.stack() if opened.inner and opened.name}
    parts = call.name.split(".") if call.name else []
    path: list[tuple[str, bool]] = []
    often = ""
    for length in range(1, len(parts) + 1):
        prefix = ".".join(parts[:length])
        if prefix in around:
            path.append((around[prefix], True))
            often = around[prefix].partition("#")[2]
        elif length < len(parts):
            path.append((f"{prefix}#{often}" if often else prefix, False))
    return tuple(path)


def _interrupted_lists(paths: Sequence[Path]) -> set[str]:
    """Lists of layers that do not run one after the other: folded, they would lie before and behind what is between."""
    places: dict[str, list[int]] = {}
    for place, path in enumerate(paths):
        for name, called in path:
            if not called:
                places.setdefault(name, []).append(place)
    return {name for name, indices in places.items() if indices[-1] - indices[0] >= len(indices)}


def _blocks(network: nn.Module, paths: Sequence[Path], lists: set[str]) -> tuple[Block, ...]:
    blocks: dict[str, Block] = {}
    for path in paths:
        around: tuple[str, ...] = ()
        for name, called in path:
            if name in lists:
                continue
            kind = type(network.get_submodule(name.partition("#")[0])).__name__
            blocks.setdefault(name, Block(name, kind, called, around))
            around = (*around, name)
    return tuple(blocks.values())


def _node(step: Step, names: Mapping[ModuleCall, str], blocks: Mapping[ModuleCall, tuple[str, ...]]) -> Node:
    if step.owner is None:
        return Node(OUTSIDE, step.title, False, (), step.shape)
    return Node(names[step.owner], step.title, step.function, blocks[step.owner], step.shape)


def _call(call: ModuleCall, name: str, blocks: tuple[str, ...]) -> TracedCall:
    kinds = [base.__name__ for base in type(call.module).__mro__ if issubclass(base, nn.Module)]
    return TracedCall(
        name=name,
        kinds=tuple(kinds[:-1] or kinds),
        blocks=blocks,
        leaf=not call.inner and call.parent is not None,
        functions=tuple(call.functions),
        inputs=call.inputs,
        shape=call.shape,
        dtype=call.dtype,
        parameters=call.parameters,
        weights=tuple(call.weights),
        settings=_settings(call.module),
        flops=call.flops,
        memory=call.memory,
        receptive_field=None if call.field is None else call.field.size,
    )


def _settings(module: nn.Module) -> dict[str, Setting]:
    """The module's plain attributes: numbers, words and pairs."""
    attributes = {name: value for name, value in vars(module).items() if not name.startswith("_")}
    return {name: value for name, value in attributes.items() if name != "training" and _is_setting(value)}


def _is_setting(value: Any) -> bool:
    if isinstance(value, tuple):
        return 0 < len(value) < 9 and all(isinstance(item, int) for item in value)
    return isinstance(value, int | float) or (isinstance(value, str) and len(value) < 33)


def _skipped_modules(run: DataflowTracer, network: nn.Module) -> tuple[SkippedModule, ...]:
    """What never ran, without the layers inside what never ran for the same reason."""
    called = {id(call.module) for call in run.finished}
    skipped: list[SkippedModule] = []
    for name, layer in network.named_modules():
        if id(layer) in called or any(name.startswith(f"{module.name}.") for module in skipped):
            continue
        inside = [id(part) for part in layer.modules()]
        if called.intersection(inside):
            continue
        skipped.append(
            SkippedModule(
                name,
                type(layer).__name__,
                sum(parameter.numel() for parameter in layer.parameters()),
                _why(name, layer, run),
            )
        )
    return tuple(skipped)


def _why(name: str, layer: nn.Module, run: DataflowTracer) -> str:
    readers = {
        run.readers[f"{name}.{own}"] for own, _ in layer.named_parameters() if f"{name}.{own}" in run.readers
    }
    if readers:
        reader = min(readers, key=lambda call: call.name)
        what = reader.name or "the network itself"
        return f"Not called: {what} ({type(reader.module).__name__}) computes with its weights directly."
    if not list(layer.modules())[1:] and not list(layer.parameters()):
        return "Not called: what it would do is done otherwise, or only in training."
    return "Not called in a forward pass for a prediction: only training uses it, or nothing does."
