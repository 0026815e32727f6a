"""The loss of one picture and class on its way back: gradients reduced to norms while they pass."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from dashboard.inspection.engine.capture import watch
from dashboard.inspection.engine.isolation import isolate
from dashboard.records.gradients import BackwardPass, HeadGradient, LayerGradient
from dashboard.records.network import LayerCall, Survey
from models.classifier import Classifier
from models.meaning import Reading
from models.runtime.errors import UserError

# How an answer is read -> the loss of one picture whose truth is the target.
LOSSES: dict[Reading, Callable[[Tensor, int], Tensor]] = {
    "one of several": lambda logits, target: functional.cross_entropy(logits, torch.tensor([target])),
    "each by itself": lambda logits, target: functional.softplus(-logits[0, target]),
    "values": lambda logits, target: -logits[0, target],
}


def backward_pass(classifier: Classifier, inputs: np.ndarray, target: int, survey: Survey) -> BackwardPass:
    """One pass forward and back, as a training step would make it, without the step.

    No gradient is kept: each is reduced to its norm as it passes, those of the weights too.

    Args:
        classifier: shared with other threads; not changed.
        inputs: (C, H, W), normalised.
        target: class index that is taken for the truth.
        survey: of the classifier's network.

    Raises:
        UserError: if no gradient reaches the picture.
    """
    if survey.obstacle:
        raise UserError(
            f"There is no backward pass: no gradient gets from the answer to the picture ({survey.obstacle})."
        )
    network = isolate(classifier.module)
    weights = _Weights(network)
    head = _Head(network, survey)
    sizes: dict[str, float] = {}
    gradients: dict[str, float] = {}

    def note(name: str, gradient: Tensor) -> None:
        gradients[name] = _norm(gradient)

    def read(call: LayerCall, output: Tensor) -> None:
        sizes[call.name] = _norm(output)
        if output.requires_grad:
            output.register_hook(partial(note, call.name))  # type: ignore[no-untyped-call]  # torch does not annotate it

    watch(network, survey.calls, read)
    batch = torch.tensor(inputs)[None].requires_grad_()
    with torch.enable_grad():
        logits = network(batch)
        logits.retain_grad()
        loss = LOSSES[classifier.contract.reading](logits.float(), target)
        loss.backward()  # type: ignore[no-untyped-call]  # torch does not annotate it
    assert logits.grad is not None and batch.grad is not None
    return BackwardPass(
        target=target,
        loss=float(loss.detach()),
        error=logits.grad[0].numpy().copy(),
        layers=tuple(
            weights.beside(LayerGradient(call, sizes[call.name], gradients.get(call.name, 0.0)))
            for call in survey.calls
            if call.name in sizes
        ),
        pixels=_norm(batch.grad),
        pixel_map=batch.grad[0].abs().mean(0).numpy().copy(),
        head=head.gradient(_norm(logits.grad), weights),
    )


class _Weights:
    """The weights of a private network, which get gradients that nobody keeps."""

    def __init__(self, network: nn.Module) -> None:
        self._own = {name: tuple(layer.parameters(recurse=False)) for name, layer in network.named_modules()}
        self.gradients: dict[Tensor, float] = {}
        for parameter in network.parameters():
            if parameter.is_floating_point():
                parameter.requires_grad_()
                hook = parameter.register_post_accumulate_grad_hook
                hook(self._pass)  # type: ignore[no-untyped-call]  # torch does not annotate it

    def _pass(self, parameter: Any) -> None:
        self.gradients[parameter] = _norm(parameter.grad)
        parameter.grad = None

    def beside(self, layer: LayerGradient) -> LayerGradient:
        """The layer's record with its weights."""
        own = self._own[layer.call.name.partition("#")[0]]
        if not own:
            return layer
        return dataclasses.replace(
            layer,
            weights=float(np.hypot.reduce([_norm(parameter) for parameter in own])),
            weight_gradient=float(np.hypot.reduce([self.gradients.get(parameter, 0.0) for parameter in own])),
        )


class _Head:
    """The linear layer that puts out the logits, and what it reads."""

    def __init__(self, network: nn.Module, survey: Survey) -> None:
        self._layer: nn.Linear | None = None
        self._inputs = 0.0
        name = survey.head.name if survey.head is not None else ""
        layer = network.get_submodule(name.partition("#")[0])
        if isinstance(layer, nn.Linear) and "#" not in name:
            self._layer, self._name = layer, name
            layer.register_forward_pre_hook(self._read)

    def _read(self, layer: nn.Module, args: Any) -> None:
        self._inputs = _norm(args[0])

    def gradient(self, error: float, weights: _Weights) -> HeadGradient | None:
        if self._layer is None:
            return None
        return HeadGradient(self._name, self._inputs, error, weights.gradients.get(self._layer.weight, 0.0))


def _norm(tensor: Tensor) -> float:
    return float(torch.linalg.vector_norm(tensor.detach().float()))
