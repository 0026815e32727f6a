"""How a network computes fastest, measured once for each and shared: layout, what is left out, how many at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor, nn

from dashboard.inspection import folding
from dashboard.inspection.isolation import in_place_again, isolated
from dashboard.inspection.windows.stages import Stage, stages
from dashboard.inspection.windows.windowed import Windowed
from models.classifier import Classifier

PICTURES = 2
ROUNDS = 2
# Layouts are compared on so many pictures at once, or as many as are expected to take so long: of two at once
# ResNet-50 gains 6 % by channels last, of eight 20 %.
MANY = 8
MANY_SECONDS = 0.5
# A network this quick has nothing to gain that anyone would notice.
SHORT_SECONDS = 0.01
# A smaller gain may be chance, and layers that do not know the layout lose it again.
GAIN = 1.1
# Another layout rounds otherwise, which turns units at the kink of a ReLU on or off. Logits hardly tell, a gradient
# does: ResNet-50 would gain 15 % and change a map of SmoothGrad by 1 % of its largest value.
GAIN_OF_GRADIENT = 1.3
# How far the logits, or the gradient, may be from the network's own, relative to the largest.
SAME = 1e-4
# Tensors of a layer that are alive at once where nothing is kept for a way back.
ALIVE = 3

# Pictures that windows are tried on, and the share of its side that is covered of each.
TRIED = 8
COVERED = 7

# What is asked of a network: that others read its layers on the way, a gradient at the picture, its answers alone, or
# those for pictures that differ from one picture in a small place.
Use = Literal["layers", "gradient", "answers", "near answers"]
# Batches that are tried, while one pass is expected to take no more than MOST_SECONDS and MOST_BYTES. More at once were
# never faster on any network that was measured, but near a picture, where passes are short.
BATCHES: dict[Use, tuple[int, ...]] = {
    **dict.fromkeys(("layers", "gradient", "answers"), (1, 4, 8, 16)),
    "near answers": (1, 8, 16, 32),
}
MOST_SECONDS = 1.0
MOST_BYTES = 1000 * 2**20
# They are tried in turns, twice, because the first pass of a shape takes up to three times as long as those that
# follow; and once more those whose time for one picture is so near the best.
LAST_ROUND = 2
CLOSE = 1.25
# The smallest batch is taken among those whose time for one picture is so near the best.
NEAR = 1.01
# Told the share of the measuring that is done, in [0, 1]; raises to cancel.
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Pace:
    """What makes a network faster on inputs of one size, for its answers or for a gradient.

    Attributes:
        channels_last: whether it computes in that layout.
        lean: whether what nobody reads on the way may be overwritten, and normalisations changed for others.
        folds: the normalisations that convolutions take over, on the way back alone where a gradient is asked for.
    """

    channels_last: bool = False
    lean: bool = False
    folds: tuple[folding.Pair, ...] = ()


@dataclass(frozen=True)
class Batch:
    """What goes into one pass.

    Attributes:
        size: number of pictures.
        seconds: that each of them takes, on the way back too where there is one.
    """

    size: int
    seconds: float


Key = tuple[str, str, tuple[int, ...]]
_LOCK = threading.Lock()
_CHOSEN: dict[tuple[Key, bool], Pace] = {}  # with whether there is a way back
_STAGES: dict[Key, tuple[Stage, ...]] = {}
_BATCHES: dict[tuple[Key, Use], Batch] = {}


def quickened(
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
    chosen = pace(classifier, inputs, use=use)
    if chosen.lean and use != "layers":
        _lean(network, classifier.module, chosen.folds, use)
    if chosen.channels_last:
        network.register_forward_pre_hook(_turn)
    if use != "near answers":
        return network
    passed = _stages(classifier, inputs)
    return Windowed(network, inputs, passed) if passed else network


def pace(classifier: Classifier, inputs: Tensor, *, use: Use = "layers") -> Pace:
    """How a network is fastest on inputs of that size.

    Its answers stay the same to rounding only, so everybody gets what was measured first.
    """
    key = _key(classifier, inputs.shape), _goes_back(use)
    # Measured in turns: two at once would measure each other.
    with _LOCK:
        if key not in _CHOSEN:
            _CHOSEN[key] = _measured(classifier.module, inputs, "gradient" if _goes_back(use) else "answers")
        return _CHOSEN[key]


def batch(
    classifier: Classifier, inputs: Tensor, *, use: Use, progress: Progress = lambda share: None
) -> Batch:
    """How many pictures of that size a quickened network takes fastest in one pass, within MOST_BYTES.

    Args:
        classifier: shared; not changed.
        inputs: (1, C, H, W), normalised.
        use: as for `quickened`; the way back is measured too unless answers are asked for.
        progress: called before each step of the measuring, which happens once; never where it is known.
    """
    key = _key(classifier, inputs.shape), use
    if key not in _BATCHES:
        progress(0.0)
        network = quickened(isolated(classifier.module), classifier, inputs, use=use)
        with _LOCK:
            if key not in _BATCHES:  # else somebody measured it meanwhile
                _BATCHES[key] = _fastest(network, inputs, use, progress)
    return _BATCHES[key]


def examples(inputs: Tensor, count: int, use: Use) -> Tensor:
    """Pictures to measure that use with, (count, C, H, W): near answers are asked with a square of each covered."""
    pictures = inputs.repeat(count, 1, 1, 1)
    if use == "near answers":
        sides = [max(1, side // COVERED) for side in inputs.shape[2:]]
        for number, picture in enumerate(pictures):
            # All the way down, and across in leaps, so that squares lie at all edges and between them.
            shares = number / max(1, count - 1), number * 3 % count / max(1, count - 1)
            top, left = (
                round(share * (whole - side))
                for share, whole, side in zip(shares, inputs.shape[2:], sides, strict=True)
            )
            picture[:, top : top + sides[0], left : left + sides[1]] += 1
    return pictures


def known_batch(classifier: Classifier, shape: tuple[int, ...], *, use: Use) -> Batch | None:
    """The batch for one input of that shape, (1, C, H, W); None where it is not measured yet."""
    return _BATCHES.get((_key(classifier, shape), use))


def _goes_back(use: Use) -> bool:
    """Whether a gradient may be asked for."""
    return use in ("layers", "gradient")


def _key(classifier: Classifier, shape: tuple[int, ...]) -> Key:
    return classifier.name, classifier.weights.digest, tuple(shape)


def _turn(network: nn.Module, args: tuple[Any, ...]) -> tuple[Any, ...]:
    return (args[0].contiguous(memory_format=torch.channels_last), *args[1:])


def _stages(classifier: Classifier, inputs: Tensor) -> tuple[Stage, ...]:
    """Stages of a network through which answers near a picture are faster, and the same; none where there are none."""
    key = _key(classifier, inputs.shape)
    if key not in _STAGES:
        networks = [
            quickened(isolated(classifier.module), classifier, inputs, use="answers") for _ in range(2)
        ]
        with _LOCK:
            if key not in _STAGES:
                _STAGES[key] = _shorter(networks[0], networks[1], stages(classifier.module, inputs), inputs)
    return _STAGES[key]


def _shorter(
    network: nn.Module, private: nn.Module, passed: tuple[Stage, ...], inputs: Tensor
) -> tuple[Stage, ...]:
    """The stages, or none where the way through them is no faster or does not give the same."""
    if not passed:
        return ()
    pictures = examples(inputs, TRIED, "near answers")
    with torch.no_grad():
        windowed = Windowed(private, inputs, passed)
        try:
            logits = windowed(pictures)
        except (RuntimeError, AssertionError):  # a network that asks what it is given for its size
            return ()
        same = _same(logits, network(pictures))
    return passed if same and _gains(network, pictures, windowed, pictures, False) else ()


def _measured(module: nn.Module, inputs: Tensor, use: Use) -> Pace:
    gradient = use == "gradient"
    if gradient and not _has_gradient(isolated(module), inputs.clone()):
        return Pace()
    first = inputs.repeat(PICTURES, 1, 1, 1)
    with torch.no_grad():
        plain = isolated(module)(first)
    seconds = _seconds(isolated(module), first, gradient=gradient)
    if seconds < SHORT_SECONDS:
        return Pace()
    folds = folding.pairs(isolated(module), inputs)
    many = min(MANY, max(1, int(PICTURES * MANY_SECONDS / seconds)))
    network = _lean(isolated(module), module, folds, use)
    with torch.no_grad():
        # Not the same: a convolution that does more with its weights than to apply them.
        lean = _same(network(first), plain)
    lean = lean and (not gradient or _same_gradient(network, module, inputs))
    last = _is_faster(network if lean else isolated(module), inputs.repeat(many, 1, 1, 1), gradient)
    return Pace(last, lean, folds if lean else ())


def _lean(network: nn.Module, module: nn.Module, folds: tuple[folding.Pair, ...], use: Use) -> nn.Module:
    """The same private network, with activations in place wherever the shared one has them so.

    Its normalisations are folded where answers alone are asked for, and else cost less on the way back.
    """
    in_place_again(network, module)
    return folding.eased(network, folds) if _goes_back(use) else folding.fold(network, folds)


def _same_gradient(lean: nn.Module, module: nn.Module, inputs: Tensor) -> bool:
    """Whether the lean network has the gradient of the plain one; some write in place what a gradient needs."""
    try:
        found = _gradient(lean, inputs.clone())
    except RuntimeError:
        return False
    return _same(found, _gradient(isolated(module), inputs.clone()))


def _is_faster(network: nn.Module, first: Tensor, gradient: bool) -> bool:
    """Whether channels last is faster, and the same."""
    last = first.contiguous(memory_format=torch.channels_last)
    try:
        with torch.no_grad():
            same = _same(network(last), network(first))
    except RuntimeError:  # a network that flattens with `view` needs channels first
        return False
    return same and _gains(network, first, network, last, gradient)


def _gains(network: nn.Module, inputs: Tensor, other: nn.Module, others: Tensor, gradient: bool) -> bool:
    """Whether the other network is clearly faster on the other inputs; measured in turns."""
    rounds = [
        (_seconds(network, inputs, gradient=gradient), _seconds(other, others, gradient=gradient))
        for _ in range(ROUNDS)
    ]
    before: float = min(seconds for seconds, _ in rounds)
    after: float = min(seconds for _, seconds in rounds)
    return before > (GAIN_OF_GRADIENT if gradient else GAIN) * after


def _same(found: Tensor, plain: Tensor) -> bool:
    # Not allclose, which raises where an answer is no number; that is the same as nothing here.
    return bool(((found - plain).abs() <= SAME * plain.abs().max()).all())


def _fastest(network: nn.Module, inputs: Tensor, use: Use, progress: Progress) -> Batch:
    """The batch whose time for one picture is shortest, or near it, among those that fit."""
    gradient = _goes_back(use)
    room = MOST_BYTES / _bytes(network, inputs, gradient)
    seconds: dict[int, float] = {}  # for one picture, the shortest so far

    def tried(round_: int, size: int) -> bool:
        best = min(seconds.values(), default=0.0)
        if round_ == 0:
            return not seconds or (size <= room and size * best <= MOST_SECONDS)
        return size in seconds and (round_ < LAST_ROUND or seconds[size] <= CLOSE * best)

    steps = [(round_, size) for round_ in range(LAST_ROUND + 1) for size in BATCHES[use]]
    for number, (round_, size) in enumerate(steps):
        progress(number / len(steps))
        if tried(round_, size):
            taken = _seconds(network, examples(inputs, size, use), gradient=gradient) / size
            seconds[size] = min(taken, seconds.get(size, taken))
    best = min(seconds.values())
    return next(Batch(size, taken) for size, taken in seconds.items() if taken <= NEAR * best)


def _bytes(network: nn.Module, inputs: Tensor, gradient: bool) -> int:
    """Memory that a pass takes for each picture: what is kept for the way back, or a few of its largest tensors."""
    own = {weight.untyped_storage().data_ptr() for weight in network.parameters()}
    kept: dict[int, torch.UntypedStorage] = {}  # by address; a tensor may be kept for several operations

    def keep(tensor: Tensor) -> None:
        # The tensor itself would hold the graph that holds it, for ever.
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in own:
            kept[storage.data_ptr()] = storage

    with torch.enable_grad(), torch.autograd.graph.saved_tensors_hooks(keep, lambda nothing: nothing):
        network(inputs.clone().requires_grad_())
    sizes = [storage.nbytes() for storage in kept.values()]
    return max(1, sum(sizes) if gradient else ALIVE * max(sizes, default=0))


def _seconds(network: nn.Module, inputs: Tensor, *, gradient: bool = False) -> float:
    """Of one pass, and of the way back where a gradient is asked for."""
    started = time.perf_counter()
    if gradient:
        _gradient(network, inputs)
    else:
        with torch.no_grad():
            network(inputs)
    return time.perf_counter() - started


def _has_gradient(network: nn.Module, inputs: Tensor) -> bool:
    """Whether its logits depend on the inputs in a way that can be followed back; those of a tree do not."""
    with torch.enable_grad():
        return bool(network(inputs.requires_grad_()).requires_grad)


def _gradient(network: nn.Module, inputs: Tensor) -> Tensor:
    """Of the first logit."""
    with torch.enable_grad():
        (found,) = torch.autograd.grad(network(inputs.requires_grad_())[:, 0].sum(), inputs)
    return found
