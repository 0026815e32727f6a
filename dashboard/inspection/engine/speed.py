"""How a network computes fastest: its layout, what is left out, and where only what changed is computed."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from dashboard.inspection.engine import batch_norm, exported, paces, stopwatch
from dashboard.inspection.engine.exported import ExportedForward, LocalExportedForward, find_chain
from dashboard.inspection.engine.isolation import isolate, restore_in_place
from dashboard.inspection.engine.local_forward import LocalForward
from dashboard.inspection.engine.local_stages import LocalStage, local_stages
from dashboard.inspection.engine.stopwatch import GAIN, IN_TURNS, ROUNDS, Key, Use
from models.classifier import Classifier

PICTURES = 2
# Layouts are compared on so many pictures at once, or as many as are expected to take so long: of two at once
# ResNet-50 gains 6 % by channels last, of eight 20 %, and of sixteen torch takes another way to the gradient.
MANY: dict[Use, int] = {"answers": 8, "gradient": 16}
MANY_SECONDS = 1.0
# The runtime takes as long for each of few pictures as of many.
FEW = 4
# A network this quick has nothing to gain that anyone would notice.
SHORT_SECONDS = 0.01
# Pictures that windows are tried on.
TRIED = 8


@dataclass(frozen=True)
class Nearby:
    """How answers near a picture are fastest.

    Attributes:
        stages: through which they go; none where whole pictures are.
        exported: whether an inference runtime computes them.
    """

    stages: tuple[LocalStage, ...] = ()
    exported: bool = False


@dataclass(frozen=True)
class Acceleration:
    """What makes a network faster on inputs of one size, for its answers or for a gradient.

    Attributes:
        channels_last: whether it computes in that layout.
        optimised: whether what nobody reads on the way may be overwritten, and normalisations changed for others.
        fusable: the normalisations that convolutions take over, in the backward pass alone where a gradient is asked
            for.
        exported: whether an inference runtime computes it; the rest is for where that does not take a picture.
        seconds: for each picture before anything is accelerated, as far as it was measured.
    """

    channels_last: bool = False
    optimised: bool = False
    fusable: tuple[batch_norm.FusablePair, ...] = ()
    exported: bool = False
    seconds: float | None = field(default=None, compare=False)


_CHOSEN: dict[tuple[Key, bool], Acceleration] = {}  # with whether there is a way back
_NEARBY: dict[Key, Nearby] = {}


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
    if stopwatch.needs_gradient(use):
        return _as_chosen(network, classifier.module, chosen, use)
    near = nearby(classifier, inputs) if use == "near answers" else Nearby((), chosen.exported)
    return _wrap(network, classifier, inputs, chosen, near)


def is_exported(classifier: Classifier, inputs: Tensor, *, use: Use) -> bool:
    """Whether an inference runtime computes what is asked for."""
    if use == "near answers":
        return nearby(classifier, inputs).exported
    return acceleration(classifier, inputs, use=use).exported


def _as_chosen(network: nn.Module, module: nn.Module, chosen: Acceleration, use: Use) -> nn.Module:
    """The same private network, as torch computes it fastest."""
    if chosen.optimised and use != "layers":
        _optimise(network, module, chosen.fusable, use)
    if chosen.channels_last:
        network.register_forward_pre_hook(_to_channels_last)
    return network


def _wrap(
    network: nn.Module, classifier: Classifier, inputs: Tensor, chosen: Acceleration, near: Nearby
) -> nn.Module:
    """A private network, for its answers, through stages and in the hands of the runtime, as far as it can be."""
    chain = find_chain(classifier, inputs, chosen.fusable, near.stages) if near.exported else None
    if chain is None:
        network = _as_chosen(network, classifier.module, chosen, "answers")
        return LocalForward(network, inputs, near.stages) if near.stages else network
    if near.stages:
        return LocalExportedForward(network, chain, inputs, near.stages)
    return ExportedForward(network, chain)


def acceleration(classifier: Classifier, inputs: Tensor, *, use: Use = "layers") -> Acceleration:
    """How a network is fastest on inputs of that size.

    Its answers stay the same to rounding only, so everybody gets what was measured first.
    """
    key = stopwatch.timing_key(classifier, inputs.shape), stopwatch.needs_gradient(use)
    with IN_TURNS:
        if key not in _CHOSEN:
            _CHOSEN[key] = _measure(
                classifier, inputs, "gradient" if stopwatch.needs_gradient(use) else "answers"
            )
        return _CHOSEN[key]


def _to_channels_last(network: nn.Module, args: tuple[Any, ...]) -> tuple[Any, ...]:
    return (args[0].contiguous(memory_format=torch.channels_last), *args[1:])


def nearby(classifier: Classifier, inputs: Tensor) -> Nearby:
    """How answers near a picture of that size are fastest, and the same."""
    key = stopwatch.timing_key(classifier, inputs.shape)
    if key not in _NEARBY:
        chosen = acceleration(classifier, inputs, use="answers")
        with IN_TURNS:
            if key not in _NEARBY:
                _NEARBY[key] = _measure_nearby(classifier, inputs, chosen)
    return _NEARBY[key]


def _measure_nearby(classifier: Classifier, inputs: Tensor, chosen: Acceleration) -> Nearby:
    key, whole = stopwatch.timing_key(classifier, inputs.shape), Nearby((), chosen.exported)
    stages = () if classifier.contract.singly else local_stages(classifier.module, inputs)
    if not stages:
        return whole
    pictures = stopwatch.examples(inputs, TRIED, "near answers")
    # Through the runtime only where that has shown itself.
    ways = [whole, Nearby(stages), *([Nearby(stages, True)] if chosen.exported else [])]

    def build(near: Nearby) -> nn.Module:
        return _wrap(isolate(classifier.module), classifier, inputs, chosen, near)

    @functools.cache
    def is_right(near: Nearby) -> bool:
        tolerance = exported.SAME if near.exported else stopwatch.SAME
        some = pictures[:: max(1, TRIED // FEW)]
        try:
            with torch.no_grad():
                return stopwatch.nearly_equal(build(near)(some), build(whole)(some), tolerance)
        except (RuntimeError, AssertionError):  # a network that asks what it is given for its size
            return False

    def fastest() -> float:
        seconds = {}
        for place, near in enumerate(ways):
            if near == whole or is_right(near):
                network = build(near)
                seconds[place] = min(stopwatch.time_pass(network, pictures) for _ in range(ROUNDS))
        best = min(seconds, key=lambda place: seconds[place])
        return best if seconds[0] > GAIN * seconds[best] else 0

    place = int(paces.recall(key, f"near answers: way of {len(ways)}", fastest))
    return ways[place] if 0 < place < len(ways) and is_right(ways[place]) else whole


def _measure(classifier: Classifier, inputs: Tensor, use: Use) -> Acceleration:
    gradient, module, plain = use == "gradient", classifier.module, isolate(classifier.module)
    if gradient and not stopwatch.has_gradient(plain, inputs.clone()):
        return Acceleration()
    recall = partial(paces.recall, stopwatch.timing_key(classifier, inputs.shape))
    first = inputs.repeat(PICTURES, 1, 1, 1)
    with torch.no_grad():
        logits = plain(first)
    seconds = recall(
        f"{use}: seconds of a pass", lambda: stopwatch.time_pass(plain, first.clone(), gradient=gradient)
    )
    each = seconds / PICTURES
    if seconds < SHORT_SECONDS:
        return Acceleration(seconds=each)
    folds = batch_norm.fusable_pairs(plain, inputs)
    many = min(MANY[use], max(1, int(MANY_SECONDS / each)))
    network = _optimise(isolate(module), module, folds, use)
    with torch.no_grad():
        # Not the same: a convolution that does more with its weights than to apply them.
        lean = stopwatch.nearly_equal(network(first), logits)
    lean = lean and (not gradient or _same_gradient(network, plain, inputs))
    if not lean:
        network = plain
    last = _takes_channels_last(network, first) and bool(
        recall(f"{use}: channels last", lambda: _is_faster(network, inputs.repeat(many, 1, 1, 1), gradient))
    )
    chosen = Acceleration(last, lean, folds if lean else (), seconds=each)
    if gradient:
        return chosen
    faster = recall(f"{use}: runtime", lambda: _is_faster_exported(classifier, inputs, many, chosen))
    return replace(chosen, exported=bool(faster))


def _is_faster_exported(classifier: Classifier, inputs: Tensor, many: int, chosen: Acceleration) -> bool:
    """Whether the runtime is clearly faster than torch as it is chosen, and the same."""
    chain = find_chain(classifier, inputs, chosen.fusable)
    if chain is None:
        return False
    network = _as_chosen(isolate(classifier.module), classifier.module, chosen, "answers")
    before, after = (
        min(stopwatch.time_pass(one, inputs.repeat(count, 1, 1, 1)) for _ in range(ROUNDS)) / count
        for one, count in ((network, many), (ExportedForward(network, chain), min(FEW, many)))
    )
    return before > GAIN * after


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


def _same_gradient(lean: nn.Module, plain: nn.Module, inputs: Tensor) -> bool:
    """Whether the lean network has the gradient of the plain one; some write in place what a gradient needs."""
    try:
        gradient = stopwatch.first_gradient(lean, inputs.clone())
    except RuntimeError:
        return False
    return stopwatch.nearly_equal(gradient, stopwatch.first_gradient(plain, inputs.clone()))


def _takes_channels_last(network: nn.Module, first: Tensor) -> bool:
    """Whether it gives the same in that layout."""
    try:
        with torch.no_grad():
            return stopwatch.nearly_equal(
                network(first.contiguous(memory_format=torch.channels_last)), network(first)
            )
    except RuntimeError:  # a network that flattens with `view` needs channels first
        return False


def _is_faster(network: nn.Module, many: Tensor, gradient: bool) -> bool:
    """Whether channels last is faster."""
    last = many.contiguous(memory_format=torch.channels_last)
    return stopwatch.is_faster(network, many, network, last, gradient)
