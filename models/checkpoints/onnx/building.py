"""A graph as a module of torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn

from models.checkpoints.limits import RefusalError
from models.checkpoints.onnx.black_box import BlackBox
from models.checkpoints.onnx.operators import Array, UntranslatedError
from models.checkpoints.onnx.translation import check, translate

if TYPE_CHECKING:
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
    if network.opaque:
        return BlackBox(network, size)
    try:
        return translate(network, {}, size).module
    except UntranslatedError as error:
        raise RefusalError(f"cannot be put together for pictures of that size: {error}") from error


def settle(network: OnnxNetwork, tensors: Mapping[str, Array]) -> tuple[OnnxNetwork, Mapping[str, Array]]:
    """Translate a network where that gives what ONNX Runtime gives; else it is a black box, and says why.

    ONNX Runtime computes it in this process, which must be bounded.

    Args:
        network: whose sizes were bounded.
        tensors: of its graph, by name.

    Returns:
        The network, and its tensors under the names that they have then.

    Raises:
        RefusalError: if ONNX Runtime cannot compute it.
    """
    if network.opaque:
        return network, tensors
    try:
        translation = translate(network, tensors)
        state = {
            name: torch.from_numpy(np.require(array, requirements=("C", "W")))
            for name, array in translation.tensors.items()
        }
        translation.module.load_state_dict(state, assign=True)
        translation.module.eval()
        check(network, tensors, translation)
    except UntranslatedError as why:
        return replace(network, opaque=str(why)), tensors
    return network, translation.tensors
