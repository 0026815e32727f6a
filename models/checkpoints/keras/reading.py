"""A Keras file read whole: its network and the arrays of it, in torch's order and under their names there."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import numpy as np

from models.checkpoints.keras.file import KerasFile
from models.checkpoints.keras.network import KerasNetwork
from models.checkpoints.keras.piece import Array
from models.checkpoints.keras.weights import ASIDE, fill, find_arrays, paths_by_name, paths_by_turn
from models.checkpoints.limits import LIMITS, Limits

if TYPE_CHECKING:
    from torch import Tensor


def read(
    opened: AbstractContextManager[KerasFile], limits: Limits = LIMITS
) -> tuple[KerasNetwork, dict[str, Array], tuple[str, ...]]:
    """The network of a file, its arrays by name, for `to_tensor`, and the paths of those that training keeps beside.

    Raises:
        RefusalError: if any layer cannot be translated, or any array is missing, left over or of another shape.
    """
    with opened as file:
        network = KerasNetwork.of(file.configuration, file.release)
        plan = network.plan()
        assert network.outputs
        # Among arrays that lie by the names of layers, a layer may be called so.
        arrays = find_arrays(file.group, limits, () if file.by_name else ASIDE)
        find_paths = paths_by_name if file.by_name else paths_by_turn
        paths, spare = find_paths(plan, arrays.network, file.group)
        return network, fill(plan, arrays.network, paths, spare), arrays.aside


def to_tensor(array: Array) -> Tensor:
    """An array that was read, as a tensor; two bytes of no kind are bfloat16."""
    import torch

    ordered = np.require(array, requirements=("C", "W"))
    if ordered.dtype.kind == "V":
        return torch.from_numpy(ordered.view("int16")).view(torch.bfloat16)
    return torch.from_numpy(ordered)
