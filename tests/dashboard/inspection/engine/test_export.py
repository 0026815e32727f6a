"""What is written down of a network computes what the network does, and what cannot be is left to torch."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from dashboard.inspection.engine.export import export
from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.local_stages import local_stages
from tests.networks import ConvNet, built


def pictures(count: int = 2, seed: int = 0) -> Tensor:
    return torch.randn(count, 3, 16, 16, generator=torch.Generator().manual_seed(seed))


def layers() -> nn.Sequential:
    convolutions = nn.Conv2d(3, 4, 3, 2, 1), nn.ReLU(inplace=True), nn.Conv2d(4, 6, 3, 2, 1)
    return nn.Sequential(*convolutions, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(6, 5))


class Deciding(nn.Sequential):
    """Goes another way where its picture is dark, which one pass does not show."""

    def forward(self, inputs: Tensor) -> Tensor:
        logits: Tensor = super().forward(inputs)
        return logits if self.bright(inputs) else -logits

    def bright(self, inputs: Tensor) -> bool:
        return bool(inputs.mean() > -1)


class Listing(Deciding):
    def bright(self, inputs: Tensor) -> bool:
        return bool(max(inputs.flatten().tolist()) > 0)


class Leaving(Deciding):
    def bright(self, inputs: Tensor) -> bool:
        return bool(inputs.numpy().max() > 0)


class Unknown(nn.Module):
    """Does what has no form in ONNX."""

    def forward(self, inputs: Tensor) -> Tensor:
        values: Tensor = torch.special.bessel_j0(inputs.mean((2, 3)))
        return values


@pytest.mark.parametrize("count", [1, 2, 5])
def test_it_gives_the_same_for_any_number_of_pictures(count):
    network = built(layers)
    chain = export(isolate(network), pictures())
    assert chain is not None and len(chain.sessions) == 1 and chain.nbytes > 4 * 5 * 6
    with torch.no_grad():
        torch.testing.assert_close(chain(pictures(count, 1)), network(pictures(count, 1)))


def test_a_head_that_hangs_on_the_network_is_a_part_of_it():
    network = built(layers)
    network.register_forward_hook(lambda network, args, output: 3 * output)
    chain = export(isolate(network), pictures())
    assert chain is not None
    with torch.no_grad():
        torch.testing.assert_close(chain(pictures(3, 1)), network(pictures(3, 1)))


def test_it_is_cut_at_stages_and_takes_parts_between_them():
    network = built(layers)
    stages = local_stages(network, pictures(1))
    chain = export(isolate(network), pictures(), stages)
    assert chain is not None and len(chain.sessions) == len(stages) + 1
    with torch.no_grad():
        torch.testing.assert_close(chain(pictures(3, 1)), network(pictures(3, 1)))
        part = pictures(3, 1)[:, :, :6, :10]
        torch.testing.assert_close(
            chain.sessions[0](part), network[: int(stages[0].layer) + 1](part), rtol=1e-4, atol=1e-6
        )


@pytest.mark.parametrize(
    "network",
    [
        *(lambda kind=kind: kind(*layers()) for kind in (Deciding, Listing, Leaving)),
        Unknown,
        lambda: layers().half(),
        lambda: layers().double(),
        lambda: ConvNet(channels=4),
    ],
    ids=["decides", "lists", "leaves torch", "unknown", "half", "double", "does not run"],
)
def test_what_cannot_be_written_down_is_left_to_torch(network: Callable[[], nn.Module]):
    assert export(built(network), pictures()) is None
