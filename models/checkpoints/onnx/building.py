"""A graph as a module of torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.checkpoints.limits import RefusalError
from models.checkpoints.onnx.black_box import BlackBox

if TYPE_CHECKING:
    from torch import nn

    from models.checkpoints.onnx.network import OnnxNetwork


def build(network: OnnxNetwork, size: tuple[int, int] | None = None) -> nn.Module:
    """A network, its weights not worth anything; of a black box without any.

    Raises:
        RefusalError: if it takes no pictures of that height and width.
    """
    if size is not None and size != network.given[1:] and not network.free:
        _, height, width = network.given
        raise RefusalError(
            f"reads pictures of {height} x {width} and no others; say that size under Your checkpoint, or export it "
            "for the other one"
        )
    return BlackBox(network, size)
