"""One layer for one picture: every channel's map, and what each channel adds to the classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from dashboard.inspection.engine.capture import channel_maps, channel_sums, watch
from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.recomputation import refuse_recomputation
from dashboard.records.activations import LayerMaps
from dashboard.records.network import LayerCall
from models.classifier import Classifier

# How far a network may be from linear, relative to the largest logit, to count as linear.
ROUNDING = 1e-4


def layer_maps(
    classifier: Classifier, inputs: np.ndarray, *, call: LayerCall, classes: Sequence[int]
) -> LayerMaps:
    """The output of one call and the gradients of some logits at it, from one pass.

    Args:
        classifier: shared with other threads; not changed.
        inputs: (C, H, W), normalised.
        call: of a survey of the classifier's network.
        classes: class indices, each once.
    """
    network = isolate(classifier.module)
    batch = torch.tensor(inputs)[None]
    factor, leaves = 1.0, list[Tensor]()

    def read(_: LayerCall, output: Tensor) -> Tensor:
        # A leaf, so that the way back ends here; what follows may write in place, and gets a clone of it.
        leaves.append((factor * output.detach()).requires_grad_())
        return leaves[-1].clone()

    watch(network, [call], read)
    with torch.enable_grad(), refuse_recomputation():
        logits = network(batch)[0]
        output = leaves[0]
        influence = torch.stack([_influence(logits[index], output, call) for index in classes])  # (K, C)
    mirrored = []
    for factor in (0.0, -1.0):  # noqa: B007  # read by the hook
        with torch.no_grad():
            mirrored.append(network(batch)[0])
    none, opposite = mirrored
    scale = float(logits.detach().abs().max())
    return LayerMaps(
        call=call,
        maps=channel_maps(output.detach().float(), call, 1)[0].numpy().copy(),
        classes=np.array(classes),
        influence=influence.numpy(),
        rest=(logits.detach()[list(classes)] - influence.sum(1)).numpy(),
        # Through an affine function, opposite inputs give answers on opposite sides of that to none at all.
        exact=bool((logits.detach() + opposite - 2 * none).abs().max() <= ROUNDING * scale),
        followed=logits.requires_grad,
    )


def _influence(logit: Tensor, output: Tensor, call: LayerCall) -> Tensor:
    """Gradient times activation of each channel, (C,); nothing where the logit does not depend on the output."""
    gradient: Tensor | None = None
    if logit.requires_grad:
        (gradient,) = torch.autograd.grad(logit, output, retain_graph=True, allow_unused=True)
    if gradient is None:
        gradient = torch.zeros_like(output)
    return channel_sums((gradient * output).detach().float(), call, 1)[0]
