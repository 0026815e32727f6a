"""One dry run that finds which layers run, which keep a grid over the picture, and which activations there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from dashboard.inspection.engine.attention_kinds import attention_kinds
from dashboard.inspection.engine.capture import grid_maps
from dashboard.inspection.engine.dry_run import IDLE, DryRun, dry_run
from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.layouts import is_within, measure_layouts
from dashboard.records.network import LayerCall, Survey
from models.head import OneByOne
from models.runtime.foreign import FOREIGN, own_words
from models.trial import no_gradient

# Names that autograd gives to the gradient of each activation function.
NONLINEARITIES = {
    "ReluBackward": "ReLU",
    "HardtanhBackward": "Hardtanh",
    "LeakyReluBackward": "LeakyReLU",
    "EluBackward": "ELU",
    "SiluBackward": "SiLU",
    "GeluBackward": "GELU",
    "HardswishBackward": "Hardswish",
    "HardsigmoidBackward": "Hardsigmoid",
    "SigmoidBackward": "Sigmoid",
    "TanhBackward": "Tanh",
    "MishBackward": "Mish",
    "SoftplusBackward": "Softplus",
    "ThresholdBackward": "Threshold",
    "PreluKernelBackward": "PReLU",
}


def survey(module: nn.Module, inputs: Tensor) -> Survey:
    """Run one picture forward and backward on an isolated copy, and the picture with changed patches forward.

    Args:
        module: a network that returns logits of shape (N, classes); not changed.
        inputs: (1, C, H, W), normalised.
    """
    network = isolate(module)
    with torch.enable_grad():
        run = dry_run(network, inputs)
        gradients, obstacle = _gradients(network, run)
    measurement = measure_layouts(network, inputs, run)
    calls = tuple(
        replace(call, reached=_is_reached(call, gradients.get(call.name)))
        for call in measurement.calls
        if call.name in measurement.moved
    )
    operations, heads = _operations(run.logits), _heads(run, calls)
    return Survey(
        calls=calls,
        skipped=run.skipped,
        nonlinearities={
            NONLINEARITIES[name]: count for name, count in operations.items() if name in NONLINEARITIES
        },
        operations=frozenset(operations),
        default_layer=_default_layer([call for call in calls if call not in heads[1:]], run.attending),
        head=next(iter(heads), None),
        obstacle=obstacle,
        singly=isinstance(module, OneByOne),
        **attention_kinds(run.attention, measurement.attentions, calls),
    )


def _gradients(network: nn.Module, run: DryRun) -> tuple[Mapping[str, Tensor | None], str]:
    """The gradient of the winning logit at each output, and why there is none at the picture, if so."""
    if not run.logits.requires_grad:
        return {}, no_gradient(network)
    outputs = {call: output for call, output in run.outputs.items() if output.requires_grad}
    try:
        at_picture, *gradients = torch.autograd.grad(
            run.logits.flatten().max(), [run.picture, *outputs.values()], allow_unused=True
        )
    except FOREIGN as error:
        return {}, own_words(error).partition(". ")[0]
    found = dict(zip(outputs, gradients, strict=True))
    return found, "" if at_picture is not None else "no step of it lets a gradient through to the picture"


def _is_reached(call: LayerCall, gradient: Tensor | None) -> bool:
    if call.layout is None or gradient is None:
        return False
    return bool(grid_maps(gradient.movedim(call.batch_axis, 0), call).count_nonzero())


def _default_layer(calls: Sequence[LayerCall], beside: Collection[str]) -> str | None:
    """The last call that keeps a grid, is not a mere pooling of one and does something.

    Args:
        calls: in order.
        beside: names of modules whose parts are passed over: in an attention queries, keys and values are made, and
            those of the last one are often all that is read.
    """
    gridded = [
        call.name
        for call in calls
        if call.layout is not None and call.reached and "Pool" not in call.kind and call.kind not in IDLE
    ]
    outside = [name for name in gridded if not is_within(name, beside)]
    return next(reversed(outside or gridded), None)


def _heads(run: DryRun, calls: Sequence[LayerCall]) -> list[LayerCall]:
    """The linear layers and convolutions that give the logits, or add to them, the main one first.

    That is, of those that give one number for each class, the one behind which most of the network lies, the first of
    equals; or the last of those that give them for places too.
    """
    weighted = [call for call in calls if call.name in run.weighted]
    makers = {
        run.outputs[call.name].grad_fn: call for call in weighted if run.outputs[call.name].requires_grad
    }
    direct = {makers[node].name for node in _graph(run.logits, makers) if node in makers}
    heads = [call for call in weighted if call.name in direct] or weighted[-1:]
    whole = sorted(
        (call for call in heads if len(call.shape) == 1),
        key=lambda call: -sum(1 for _ in _graph(run.outputs[call.name])),
    )
    return [*whole, *reversed([call for call in heads if call not in whole])]


def _operations(output: Tensor) -> Counter[str]:
    """How often each operation occurs in the graph behind a tensor, by the name of its gradient in autograd."""
    return Counter(node.name().rstrip("0123456789") for node in _graph(output))


def _graph(output: Tensor, ends: Container[Any] = ()) -> Iterator[Any]:
    """The nodes of the graph behind a tensor, each once, not further than to these."""
    seen: set[Any] = {None}
    pending: list[Any] = [output.grad_fn]
    while pending:
        node = pending.pop()
        if node in seen:
            continue
        seen.add(node)
        yield node
        if node not in ends:
            pending.extend(following for following, _ in node.next_functions)
