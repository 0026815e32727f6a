"""How a network computes fastest: its layout, what is left out, and where only what changed is computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from dashboard.inspection.engine import batch_norm, stopwatch
from dashboard.inspection.engine.isolation import isolate, restore_in_place
from dashboard.inspection.engine.local_forward import LocalForward
from dashboard.inspection.engine.local_stages import LocalStage, local_stages
from dashboard.inspection.engine.stopwatch import IN_TURNS, Key, Use
from models.classifier import Classifier

PICTURES = 2
# Layouts are compared on so many pictures at once, or as many as are expected to take so long: of two at once
# ResNet-50 gains 6 % by channels last, of eight 20 %.
MANY = 8
MANY_SECONDS = 0.5
# A network this quick has nothing to gain that anyone would notice.
SHORT_SECONDS = 0.01
# Pictures that windows are tried on.
TRIED = 8


@dataclass(frozen=True)
class Acceleration:
    """What makes a network faster on inputs of one size, for its answers or for a gradient.

    Attributes:
        channels_last: whether it computes in that layout.
        lean: whether what nobody reads on the way may be overwritten, and normalisations changed for others.
        folds: the normalisations that convolutions take over, on the way back alone where a gradient is asked for.
    """

    channels_last: bool = False
    optimised: bool = False
    fusable: tuple[batch_norm.FusablePair, ...] = ()


_CHOSEN: dict[tuple[Key, bool], Acceleration] = {}  # with whether there is a way back
_STAGES: dict[Key, tuple[LocalStage, ...]] = {}


def accelerate(
    network: nn.Module, classifier: Classifier, inputs: Tensor, *, use: Use = "layers"
) -> nn.Module:
    """The private network as it computes fastest, which was measured.

    It turns what it is given, and each layer hands the layout on to the next. For answers near a picture it is wrapped
    where that is faster; else it is the same.

    Args:
        network: a private copy of the classifier's.
        classifier: shared; not changed.
        inputs: (1, C, H, W), normalised.
        use: what it is for. Nothing is folded for a gradient: a folded convolution gives what the normalisation
            gave, and its rounding turns units at the kink of a ReLU on or off, which shows in a gradient: by up to
            5 thousandths of the largest, with Integrated Gradients.
    """
    chosen = acceleration(classifier, inputs, use=use)
    if chosen.optimised and use != "layers":
        _optimise(network, classifier.module, chosen.fusable, use)
    if chosen.channels_last:
        network.register_forward_pre_hook(_to_channels_last)
    if use != "near answers":
        return network
    passed = _stages(classifier, inputs)
    return LocalForward(network, inputs, passed) if passed else network


def acceleration(classifier: Classifier, inputs: Tensor, *, use: Use = "layers") -> Acceleration:
    """How a network is fastest on inputs of that size.

    Its answers stay the same to rounding only, so everybody gets what was measured first.
    """
    key = stopwatch.timing_key(classifier, inputs.shape), stopwatch.needs_gradient(use)
    with IN_TURNS:
        if key not in _CHOSEN:
            _CHOSEN[key] = _measure(
                classifier.module, inputs, "gradient" if stopwatch.needs_gradient(use) else "answers"
            )
        return _CHOSEN[key]


def _to_channels_last(network: nn.Module, args: tuple[Any, ...]) -> tuple[Any, ...]:
    return (args[0].contiguous(memory_format=torch.channels_last), *args[1:])


def _stages(classifier: Classifier, inputs: Tensor) -> tuple[LocalStage, ...]:
    """Stages of a network through which answers near a picture are faster, and the same; none where there are none."""
    key = stopwatch.timing_key(classifier, inputs.shape)
    if key not in _STAGES:
        networks = [
            accelerate(isolate(classifier.module), classifier, inputs, use="answers") for _ in range(2)
        ]
        with IN_TURNS:
            if key not in _STAGES:
                _STAGES[key] = _faster_stages(
                    networks[0], networks[1], local_stages(classifier.module, inputs), inputs
                )
    return _STAGES[key]


def _faster_stages(
    network: nn.Module, private: nn.Module, passed: tuple[LocalStage, ...], inputs: Tensor
) -> tuple[LocalStage, ...]:
    """The stages, or none where the way through them is no faster or does not give the same."""
    if not passed:
        return ()
    pictures = stopwatch.examples(inputs, TRIED, "near answers")
    with torch.no_grad():
        windowed = LocalForward(private, inputs, passed)
        try:
            logits = windowed(pictures)
        except (RuntimeError, AssertionError):  # a network that asks what it is given for its size
            return ()
        same = stopwatch.nearly_equal(logits, network(pictures))
    return passed if same and stopwatch.is_faster(network, pictures, windowed, pictures, False) else ()


def _measure(module: nn.Module, inputs: Tensor, use: Use) -> Acceleration:
    gradient = use == "gradient"
    if gradient and not stopwatch.has_gradient(isolate(module), inputs.clone()):
        return Acceleration()
    first = inputs.repeat(PICTURES, 1, 1, 1)
    with torch.no_grad():
        plain = isolate(module)(first)
    seconds = stopwatch.time_pass(isolate(module), first, gradient=gradient)
    if seconds < SHORT_SECONDS:
        return Acceleration()
    folds = batch_norm.fusable_pairs(isolate(module), inputs)
    many = min(MANY, max(1, int(PICTURES * MANY_SECONDS / seconds)))
    network = _optimise(isolate(module), module, folds, use)
    with torch.no_grad():
        # Not the same: a convolution that does more with its weights than to apply them.
        lean = stopwatch.nearly_equal(network(first), plain)
    lean = lean and (not gradient or _same_gradient(network, module, inputs))
    last = _is_faster(network if lean else isolate(module), inputs.repeat(many, 1, 1, 1), gradient)
    return Acceleration(last, lean, folds if lean else ())


def _optimise(
    network: nn.Module, module: nn.Module, folds: tuple[batch_norm.FusablePair, ...], use: Use
) -> nn.Module:
    """The same private network, with activations in place wherever the shared one has them so.

    Its normalisations are folded where answers alone are asked for, and else cost less on the way back.
    """
    restore_in_place(network, module)
    return (
        batch_norm.shorten_backward(network, folds)
        if stopwatch.needs_gradient(use)
        else batch_norm.fuse(network, folds)
    )


def _same_gradient(lean: nn.Module, module: nn.Module, inputs: Tensor) -> bool:
    """Whether the lean network has the gradient of the plain one; some write in place what a gradient needs."""
    try:
        gradient = stopwatch.first_gradient(lean, inputs.clone())
    except RuntimeError:
        return False
    return stopwatch.nearly_equal(gradient, stopwatch.first_gradient(isolate(module), inputs.clone()))


def _is_faster(network: nn.Module, first: Tensor, gradient: bool) -> bool:
    """Whether channels last is faster, and the same."""
    last = first.contiguous(memory_format=torch.channels_last)
    try:
        with torch.no_grad():
            same = stopwatch.nearly_equal(network(last), network(first))
    except RuntimeError:  # a network that flattens with `view` needs channels first
        return False
    return same and stopwatch.is_faster(network, first, network, last, gradient)
