"""One neuron: what it reads, its weights, what follows and the gradient that comes back, as the network has them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from dashboard.inspection.activations.backward_pass import LOSSES
from dashboard.inspection.engine.batch_norm import pads_of
from dashboard.inspection.engine.capture import grid_maps, watch
from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.nonlinearity import BY_FUNCTION, resolve
from dashboard.inspection.engine.routing import FunctionCall
from dashboard.records.network import LayerCall, Survey
from dashboard.records.neuron import Applied, Neuron
from models.classifier import Classifier
from models.runtime.errors import UserError

KINDS = (nn.Conv2d, nn.Linear)
# How far products, added up here, may be from what the layer gives, relative to its largest number: rounding of
# float32, in which it is kept, and of half precision.
ROUNDING = dict.fromkeys((torch.float32, torch.float64), 1e-4)
COARSE = 1e-2
_batch_norm = inspect.signature(functional.batch_norm)


def neuron_calls(classifier: Classifier, survey: Survey) -> tuple[LayerCall, ...]:
    """The calls of convolutions over two axes and of dense layers, in order."""
    return tuple(
        call
        for call in survey.calls
        if isinstance(classifier.module.get_submodule(call.name.partition("#")[0]), KINDS)
        and call.batch_axis == 0
    )


def neuron(
    classifier: Classifier, inputs: np.ndarray, *, call: LayerCall, target: int, unit: int | None = None
) -> Neuron:
    """One channel of a convolution or one dense unit, from one pass forward and, where there can be one, back.

    What it is said to compute is checked at every place against what the layer gives.

    Args:
        classifier: shared with other threads; not changed.
        inputs: (C, H, W), normalised.
        call: one of `neuron_calls`.
        target: class index that is taken for the truth, whose loss the gradients are of.
        unit: channel or unit; None means that of the largest number behind the layer, the first of several.

    Raises:
        UserError: if the layer computes something else than its kind does.
    """
    network = isolate(classifier.module)
    layer = network.get_submodule(call.name.partition("#")[0])
    assert isinstance(layer, KINDS)
    read: list[Tensor] = []
    layer.register_forward_pre_hook(lambda layer, args: read.append(args[0].detach().clone()))
    follower = _Follower()
    taken: list[tuple[Tensor, Tensor]] = []

    def take(_: LayerCall, output: Tensor) -> None:
        taken.append((read[-1], output.detach().clone()))
        follower.follow(output)

    watch(network, [call], take)
    batch = torch.tensor(inputs)[None].requires_grad_()
    with torch.enable_grad():
        with follower:
            logits = network(batch)
        if logits.requires_grad:
            LOSSES[classifier.contract.reading](logits.float(), target).backward()  # type: ignore[no-untyped-call]  # torch does not annotate it
    ((given, output),) = taken
    maps = partial(_maps, layer=layer, call=call)
    outputs = maps(output)
    backward = [None if gradient is None else maps(gradient) for gradient in follower.gradients()]
    followed = [
        (title, maps(values), maps(slopes), shifts) for title, values, slopes, shifts in follower.applied
    ]
    followed = followed[: _count_sole_readers(backward, [slopes for _, _, slopes, _ in followed])]
    last = followed[-1][1] if followed else outputs
    number = int(last.flatten(1).amax(1).argmax()) if unit is None else unit
    gradients = [
        None if gradient is None else _plane(gradient, number) for gradient in backward[: len(followed) + 1]
    ]
    padded, margins = _pad(layer, maps(given) if isinstance(layer, nn.Linear) else given.float()[0])
    weight = layer.weight.detach()[number].float()
    bias = 0.0 if layer.bias is None else float(layer.bias[number])
    groups = layer.groups if isinstance(layer, nn.Conv2d) else 1
    first = number // (len(outputs) // groups) * (len(padded) // groups)
    record = Neuron(
        call=call,
        unit=number,
        dense=isinstance(layer, nn.Linear),
        first=first,
        padded=padded[first : first + len(padded) // groups].numpy().copy(),
        margins=margins,
        stride=_pair(layer, "stride"),
        dilation=_pair(layer, "dilation"),
        kernel=(weight[:, None, None] if isinstance(layer, nn.Linear) else weight).numpy().copy(),
        bias=bias,
        outputs=_plane(outputs, number),
        applied=tuple(
            Applied(
                title,
                _plane(values, number),
                _plane(slopes, number),
                None if shifts is None else float(shifts[number]),
                gradient,
            )
            for (title, values, slopes, shifts), gradient in zip(followed, gradients[1:], strict=True)
        ),
        gradients=gradients[0],
    )
    _check(record, ROUNDING.get(output.dtype, COARSE))
    return record


class _Follower(TorchFunctionMode):
    """While active in this thread, follows an output through the functions that work on every number by itself."""

    def __init__(self) -> None:
        super().__init__()
        self._current: Tensor | None = None
        self._gradients: list[Tensor | None] = []
        self.applied: list[tuple[str, Tensor, Tensor, Tensor | None]] = []

    def follow(self, output: Tensor) -> None:
        """Begin with this one."""
        self._keep(output)

    def gradients(self) -> list[Tensor | None]:
        """At the output that was followed, and behind each function; None where no loss went back through it."""
        return self._gradients

    def _keep(self, output: Tensor) -> None:
        self._current = output
        place = len(self._gradients)
        self._gradients.append(None)

        def keep(gradient: Tensor) -> None:
            self._gradients[place] = gradient.detach().clone()

        if output.requires_grad:
            output.register_hook(keep)  # type: ignore[no-untyped-call]  # torch does not annotate it

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        given = args[0] if args else kwargs.get("input")
        if self._current is None or given is not self._current:
            return func(*args, **kwargs)
        step = _STEPS.get(func)
        before = given.detach().clone()
        output = func(*args, **kwargs)
        if step is not None and isinstance(output, Tensor) and output.shape == before.shape:
            title, slopes, shifts = step(func, before, args, kwargs)
            self.applied.append((title, output.detach().clone(), slopes, shifts))
            self._keep(output)
        elif func in _NOTHING and torch.equal(output, before):
            self._current = output
        return output


# Given the function, what it reads, and its arguments: its title, its slope at each number, and its shift of each
# channel.
_Step = Callable[[Any, Tensor, Any, Any], tuple[str, Tensor, Tensor | None]]


def _activation(func: Any, before: Tensor, args: Any, kwargs: Any) -> tuple[str, Tensor, None]:
    call = FunctionCall.of(func, args, kwargs)
    with torch.enable_grad():
        leaf = before.requires_grad_()
        (slopes,) = torch.autograd.grad(call(leaf).sum(), leaf)
    return resolve(BY_FUNCTION[func], call).title, slopes, None


def _normalisation(func: Any, before: Tensor, args: Any, kwargs: Any) -> tuple[str, Tensor, Tensor]:
    bound = _batch_norm.bind(*args, **kwargs)
    bound.apply_defaults()
    mean, variance, weight, bias, eps = (
        bound.arguments[name] for name in ("running_mean", "running_var", "weight", "bias", "eps")
    )
    factor = (variance.double() + eps).rsqrt() * (1 if weight is None else weight.double())
    shift = (0 if bias is None else bias.double()) - mean.double() * factor
    shape = [1, -1, *(1,) * (before.ndim - 2)]
    return "batch norm", factor.reshape(shape).expand(before.shape), shift


_STEPS: dict[Any, _Step] = {
    **dict.fromkeys(BY_FUNCTION, _activation),
    functional.batch_norm: _normalisation,
}
# What may stand between and does nothing once a network is trained.
_NOTHING = {functional.dropout, functional.dropout2d}


def _count_sole_readers(gradients: list[Tensor | None], slopes: list[Tensor]) -> int:
    """How many of the functions that follow are all that reads what stands before them.

    Another reader, such as the other factor of a gate or a connection that skips, has a part in the gradient.
    """
    for place, (slope, before, after) in enumerate(zip(slopes, gradients, gradients[1:], strict=False)):
        if before is None or after is None:
            continue
        if not (before - after * slope).abs().max() <= 1e-3 * before.abs().max():
            return place
    return len(slopes)


def _maps(values: Tensor, *, layer: nn.Module, call: LayerCall) -> Tensor:
    """What a layer reads or gives as (C, h, w): of a dense one that reads tokens, their grid where they have one."""
    values = values.detach().float()
    if isinstance(layer, nn.Conv2d):
        return values[0]
    if call.layout is not None:
        return grid_maps(values, call)[0]
    return values.reshape(1, -1, values.shape[-1]).permute(2, 0, 1)


def _plane(maps: Tensor, unit: int) -> np.ndarray:
    return maps[unit].numpy().astype(np.float32)


def _pair(layer: nn.Module, name: str) -> tuple[int, int]:
    if not isinstance(layer, nn.Conv2d):
        return 1, 1
    down, across = getattr(layer, name)
    return int(down), int(across)


def _pad(layer: nn.Module, given: Tensor) -> tuple[Tensor, tuple[int, int, int, int]]:
    """What a layer reads with what it puts around that, and how much on each side."""
    if not isinstance(layer, nn.Conv2d):
        return given, (0, 0, 0, 0)
    pads = pads_of(layer, given[None])
    mode = "constant" if layer.padding_mode == "zeros" else layer.padding_mode
    return functional.pad(given[None], pads, mode)[0], pads


def _check(record: Neuron, rounding: float) -> None:
    """Hold what it is said to compute against what the layer gave, at every place. Raises UserError."""
    (down, across), dilation = record.stride, record.dilation
    summed = (
        functional.conv2d(
            torch.tensor(record.padded)[None].double(),
            torch.tensor(record.kernel)[None].double(),
            stride=(down, across),
            dilation=dilation,
        )[0, 0].numpy()
        + record.bias
    )
    scale = float(np.abs(record.outputs).max(initial=0.0)) or 1.0
    if summed.shape != record.outputs.shape or not np.abs(summed - record.outputs).max() <= rounding * scale:
        raise UserError(
            f"{record.call.name} gives something else than its weights times what it reads, added up, so there is no "
            "sum to show. It may compute its weights anew in each pass, or give numbers that are not finite."
        )
