"""Which part of the input one place of a layer sees, by the gradient of that place.

Measured, not derived: it needs no rule for what the network is made of, and tells which pixels of a picture to cut out.
`engine/receptive_field_rules.py` derives sizes instead, for all calls at once, where there is a rule for each function
on the way. Where both know a field and it lies within the picture, they agree; a test keeps it so.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from dashboard.inspection.engine.capture import channel_maps, watch
from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.nonlinearity import BY_FUNCTION
from dashboard.records.activations import ReceptiveField
from dashboard.records.network import LayerCall
from models.classifier import Classifier

# A max pool passes the gradient to one place of its window only; over several inputs and all channels it is each.
INPUTS = 4


class _Linear(TorchFunctionMode):
    """While active in this thread, activation functions hand on what they read, so that none stops the gradient."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func in BY_FUNCTION:
            return args[0] if args else (kwargs or {})["input"]
        return func(*args, **(kwargs or {}))


class _SeenError(Exception):
    """Ends a forward pass once the layer has run."""


def measure_receptive_field(classifier: Classifier, call: LayerCall) -> ReceptiveField:
    """What the place in the middle of a layer sees: the pixels at which its gradient is not zero.

    All of the input where there is no gradient.

    Args:
        classifier: shared with other threads; not changed.
        call: of a survey of the classifier's network.
    """
    preprocessing = classifier.preprocessing
    shape = (INPUTS, preprocessing.channels, *preprocessing.size)
    noise = torch.randn(shape, generator=torch.Generator().manual_seed(0)).requires_grad_()
    outputs: list[Tensor] = []

    def read(_: LayerCall, output: Tensor) -> None:
        outputs.append(channel_maps(output, call, INPUTS))
        raise _SeenError

    network = isolate(classifier.module)
    watch(network, [call], read)
    with torch.enable_grad(), _Linear():
        try:
            network(noise)
        except _SeenError:
            output = outputs[0]  # (N, C, h, w)
    grid = (int(output.shape[2]), int(output.shape[3]))
    middle = (grid[0] // 2, grid[1] // 2)
    side = preprocessing.size
    whole = ReceptiveField(side, grid, middle, (0, 0, *side))
    try:
        (gradient,) = torch.autograd.grad(output[:, :, middle[0], middle[1]].sum(), noise)
    except RuntimeError:  # there is no gradient to tell it by
        return whole
    visible = gradient.abs().sum((0, 1)) > 0  # (H, W)
    rows, columns = visible.any(1).nonzero(), visible.any(0).nonzero()
    if not len(rows):  # it depends on nothing
        return whole
    box = (int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1)
    return ReceptiveField(side, grid, middle, box)
