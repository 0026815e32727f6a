"""What a layer says of a picture and how the explained quantity hangs on it: what class activation maps are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.inspection.attribution.method import Task

if TYPE_CHECKING:
    from torch import Tensor


def activations_and_gradients(task: Task) -> tuple[Tensor, Tensor]:
    """The output of the task's layer and its gradient, both (1, C, h, w), from one pass."""
    import torch

    read: list[Tensor] = []

    with task.tap().register_forward_hook(lambda *call: read.append(call[2])):
        explained = task.explained(task.inputs.clone().requires_grad_())
    (gradient,) = torch.autograd.grad(explained.sum(), read[0])
    return read[0].detach(), gradient
