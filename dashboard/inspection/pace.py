"""The memory layout that a network computes fastest in: measured once for each network, and shared."""

from __future__ import annotations

import threading
import time
from typing import Any

import torch
from torch import Tensor, nn

from dashboard.inspection.isolation import isolated
from models.classifier import Classifier

PICTURES = 2
ROUNDS = 2
# A network this quick has nothing to gain that anyone would notice.
SHORT_SECONDS = 0.01
# A smaller gain may be chance, and layers that do not know the layout lose it again.
GAIN = 1.1
# How far the logits of both layouts may be apart, relative to the largest.
SAME = 1e-4

_LOCK = threading.Lock()
_CHOSEN: dict[tuple[str, str, torch.Size], bool] = {}


def turned(network: nn.Module, classifier: Classifier, inputs: Tensor) -> nn.Module:
    """The same private network, which from now on computes channels last where that was measured to be faster.

    It turns what it is given, and each layer hands the layout on to the next. The weights stay where they are.

    Args:
        network: a private copy of the classifier's.
        classifier: shared; not changed.
        inputs: (1, C, H, W), normalised.
    """
    if channels_last(classifier, inputs):
        network.register_forward_pre_hook(_turn)
    return network


def channels_last(classifier: Classifier, inputs: Tensor) -> bool:
    """Whether a network is faster on inputs of that size in channels-last layout.

    Both layouts agree to rounding only, so everybody gets the layout that was measured first.
    """
    key = (classifier.name, classifier.weights.digest, inputs.shape)
    # Measured in turns: two at once would measure each other.
    with _LOCK:
        if key not in _CHOSEN:
            _CHOSEN[key] = _is_faster(isolated(classifier.module), inputs)
        return _CHOSEN[key]


def _turn(network: nn.Module, args: tuple[Any, ...]) -> tuple[Any, ...]:
    return (args[0].contiguous(memory_format=torch.channels_last), *args[1:])


@torch.no_grad()
def _is_faster(network: nn.Module, inputs: Tensor) -> bool:
    first = inputs.repeat(PICTURES, 1, 1, 1)
    plain = network(first)
    if _seconds(network, first) < SHORT_SECONDS:
        return False
    last = first.contiguous(memory_format=torch.channels_last)
    try:
        logits = network(last)
    except RuntimeError:  # a network that flattens with `view` needs channels first
        return False
    if not torch.allclose(logits, plain, rtol=0, atol=SAME * float(plain.abs().max())):
        return False
    rounds = [(_seconds(network, first), _seconds(network, last)) for _ in range(ROUNDS)]
    return min(turn[0] for turn in rounds) > GAIN * min(turn[1] for turn in rounds)


def _seconds(network: nn.Module, inputs: Tensor) -> float:
    started = time.perf_counter()
    network(inputs)
    return time.perf_counter() - started
