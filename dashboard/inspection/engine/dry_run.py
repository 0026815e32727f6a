"""Passes over a private network that show every call of its layers, and every attention in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from dashboard.inspection.engine.attention import AttentionRecorder
from dashboard.inspection.engine.capture import output_tensor, replace_tensor
from dashboard.inspection.engine.guided_rules import rectifying_module
from dashboard.inspection.engine.routing import CallRouter, FunctionCall
from models.head import OneByOne
from models.outputs import walk

# Layers that do the same at each place, and to it alone.
PLACEWISE = (
    *(nn.modules.batchnorm._BatchNorm, nn.modules.dropout._DropoutNd, nn.Identity),
    *(nn.ReLU, nn.ReLU6, nn.LeakyReLU, nn.ELU, nn.GELU, nn.SiLU, nn.Mish, nn.Hardswish, nn.Hardsigmoid),
    *(nn.Sigmoid, nn.Tanh, nn.Softplus),
)
# Classes of layers that hand on what they read.
IDLE = ("Identity", "Dropout", "Dropout1d", "Dropout2d", "Flatten", "DropPath", "ZeroPad2d", "ConstantPad2d")


@dataclass(frozen=True, eq=False)
class DryRun:
    """What one forward pass left behind.

    Attributes:
        outputs: call -> its output, in order; of calls that give real numbers.
        members: call -> where that stands in what the module gives.
        kinds: call -> class of the module.
        weighted: calls of linear layers and convolutions.
        skipped: modules that never ran.
        attention: shape of each attention, in order.
        attending: names of the modules that attend.
        picture: what went in.
        logits: of it.
    """

    outputs: dict[str, Tensor]
    members: dict[str, str]
    kinds: dict[str, str]
    weighted: frozenset[str]
    skipped: tuple[str, ...]
    attention: tuple[tuple[int, ...], ...]
    attending: frozenset[str]
    picture: Tensor
    logits: Tensor


def dry_run(network: nn.Module, inputs: Tensor) -> DryRun:
    """One forward pass, from a picture that requires a gradient.

    Args:
        network: private.
        inputs: (1, C, H, W), normalised.
    """
    names = {layer: name for name, layer in network.named_modules() if name}
    ran: list[tuple[nn.Module, Any]] = []
    within: list[nn.Module] = []
    shapes: list[tuple[int, ...]] = []
    attending: set[str] = set()

    def leave(layer: nn.Module, args: Any, output: Any) -> Any:
        within.pop()
        found = output_tensor(output)
        if found is not None and any(found[1] is tensor for _, tensor in walk(args)):
            # A tensor of its own, so that the gradient of what else reads the input is not taken for the output's.
            output = replace_tensor(output, found[1], found[1].view_as(found[1]))
        ran.append((layer, output))
        return output

    def attend(weights: Tensor) -> None:
        shapes.append(tuple(weights.shape))
        # A softmax may be a layer of its own.
        attending.add(names.get(next((layer for layer in within[::-1] if [*layer.children()]), network), ""))

    hooks = [
        hook
        for layer in names
        for hook in (
            layer.register_forward_pre_hook(lambda layer, args: within.append(layer)),
            layer.register_forward_hook(leave),
        )
    ]
    picture = inputs.detach().clone().requires_grad_()
    # A ReLU6 is told from other activations with two bounds by computing it as a ReLU and a cap.
    with CallRouter(rectifying_module, _call_module), AttentionRecorder(attend):
        logits = network(picture)
    for hook in hooks:
        hook.remove()
    calls = call_names([names[layer] for layer, _ in ran])
    called = {layer for layer, _ in ran}
    found = {call: output_tensor(output) for call, (_, output) in zip(calls, ran, strict=True)}
    modules = {call: layer for call, (layer, _) in zip(calls, ran, strict=True) if found[call] is not None}
    return DryRun(
        outputs={call: output[1] for call, output in found.items() if output is not None},
        members={call: output[0] for call, output in found.items() if output is not None},
        kinds={call: type(layer).__name__ for call, layer in modules.items()},
        weighted=frozenset(
            call for call, layer in modules.items() if isinstance(layer, nn.Linear | nn.Conv2d)
        ),
        skipped=tuple(name for layer, name in names.items() if layer not in called),
        attention=tuple(shapes),
        attending=frozenset(attending - {""}),
        picture=picture,
        logits=logits,
    )


# A call, its output, and what it has read where it is one of PLACEWISE.
Reading = tuple[str, Tensor, Tensor | None]


def _call_module(call: FunctionCall, module: nn.Module) -> Any:
    return module(*call.tensors)


def replay(
    network: nn.Module,
    pictures: Tensor,
    run: DryRun,
    read: Callable[[Reading], None],
    attend: Callable[[Tensor], None],
) -> None:
    """One more forward pass, of other pictures.

    Args:
        network: private.
        pictures: (N, C, H, W), normalised.
        run: of a network of the same structure, which tells what the output of each call is.
        read: given the name and the output of each call, in order, and what it has read where it is one of PLACEWISE.
        attend: given the weights of each attention, in order.
    """
    if not isinstance(network, OneByOne):
        _replay(network, pictures, run, read, attend)
        return
    passes: list[tuple[list[Reading], list[Tensor]]] = []
    for picture in pictures[:, None]:
        readings: list[Reading] = []
        weights: list[Tensor] = []
        _replay(network, picture, run, lambda reading: readings.append(_kept(reading)), weights.append)  # noqa: B023  # read at once
        passes.append((readings, weights))
    for same in zip(*(readings for readings, _ in passes), strict=False):
        (name, first, _), inputs = same[0], [taken for *_, taken in same if taken is not None]
        if first.dim() and len({tensor.shape for _, tensor, _ in same}) == 1:
            read((name, torch.cat([tensor for _, tensor, _ in same]), torch.cat(inputs) if inputs else None))
    for attentions in zip(*(weights for _, weights in passes), strict=False):
        attend(torch.cat(attentions))


def _kept(reading: Reading) -> Reading:
    """A clone, because what follows may write in place."""
    name, tensor, taken = reading
    return name, tensor.clone(), None if taken is None else taken.clone()


def _replay(
    network: nn.Module,
    pictures: Tensor,
    run: DryRun,
    read: Callable[[Reading], None],
    attend: Callable[[Tensor], None],
) -> None:
    names = {layer: name for name, layer in network.named_modules() if name}
    seen: Counter[str] = Counter()

    def leave(layer: nn.Module, args: Any, output: Any) -> None:
        seen[names[layer]] += 1
        name = names[layer] if names[layer] in run.outputs else f"{names[layer]}#{seen[names[layer]]}"
        member = run.members.get(name)
        tensor = output if member == "" else dict(walk(output)).get(member or "")
        if isinstance(tensor, Tensor) and tensor.is_floating_point():
            read((name, tensor, args[0] if args and isinstance(layer, PLACEWISE) else None))

    hooks = [layer.register_forward_hook(leave) for layer in names]
    try:
        with torch.no_grad(), AttentionRecorder(attend):
            network(pictures)
    finally:
        for hook in hooks:
            hook.remove()


def call_names(names: Sequence[str]) -> list[str]:
    """The names of modules in the order in which calls finish, with `#k` behind those that occur more than once."""
    often, seen = Counter(names), Counter[str]()
    numbered = []
    for name in names:
        seen[name] += 1
        numbered.append(f"{name}#{seen[name]}" if often[name] > 1 else name)
    return numbered
