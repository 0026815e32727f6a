"""One dry run that finds which layers run, which keep a grid over the picture, and which activations there are."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

from dashboard.inspection.engine.attention import AttentionRecorder
from dashboard.inspection.engine.guided_rules import rectifying_module
from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.routing import CallRouter, FunctionCall
from dashboard.records.network import GridLayout, LayerCall, Survey

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

# How far a grid's aspect may be from the picture's: layers pad.
MISFIT = 0.15


def survey(module: nn.Module, inputs: Tensor) -> Survey:
    """Run one picture forward and backward on an isolated copy and note every layer call.

    Args:
        module: a network that returns logits of shape (N, classes); not changed.
        inputs: (1, C, H, W), normalised.
    """
    network = isolate(module)
    with torch.enable_grad():
        run = _run(network, inputs)
        outputs = list(run.outputs.values())
        winner = run.logits.flatten().max()
        gradients = torch.autograd.grad(winner, outputs, allow_unused=True) if outputs else ()
    operations = _operations(run.logits)
    side = (int(inputs.shape[-2]), int(inputs.shape[-1]))
    calls = _without_attention_matrices(
        tuple(
            _call(call, run.kinds[call], output, None if call in run.several else side, gradient)
            for (call, output), gradient in zip(run.outputs.items(), gradients, strict=True)
        )
    )
    return Survey(
        calls=calls,
        skipped=run.skipped,
        nonlinearities={
            NONLINEARITIES[name]: count for name, count in operations.items() if name in NONLINEARITIES
        },
        operations=frozenset(operations),
        attentions=_attentions(run.attention, calls),
        default_layer=_default_layer(calls),
    )


@dataclass(frozen=True, eq=False)
class _Run:
    """What one forward pass left behind.

    Attributes:
        outputs: call -> its output where the picture has a part in it, the first of several, in order.
        several: calls that give more than one tensor (attention and its weights).
        kinds: call -> class of the module.
        skipped: modules that never ran.
        attention: shape of each attention, in order.
        logits: of the picture.
    """

    outputs: dict[str, Tensor]
    several: frozenset[str]
    kinds: dict[str, str]
    skipped: tuple[str, ...]
    attention: tuple[tuple[int, ...], ...]
    logits: Tensor


def _run(network: nn.Module, inputs: Tensor) -> _Run:
    names = {layer: name for name, layer in network.named_modules() if name}
    ran: list[tuple[nn.Module, Any]] = []
    for layer in names:
        layer.register_forward_hook(lambda layer, args, output: ran.append((layer, output)))
    # A ReLU6 is told from other activations with two bounds by computing it as a ReLU and a cap.
    with CallRouter(rectifying_module, _call_module), AttentionRecorder() as recorder:
        logits = network(inputs.detach().clone().requires_grad_())
    calls = call_names([names[layer] for layer, _ in ran])
    called = {layer for layer, _ in ran}
    return _Run(
        outputs={
            call: tensor
            for call, (_, output) in zip(calls, ran, strict=True)
            if (tensor := _first_tensor(output)) is not None and tensor.requires_grad
        },
        several=frozenset(
            call for call, (_, output) in zip(calls, ran, strict=True) if not isinstance(output, Tensor)
        ),
        kinds={call: type(layer).__name__ for call, (layer, _) in zip(calls, ran, strict=True)},
        skipped=tuple(name for layer, name in names.items() if layer not in called),
        attention=tuple(tuple(weights.shape) for weights in recorder.weights),
        logits=logits,
    )


def _call_module(call: FunctionCall, module: nn.Module) -> Any:
    return module(*call.tensors)


def _first_tensor(output: Any) -> Tensor | None:
    """The tensor that a module gives, or the first of several."""
    if isinstance(output, tuple | list) and output:
        output = output[0]
    return output if isinstance(output, Tensor) else None


def call_names(names: Sequence[str]) -> list[str]:
    """The names of modules in the order in which calls finish, with `#k` behind those that occur more than once."""
    often, seen = Counter(names), Counter[str]()
    numbered = []
    for name in names:
        seen[name] += 1
        numbered.append(f"{name}#{seen[name]}" if often[name] > 1 else name)
    return numbered


def _call(
    name: str, kind: str, output: Tensor, side: tuple[int, int] | None, gradient: Tensor | None
) -> LayerCall:
    """A call and its grid, which it has none where no side of a picture is given."""
    shape = tuple(output.shape[1:])
    # Windows of attention are stacked in the batch: their grid is not the picture's.
    whole = side is not None and output.shape[:1] == (1,)
    layout, prefix, grid = _grid(shape, side) if whole and side is not None else (None, 0, (0, 0))
    reached = False
    if layout is not None and gradient is not None:
        at_grid = gradient[:, prefix:] if layout == "tokens" else gradient
        reached = bool(at_grid.count_nonzero())
    return LayerCall(name, kind, shape, layout, prefix, grid, reached)


def _grid(shape: tuple[int, ...], side: tuple[int, int]) -> tuple[GridLayout | None, int, tuple[int, int]]:
    """How an output of that shape (without batch) covers a picture: layout, prefix tokens, grid."""
    aspect = side[0] / side[1]

    def misfit(grid: tuple[int, ...]) -> float:
        height, width = grid
        inside = 1 < height <= side[0] and 1 < width <= side[1]
        return abs(height / width / aspect - 1) if inside else math.inf

    if len(shape) == 3:
        layouts: dict[GridLayout, tuple[int, int]] = {
            "channels first": (shape[1], shape[2]),
            "channels last": (shape[0], shape[1]),
        }
        layout = min(layouts, key=lambda name: misfit(layouts[name]))
        if misfit(layouts[layout]) < MISFIT:
            return layout, 0, layouts[layout]
    if len(shape) == 2 and side[0] == side[1]:
        root = math.isqrt(shape[0])
        prefix = shape[0] - root * root
        # A class token, a distillation token, up to four registers: never more than a handful.
        if misfit((root, root)) < MISFIT and prefix <= 5:
            return "tokens", prefix, (root, root)
    return None, 0, (0, 0)


def _without_attention_matrices(calls: tuple[LayerCall, ...]) -> tuple[LayerCall, ...]:
    """The calls, with (heads, tokens, tokens) no longer taken for channels of a picture."""
    tokens = {call.shape[0] for call in calls if call.layout == "tokens"}
    return tuple(
        replace(call, layout=None, grid=(0, 0), reached=False)
        if call.layout == "channels first" and call.grid[0] in tokens
        else call
        for call in calls
    )


def _attentions(shapes: tuple[tuple[int, ...], ...], calls: tuple[LayerCall, ...]) -> int:
    """How many attentions there are, if all go from every token of the picture to every other; else 0."""
    tokens = {call.shape[0] for call in calls if call.layout == "tokens"}
    whole = [shape for shape in shapes if len(shape) == 4 and shape[0] == 1 and shape[2] == shape[3]]
    sides = {shape[2] for shape in whole}
    return len(whole) if len(whole) == len(shapes) and len(sides) == 1 and sides <= tokens else 0


def _default_layer(calls: tuple[LayerCall, ...]) -> str | None:
    """The last call that keeps a grid and is not a mere pooling of one.

    In a transformer that is the last call on the residual stream: its width is the commonest one among token
    layers, which leaves out queries and keys.
    """
    gridded = [call for call in calls if call.layout is not None and call.reached and "Pool" not in call.kind]
    widths = Counter(call.shape[1] for call in gridded if call.layout == "tokens")
    if widths:
        width = widths.most_common(1)[0][0]
        gridded = [call for call in gridded if call.layout != "tokens" or call.shape[1] == width]
    return gridded[-1].name if gridded else None


def _operations(output: Tensor) -> Counter[str]:
    """How often each operation occurs in the graph behind a tensor, by the name of its gradient in autograd."""
    counts: Counter[str] = Counter()
    seen: set[Any] = set()
    pending = [output.grad_fn]
    while pending:
        node = pending.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        counts[node.name().rstrip("0123456789")] += 1
        pending.extend(following for following, _ in node.next_functions)
    return counts
