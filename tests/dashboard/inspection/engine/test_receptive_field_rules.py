"""Receptive fields against brute force (which pixels a place's gradient reaches) and published numbers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from dashboard.inspection.architecture.trace import architecture
from models.runtime.randomness import fork_rng
from tests.networks import ChannelsLast, built

SIDE = 41


class Body(nn.Module):
    """Layers that keep a grid, all weights positive so that no path cancels another, then a dense head."""

    def __init__(self, *layers: nn.Module) -> None:
        super().__init__()
        self.body = nn.Sequential(*layers)
        for parameter in self.parameters():
            nn.init.uniform_(parameter, 0.5, 1.0)

    def forward(self, inputs: Tensor) -> Tensor:
        maps: Tensor = self.body(inputs)
        return maps.flatten(1)


class Residual(nn.Module):
    def __init__(self, inner: nn.Module, skip: nn.Module | None = None) -> None:
        super().__init__()
        self.inner = inner
        self.skip = skip or nn.Identity()

    def forward(self, maps: Tensor) -> Tensor:
        added: Tensor = self.inner(maps) + self.skip(maps)
        return added


class Branches(nn.Module):
    def __init__(self, *branches: nn.Module) -> None:
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, maps: Tensor) -> Tensor:
        return torch.cat([branch(maps) for branch in self.branches], 1)


class Padded(nn.Module):
    def forward(self, maps: Tensor) -> Tensor:
        return functional.avg_pool2d(functional.pad(maps, (0, 1, 2, 3)), 3, stride=1)


class Shuffled(nn.Module):
    """Channels in two groups, as ShuffleNet exchanges them."""

    def forward(self, maps: Tensor) -> Tensor:
        n, channels, height, width = maps.shape
        grouped = maps.view(n, 2, channels // 2, height, width).transpose(1, 2).contiguous()
        return torch.cat(grouped.view(n, -1, height, width).chunk(2, dim=1), dim=1)


class Turned(nn.Module):
    """A linear layer over channels, which come last meanwhile, as ConvNeXt does."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(2, 2)

    def forward(self, maps: Tensor) -> Tensor:
        turned: Tensor = self.linear(maps.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        return turned


def conv(kernel: int, channels: int = 1, filters: int = 1, **options: object) -> nn.Conv2d:
    return nn.Conv2d(channels, filters, kernel, **options)  # type: ignore[arg-type]  # as named


BODIES: dict[str, Callable[[], tuple[nn.Module, ...]]] = {
    "one convolution": lambda: (conv(3),),
    "padding does not widen": lambda: (conv(5, padding=2),),
    "same padding": lambda: (conv(5, padding="same"), conv(3)),
    "dilation": lambda: (conv(3, dilation=3), conv(3)),
    "strides": lambda: (conv(3, stride=2), conv(3, stride=2), conv(3)),
    "different sides": lambda: (nn.Conv2d(1, 1, (3, 5), stride=(1, 2)), nn.Conv2d(1, 1, (1, 3))),
    "mean pool": lambda: (conv(3), nn.AvgPool2d(3, 2), conv(3)),
    "adaptive pool": lambda: (conv(2), nn.AdaptiveAvgPool2d(10), conv(3)),
    "global pool": lambda: (conv(3, stride=2), nn.AdaptiveAvgPool2d(1)),
    "skip": lambda: (conv(3), Residual(nn.Sequential(conv(3, padding=1), nn.ReLU(), conv(3, padding=1)))),
    "skip with a stride": lambda: (Residual(conv(3, stride=2, padding=1), conv(1, stride=2)), conv(3)),
    "branches": lambda: (Branches(conv(1), conv(5, padding=2), nn.AvgPool2d(3, 1, 1)), conv(3, channels=3)),
    "branches that lie apart": lambda: (
        Branches(nn.Sequential(nn.ZeroPad2d((4, -4, 0, 0)), conv(1)), conv(3, padding=1)),
        conv(1, channels=2),
    ),
    "groups": lambda: (conv(3, filters=2), nn.Conv2d(2, 2, 3, groups=2), nn.BatchNorm2d(2).eval()),
    "pad by a function": lambda: (conv(3), Padded(), conv(2, stride=2)),
    "shuffled channels": lambda: (conv(3, filters=4), Shuffled(), conv(3, channels=4)),
    "channels last meanwhile": lambda: (conv(3, filters=2), Turned(), conv(3, channels=2)),
}  # fmt: skip


def reached(network: nn.Module) -> tuple[int, int]:
    """Height and width of the pixels that the middle place of the body's output depends on."""
    inputs = torch.rand(1, 1, SIDE, SIDE, generator=torch.Generator().manual_seed(0)).requires_grad_()
    with torch.enable_grad():
        maps = network.body(inputs)  # type: ignore[operator]  # a module
        middle = maps[0, :, maps.shape[2] // 2, maps.shape[3] // 2].sum()
        (gradient,) = torch.autograd.grad(middle, inputs)
    rows, columns = gradient[0, 0].nonzero(as_tuple=True)
    return int(rows.max() - rows.min()) + 1, int(columns.max() - columns.min()) + 1


@pytest.mark.parametrize("name", BODIES)
def test_the_field_is_what_the_gradient_reaches(name):
    network = built(lambda: Body(*BODIES[name]()))
    found = architecture(network, torch.rand(1, 1, SIDE, SIDE)).find("body")
    assert found is not None
    assert found.receptive_field == reached(network)


@pytest.mark.parametrize("seed", range(8))
def test_random_networks_agree_with_brute_force(seed):
    draw = torch.Generator().manual_seed(seed)

    def pick(*choices: int) -> int:
        return choices[int(torch.randint(len(choices), (1,), generator=draw))]

    def layer() -> nn.Module:
        kernel = pick(1, 2, 3)
        kinds: list[Callable[[], nn.Module]] = [
            lambda: conv(kernel, stride=pick(1, 2), padding=kernel // 2, dilation=pick(1, 2)),
            lambda: nn.AvgPool2d(kernel, pick(1, 2)),
            lambda: Residual(conv(3, padding=1)),
            lambda: nn.Sequential(Branches(conv(1), conv(3, padding=1)), conv(1, channels=2)),
        ]
        return kinds[pick(0, 1, 2, 3)]()

    with fork_rng(seed):
        network = Body(*(layer() for _ in range(4))).eval()
    found = architecture(network, torch.rand(1, 1, SIDE, SIDE)).find("body")
    assert found is not None and found.receptive_field == reached(network)


def fields(name: str, side: int = 224) -> dict[str, tuple[int, int] | None]:
    from torchvision.models import get_model

    network = built(lambda: get_model(name, weights=None))
    return {
        call.name: call.receptive_field for call in architecture(network, torch.zeros(1, 3, side, side)).calls
    }


@pytest.mark.parametrize(
    ("name", "layer", "size"),
    [
        # Araujo, Norris and Sim, Computing receptive fields of convolutional neural networks, 2019.
        ("alexnet", "features", 195),
        ("vgg16", "features", 212),
        # By hand: 7/2 stem and 3/2 pool see 11 at stride 4; each basic block adds 4 strides; strided ones 3 half ones.
        ("resnet18", "layer1", 43),
        ("resnet18", "layer2", 99),
        ("resnet18", "layer3", 211),
        ("resnet18", "layer4", 435),
        # torchvision's strides are in the 3 x 3 convolutions.
        ("resnet50", "layer4", 427),
        ("mobilenet_v2", "features", 491),
    ],
)
def test_published_and_hand_made_numbers(name, layer, size):
    assert fields(name, side=64)[layer] == (size, size)


def test_lite0_by_the_textbook_recurrence(embedded):
    """Lite0 is a chain but for its identity skips, so kernel and stride of each convolution settle it."""
    module = embedded("efficientnet_lite0").module
    size, jump = 1, 1
    for name, layer in module.named_modules():
        if isinstance(layer, nn.Conv2d) and name != "conv_head":
            size += (layer.kernel_size[0] - 1) * jump
            jump *= layer.stride[0]
    found = architecture(module, torch.zeros(1, 3, 224, 224))
    call = found.find("blocks")
    assert call is not None and call.receptive_field == (size, size)
    assert jump == 32


class Gated(nn.Module):
    """A map times what its own mean says."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = conv(3, padding=1)
        self.gate = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Sigmoid())
        self.last = conv(3)

    def forward(self, inputs: Tensor) -> Tensor:
        maps = self.conv(inputs)
        logits: Tensor = self.last(maps * self.gate(maps)).flatten(1)
        return logits


@pytest.mark.parametrize(
    ("network", "known", "unknown"),
    [
        (Gated, "conv", "last"),
        (lambda: Body(conv(3), nn.Flatten(), nn.Linear(39 * 39, 3)), "body.0", "body.2"),
        (lambda: Body(conv(3), nn.GroupNorm(1, 1), conv(3)), "body.0", "body.1"),
        (lambda: Body(conv(3), nn.LayerNorm([39, 39])), "body.0", "body.1"),
        (lambda: Body(conv(3), nn.AdaptiveAvgPool2d(7)), "body.0", "body.1"),
        (lambda: Body(conv(3), nn.ConvTranspose2d(1, 1, 2)), "body.0", "body.1"),
        (lambda: Body(conv(3), nn.Upsample(scale_factor=2)), "body.0", "body.1"),
    ],
    ids=[
        "gate",
        "dense",
        "group norm",
        "layer norm over the grid",
        "uneven windows",
        "transposed",
        "upsampled",
    ],
)
def test_where_there_is_no_one_field_there_is_none(network, known, unknown):
    found = architecture(built(network), torch.rand(1, 1, SIDE, SIDE))
    before, behind = found.find(known), found.find(unknown)
    assert before is not None and before.receptive_field == (3, 3)
    assert behind is not None and behind.receptive_field is None


def test_channels_last_keep_theirs():
    found = architecture(built(ChannelsLast), torch.rand(1, 1, 8, 8))
    assert [found.find(name).receptive_field for name in ("embed", "norm", "mlp.2")] == [(2, 2)] * 3  # type: ignore[union-attr]
