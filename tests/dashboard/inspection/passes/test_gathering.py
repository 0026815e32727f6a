"""Parts of several processes travel as tensors and text, and arrive merged."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from dashboard.inspection.passes.gathering import gather
from dashboard.inspection.passes.health import HealthSums, health_sums
from dashboard.inspection.passes.layer import LayerSums, layer_sums
from dashboard.inspection.passes.pool import Shard
from tests.dashboard.inspection.passes.test_layer import pool
from tests.networks import ConvNet, built, classifier, pixels, surveyed


class Others:
    """A group of processes: what the others send is known, and what this one sends is noted."""

    def __init__(self, sent: list[list[Tensor]]) -> None:
        self._sent = sent
        self.mine: list[Tensor] = []

    def gather(self, tensor: Tensor) -> list[Tensor]:
        self.mine.append(tensor)
        length = max(
            [len(tensor.flatten()), *(len(others[len(self.mine) - 1].flatten()) for others in self._sent)]
        )
        if tensor.ndim == 0:
            return [others[len(self.mine) - 1] for others in self._sent] + [tensor]
        return [
            torch.cat([sent, torch.zeros(length - len(sent), dtype=torch.uint8)])
            for sent in (*(others[len(self.mine) - 1] for others in self._sent), tensor)
        ]


def gathered(parts: list[Any], kind: Any) -> Any:
    """What the last of several processes gets, each of which has one of the parts."""
    sent: list[list[Tensor]] = []
    for part in parts:
        group = Others([])
        if part is not None:
            gather(part, kind, group)  # type: ignore[arg-type]  # a stand-in
        else:
            group.mine = [torch.tensor(0), torch.empty(0, dtype=torch.uint8)]
        sent.append(group.mine)
    return gather(parts[-1], kind, Others(sent[:-1]))  # type: ignore[arg-type]  # a stand-in


def equal(first: Any, second: Any) -> bool:
    if isinstance(first, Tensor):
        return torch.equal(first, second)
    if isinstance(first, dict):
        return first.keys() == second.keys() and all(equal(first[name], second[name]) for name in first)
    if hasattr(first, "__dict__") and type(first) is type(second):
        return equal(vars(first) | {"functions": ()}, vars(second) | {"functions": ()})
    return bool(first == second)


def test_sums_of_a_layer_are_merged_bit_by_bit():
    of, pictures = classifier(built(ConvNet)), pool(300)
    call = surveyed(of, pixels()).find("conv1")
    assert call is not None
    parts = [layer_sums(of, call, pictures, shard=Shard(rank, 2))[0] for rank in (0, 1)]
    assert parts[0] is not None and parts[1] is not None
    assert equal(gathered(parts, LayerSums), parts[0].merge(parts[1]))


def test_sums_of_a_network_with_its_activation_functions_and_a_process_without_pictures():
    of, pictures = classifier(built(ConvNet)), pool(64)
    mine = health_sums(of, pictures, surveyed(of, pixels()))
    found = gathered([None, mine], HealthSums)
    assert equal(found, mine)
    assert {function.title for function in found.functions.values()} == {"ReLU"}
