"""Floating point operations of what runs in this thread, by torch's own formulas."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

# Fused attention on a CPU has no formula in torch's table; it makes the products of fused attention on a GPU.
_FORMULAS = {
    **flop_registry,
    torch.ops.aten._scaled_dot_product_flash_attention_for_cpu: flop_registry[
        torch.ops.aten._scaled_dot_product_flash_attention
    ],
}


class FlopCounter(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch does not annotate it
    """Adds up the floating point operations of this thread: convolutions and matrix products.

    torch's FlopCounterMode hangs hooks on the modules of the whole process, other visitors' included.

    Attributes:
        total: so far; a multiplication and its addition count as two.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.total = 0

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Nothing is compiled here, and to tell torch's compiler to skip this would import it."""
        return False

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        output = func(*args, **(kwargs or {}))
        formula = _FORMULAS.get(func.overloadpacket)
        if formula is not None:
            self.total += formula(*args, **(kwargs or {}), out_val=output)
        return output


def count_flops(network: nn.Module, inputs: Tensor) -> int:
    """Floating point operations of a fresh network's answer; draws nothing, and leaves it in train mode.

    Args:
        network: whose parts are all in the same mode.
        inputs: that it answers. On the device "meta" torch would load what takes longer than the answer.

    Raises:
        RuntimeError: where it cannot read such inputs.
    """
    training = network.training
    network.eval()
    try:
        with torch.no_grad(), FlopCounter() as counter:
            network(inputs)
    finally:
        network.train(training)
    return int(counter.total)
