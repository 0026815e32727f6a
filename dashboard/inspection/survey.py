"""One dry run that finds which layers run, which keep a grid over the picture, and which activations there are."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from dashboard.inspection.isolation import isolated
from dashboard.records import LayerCall, Layout, Survey

# Names that autograd gives to the gradient of each activation function.
NONLINEARITIES = {
    "ReluBackward": "ReLU",
    "HardtanhBackward": "ReLU6",
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
    "PreluKernelBackward": "PReLU",
}


def survey(module: nn.Module, inputs: Tensor) -> Survey:
    """Run one picture forward and backward on an isolated copy and note every layer call.

    Args:
        module: a network that returns logits of shape (N, classes); not changed.
        inputs: (1, C, H, W), normalised.
    """
    network = isolated(module)
    with torch.enable_grad():
        recorded, ran, winner = _run(network, inputs)
        outputs = [output for _, output in recorded]
        gradients = torch.autograd.grad(winner, outputs, allow_unused=True, retain_graph=True)
    names = _call_names([name for name, _ in recorded])
    kinds = {name: type(layer).__name__ for name, layer in network.named_modules()}
    side = (int(inputs.shape[-2]), int(inputs.shape[-1]))
    calls = _without_attention_matrices(
        tuple(
            _call(call, kinds[name], output, gradient, side)
            for call, (name, output), gradient in zip(names, recorded, gradients, strict=True)
        )
    )
    return Survey(
        calls=calls,
        skipped=tuple(name for name in kinds if name and name not in ran),
        nonlinearities=_nonlinearities(winner),
        relu_modules=sum(kinds[name] == "ReLU" for name, _ in recorded),
        default_layer=_default_layer(calls),
    )


def _run(network: nn.Module, inputs: Tensor) -> tuple[list[tuple[str, Tensor]], set[str], Tensor]:
    """Names and outputs of layers in the order they finish, names of all that ran, and the winning logit."""
    recorded: list[tuple[str, Tensor]] = []
    ran: set[str] = set()
    names = {layer: name for name, layer in network.named_modules() if name}

    def note(layer: nn.Module, args: Any, output: Any) -> None:
        ran.add(names[layer])
        if isinstance(output, Tensor) and output.requires_grad:
            recorded.append((names[layer], output))

    hooks = [layer.register_forward_hook(note) for layer in names]
    logits = network(inputs.detach().clone().requires_grad_())
    for hook in hooks:
        hook.remove()
    return recorded, ran, logits.flatten().max()


def _call_names(names: list[str]) -> list[str]:
    """The names, with `#k` behind those that occur more than once."""
    often, seen = Counter(names), Counter[str]()
    numbered = []
    for name in names:
        seen[name] += 1
        numbered.append(f"{name}#{seen[name]}" if often[name] > 1 else name)
    return numbered


def _call(name: str, kind: str, output: Tensor, gradient: Tensor | None, side: tuple[int, int]) -> LayerCall:
    shape = tuple(output.shape[1:])
    layout, prefix, grid = _grid(shape, side)
    reached = False
    if layout is not None and gradient is not None:
        at_grid = gradient[:, prefix:] if layout == "tokens" else gradient
        reached = bool(at_grid.count_nonzero())
    return LayerCall(name, kind, shape, layout, prefix, grid, reached)


def _grid(shape: tuple[int, ...], side: tuple[int, int]) -> tuple[Layout | None, int, tuple[int, int]]:
    """How an output of that shape (without batch) covers a picture: layout, prefix tokens, grid."""
    aspect = side[0] / side[1]

    def covers(height: int, width: int) -> bool:
        return 1 < height <= side[0] and 1 < width <= side[1] and abs(height / width - aspect) < 0.15 * aspect

    if len(shape) == 3 and covers(shape[1], shape[2]):
        return "channels first", 0, (shape[1], shape[2])
    if len(shape) == 3 and covers(shape[0], shape[1]):
        return "channels last", 0, (shape[0], shape[1])
    if len(shape) == 2 and side[0] == side[1]:
        root = math.isqrt(shape[0])
        prefix = shape[0] - root * root
        # A class token, a distillation token, up to four registers: never more than a handful.
        if covers(root, root) and prefix <= 5:
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


def _nonlinearities(output: Tensor) -> dict[str, int]:
    """How often each activation function occurs in the graph behind a tensor, functional ones included."""
    counts: Counter[str] = Counter()
    seen: set[Any] = set()
    pending = [output.grad_fn]
    while pending:
        node = pending.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        kind = NONLINEARITIES.get(node.name().rstrip("0123456789"))
        if kind is not None:
            counts[kind] += 1
        pending.extend(following for following, _ in node.next_functions)
    return dict(counts)
